package dev.simul.jobs;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a job is to be treated; what is not said is decided by the worker, as in RQ.
 *
 * <p>Durations count whole seconds in Redis and are rounded up. {@link #FOREVER} means no limit.
 *
 * @param timeout how long the function may run, at least one second; 180 seconds if not said
 * @param resultTtl how long the job and its result are kept after success (worker's default: 500 s); zero discards both
 * @param failureTtl how long the job and its traceback are kept after failure (worker's default: a year)
 * @param ttl how long the job may wait before it vanishes unrun; without limit if not said
 * @param description a line for humans; the call itself if not said
 * @param id the job's id, letters, digits, {@code _} and {@code -}; a random UUID if not said. Enqueueing the id of a
 *     job that still waits overwrites that job, as in RQ
 * @param atFront whether the job goes to the front of the queue
 * @param meta values to keep with the job; must be expressible in JSON
 */
public record JobOptions(
        Duration timeout,
        @Nullable Duration resultTtl,
        @Nullable Duration failureTtl,
        @Nullable Duration ttl,
        @Nullable String description,
        @Nullable String id,
        boolean atFront,
        Map<String, ?> meta) {

    /** No limit. */
    public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** What RQ assumes: a timeout of 180 seconds and nothing else. */
    public static final JobOptions DEFAULTS =
            new JobOptions(Duration.ofMinutes(3), null, null, null, null, null, false, Map.of());

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

    /** Checks every value against what RQ accepts. */
    public JobOptions {
        requireAtLeast("timeout", Duration.ofSeconds(1), timeout);
        requireAtLeast("resultTtl", Duration.ZERO, resultTtl);
        requireAtLeast("failureTtl", Duration.ZERO, failureTtl);
        requireAtLeast("ttl", Duration.ofSeconds(1), ttl);
        if (id != null && !ID.matcher(id).matches()) {
            throw new IllegalArgumentException("a job id consists of letters, digits, '_' and '-', was '" + id
                    + "'; Python workers refuse others");
        }
        meta = Map.copyOf(meta);
    }

    private static void requireAtLeast(String name, Duration least, @Nullable Duration value) {
        if (value != null && value.compareTo(least) < 0) {
            throw new IllegalArgumentException(
                    name + " must be at least " + least.toSeconds() + " s or FOREVER, was " + value);
        }
    }

    /** These options with another time limit for the function. */
    public JobOptions timeout(Duration timeout) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with another life time for the result. */
    public JobOptions resultTtl(Duration resultTtl) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with another life time for a failure. */
    public JobOptions failureTtl(Duration failureTtl) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with a limit to how long the job may wait. */
    public JobOptions ttl(Duration ttl) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with a line for humans. */
    public JobOptions description(String description) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with a job id of one's own. */
    public JobOptions id(String id) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with the front of the queue as the job's place. */
    public JobOptions atFront(boolean atFront) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }

    /** These options with values to keep with the job. */
    public JobOptions meta(Map<String, ?> meta) {
        return new JobOptions(timeout, resultTtl, failureTtl, ttl, description, id, atFront, meta);
    }
}
