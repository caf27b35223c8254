package dev.simul.jobs;

/**
 * How many jobs of a key may be queued or run at a time, over all queues; RQ's {@code RateLimit}, known since RQ 3.0.
 *
 * @param key what the jobs have in common
 * @param concurrency how many at a time, at least 1; the one last enqueued decides
 */
public record RateLimit(String key, int concurrency) {
    /** Checks the number. */
    public RateLimit {
        Names.require("a rate limit's key", key);
        if (concurrency < 1) {
            throw new InvalidSettingException("a rate limit's concurrency", "must be at least 1", concurrency);
        }
    }
}
