package dev.simul.jobs;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link SimulJob} says of the jobs of its function.
 *
 * @param options what holds for a job that does not say it itself
 * @param queue where it goes if nobody names a queue; empty if the function does not care
 */
record DeclaredOptions(JobOptions options, Optional<String> queue) {
    static final DeclaredOptions NONE = new DeclaredOptions(JobOptions.DEFAULTS, Optional.empty());

    /**
     * Reads the annotation.
     *
     * @throws IllegalArgumentException if it says what cannot be; the text names the method
     */
    static DeclaredOptions of(SimulJob job, Method method) {
        try {
            return of(job);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("@SimulJob of " + method + ": " + e.getMessage(), e);
        }
    }

    private static DeclaredOptions of(SimulJob job) {
        var o = JobOptions.DEFAULTS;
        o = job.timeout().isEmpty() ? o : o.timeout(job.timeout());
        o = job.ttl().isEmpty() ? o : o.ttl(JobOptions.duration("ttl", job.ttl()));
        o = job.resultTtl().isEmpty() ? o : o.resultTtl(JobOptions.duration("resultTtl", job.resultTtl()));
        o = job.failureTtl().isEmpty() ? o : o.failureTtl(JobOptions.duration("failureTtl", job.failureTtl()));
        o = job.description().isEmpty() ? o : o.description(job.description());
        o = job.onSuccess().isEmpty() ? o : o.onSuccess(Callback.of(job.onSuccess()));
        o = job.onFailure().isEmpty() ? o : o.onFailure(Callback.of(job.onFailure()));
        o = job.onStopped().isEmpty() ? o : o.onStopped(Callback.of(job.onStopped()));
        if (job.retries() != 0) {
            o = o.retry(new Retry(job.retries(), intervals(job.retryIntervals()), false));
        } else if (job.retryIntervals().length > 0) {
            throw new IllegalArgumentException("retryIntervals needs retries, the number of further attempts");
        }
        if (!job.queue().isEmpty()) {
            Names.requireQueue(job.queue());
        }
        return new DeclaredOptions(o, Optional.of(job.queue()).filter(queue -> !queue.isEmpty()));
    }

    private static List<Duration> intervals(String... texts) {
        return texts.length == 0
                ? List.of(Duration.ZERO)
                : Arrays.stream(texts)
                        .map(text -> JobOptions.duration("retryIntervals", text))
                        .toList();
    }
}
