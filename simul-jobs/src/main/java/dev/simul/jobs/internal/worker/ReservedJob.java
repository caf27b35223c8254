package dev.simul.jobs.internal.worker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job that this worker has taken and nobody else runs, as it stands in Redis.
 *
 * <p>The three limits are seconds as text, null if the job does not say.
 */
record ReservedJob(
        String queue,
        String id,
        String executionId,
        Instant reserved,
        Payload payload,
        @Nullable String timeout,
        @Nullable String resultTtl,
        @Nullable String failureTtl,
        JobExtras extras) {

    private static final long DEFAULT_TIMEOUT = 180;
    private static final long DEFAULT_RESULT_TTL = 500;
    private static final long DEFAULT_FAILURE_TTL = 31_536_000;

    /** Seconds the function may run, -1 for no limit. */
    long timeoutSeconds() throws UnrunnableJobException {
        var seconds = seconds("timeout", timeout, DEFAULT_TIMEOUT);
        return seconds == 0 ? DEFAULT_TIMEOUT : seconds; // 0 is refused when enqueueing; RQ's workers take it like this
    }

    /** Seconds to keep the result, -1 for ever, 0 not at all. */
    long resultTtlSeconds() throws UnrunnableJobException {
        return seconds("result_ttl", resultTtl, DEFAULT_RESULT_TTL);
    }

    /** Seconds to keep the failure, -1 for ever, 0 not at all; the default if the field is no number. */
    long failureTtlSeconds() {
        try {
            return seconds("failure_ttl", failureTtl, DEFAULT_FAILURE_TTL);
        } catch (UnrunnableJobException e) {
            return DEFAULT_FAILURE_TTL;
        }
    }

    /** Seconds without a heartbeat after which others may take the job for abandoned. */
    long aliveSeconds(long interval) {
        try {
            long seconds = timeoutSeconds();
            return 60 + (seconds < 0 ? interval : Math.min(seconds, interval));
        } catch (UnrunnableJobException e) {
            return 60 + interval;
        }
    }

    private static long seconds(String field, @Nullable String text, long otherwise) throws UnrunnableJobException {
        if (text == null || text.isEmpty()) {
            return otherwise;
        }
        try {
            return Math.max(-1, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new UnrunnableJobException(
                    "Field " + field + " of the job must be whole seconds or -1, was '" + text + "'.");
        }
    }
}
