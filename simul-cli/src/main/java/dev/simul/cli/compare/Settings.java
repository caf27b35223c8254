package dev.simul.cli.compare;

import java.util.Optional;

/**
 * What every way is told.
 *
 * @param concurrency how many units may be under way at once
 * @param redisUrl a Redis that is there already; empty to start one
 */
record Settings(WorkSpec work, int concurrency, Optional<String> redisUrl) {
    static final int MOST_CONCURRENCY = 1000;
}
