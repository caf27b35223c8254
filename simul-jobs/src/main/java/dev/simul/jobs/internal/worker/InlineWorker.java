package dev.simul.jobs.internal.worker;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobMiddleware;
import dev.simul.jobs.internal.redis.Ending;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Runs jobs in the caller's thread, from the bytes that would have gone to Redis to the bytes that would come back. */
public final class InlineWorker {
    private final JobFunctions functions;
    private final List<JobMiddleware> middleware;

    /**
     * Prepares.
     *
     * @throws IllegalArgumentException if a class has no {@link dev.simul.jobs.SimulJob} method
     */
    public InlineWorker(Collection<Class<?>> functions, List<JobMiddleware> middleware) {
        this.functions = JobFunctions.of(functions);
        this.middleware = middleware;
    }

    /**
     * Runs a job once.
     *
     * @param data the call, in one of RQ's serializers
     */
    public Ending run(CurrentJob job, byte[] data) {
        var reserved = new ReservedJob(
                job.queue(),
                job.id(),
                job.executionId(),
                Instant.now(),
                new Payload(data),
                null,
                null,
                null,
                JobExtras.NONE);
        try {
            var call = JobCall.of(reserved, functions, null);
            var chain = new RunChain(middleware, job, call, call::run);
            return new Ending.Returned(JobScope.within(job, chain::run));
        } catch (UnrunnableJobException e) {
            return new Ending.Raised(String.valueOf(e.getMessage()));
        } catch (Exception | AssertionError e) {
            return new Ending.Raised(FailureText.of(e));
        }
    }
}
