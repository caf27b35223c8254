package dev.simul.jobs.internal.worker;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How one execution ended. */
sealed interface Outcome {
    ReservedJob job();

    Instant started();

    Instant ended();

    /** The function returned; its value in the serializer of the job, null for none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Finished(ReservedJob job, Instant started, Instant ended, long resultTtlSeconds, byte @Nullable [] value)
            implements Outcome {}

    /**
     * The function raised or could not be called; retrying helps only in the first case.
     *
     * @param error what callbacks and exception handlers are told; null if they are not called, as in RQ when the process
     *     of a job has died
     */
    record Failed(
            ReservedJob job,
            Instant started,
            Instant ended,
            String text,
            boolean retryable,
            @Nullable Throwable error) implements Outcome {}

    /** The function has returned a Retry: another attempt, unless there were as many as that allows. */
    record Retried(ReservedJob job, Instant started, Instant ended, RetryRequest request) implements Outcome {}

    /** Somebody has stopped the job: no other attempt, and no dependents. */
    record Stopped(ReservedJob job, Instant started, Instant ended, String text) implements Outcome {}

    /** The run was broken off for no fault of the job: back to the front of its queue. */
    record Requeued(ReservedJob job, Instant started, Instant ended) implements Outcome {}
}
