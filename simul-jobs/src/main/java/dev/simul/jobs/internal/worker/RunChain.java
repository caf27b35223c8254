package dev.simul.jobs.internal.worker;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobMiddleware;
import dev.simul.jobs.internal.redis.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One run of a job, on its way through the middleware. */
final class RunChain implements JobMiddleware.Run {
    private final List<JobMiddleware> middleware;
    private final CurrentJob job;
    private final JobCall call;
    private final Callable<byte @Nullable []> function;
    private byte @Nullable [] value;
    private int next;
    private boolean done;

    RunChain(List<JobMiddleware> middleware, CurrentJob job, JobCall call, Callable<byte @Nullable []> function) {
        this.middleware = middleware;
        this.job = job;
        this.call = call;
        this.function = function;
    }

    byte @Nullable [] run() throws Exception {
        proceed();
        return value;
    }

    @Override
    public CurrentJob job() {
        return job;
    }

    @Override
    public String function() {
        return call.method().name();
    }

    @Override
    public Optional<Duration> waited() {
        var reserved = call.job().reserved();
        return Optional.ofNullable(call.job().extras().enqueuedAt())
                .flatMap(Fields::parsed)
                .map(enqueued -> enqueued.isAfter(reserved) ? Duration.ZERO : Duration.between(enqueued, reserved));
    }

    @Override
    public void proceed() throws Exception {
        if (next < middleware.size()) {
            var one = middleware.get(next++);
            one.run(this);
            if (!done) {
                throw new IllegalStateException(one.getClass().getName()
                        + ".run returned without proceed(): call it, or throw what the job is to fail with");
            }
        } else if (done) {
            throw new IllegalStateException("a middleware has called proceed() twice: the function has run");
        } else {
            done = true;
            value = function.call();
        }
    }
}
