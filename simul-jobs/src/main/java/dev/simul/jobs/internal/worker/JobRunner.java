package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RqJson;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** Runs one reserved job in a thread and says how it ended. */
final class JobRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final JobFunctions functions;
    private final Consumer<Outcome> done;
    private final ExecutorService threads;
    private final ScheduledThreadPoolExecutor clock;

    /**
     * Prepares threads; none is started before there is work.
     *
     * @param done gets every outcome, in the thread that ran the job
     */
    JobRunner(JobFunctions functions, int concurrency, Consumer<Outcome> done) {
        this.functions = functions;
        this.done = done;
        var pool = new ThreadPoolExecutor(
                concurrency,
                concurrency,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("simul-job-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("simul-job-clock").factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    void start(ReservedJob job) {
        threads.execute(() -> done.accept(run(job)));
    }

    private Outcome run(ReservedJob job) {
        var started = Instant.now();
        try {
            long resultTtl = job.resultTtlSeconds();
            long timeout = job.timeoutSeconds();
            var call = job.payload().call();
            var method = functions.find(job.id(), call.function());
            var arguments = method.arguments(call);
            return call(job, method, arguments, timeout, resultTtl);
        } catch (UnrunnableJobException e) {
            LOG.log(Level.WARNING, "job {0} cannot be run: {1}", job.id(), e.getMessage());
            return new Outcome.Failed(job, started, Instant.now(), String.valueOf(e.getMessage()), false);
        }
    }

    private Outcome call(
            ReservedJob job, JobMethod method, @Nullable Object[] arguments, long timeoutSeconds, long resultTtl) {
        var started = Instant.now();
        try (var limit = new TimeLimit(clock, timeoutSeconds)) {
            try {
                var value = method.invoke(arguments);
                return new Outcome.Finished(job, started, Instant.now(), resultTtl, json(job, value));
            } catch (Throwable e) { // whatever a user's function throws is an outcome
                var error = limit.isOver() ? timedOut(timeoutSeconds, e) : e;
                LOG.log(Level.WARNING, "job {0} failed in {1}: {2}", job.id(), method, error);
                return new Outcome.Failed(job, started, Instant.now(), FailureText.of(error), true);
            }
        }
    }

    private static Throwable timedOut(long seconds, Throwable cause) {
        var error = new TimeoutException("Task exceeded maximum timeout value (" + seconds + " seconds)");
        error.initCause(cause);
        return error;
    }

    /** The value in JSON; as in RQ, one that has no such form does not make the job fail. */
    private static @Nullable String json(ReservedJob job, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return RqJson.text(value);
        } catch (JacksonException e) {
            LOG.log(Level.WARNING, "job {0} returned a {1}, which JSON cannot express", job.id(), value.getClass());
            return RqJson.text("Unserializable return value");
        }
    }

    /** Text for Redis: standard base64 in one line. */
    static String base64(byte[] bytes) {
        return new String(Base64.getEncoder().encode(bytes), StandardCharsets.ISO_8859_1);
    }

    /** Waits for the end of every job that was started; no more may be. */
    void awaitEnd() throws InterruptedException {
        threads.shutdown();
        threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        threads.shutdown();
        clock.shutdownNow();
    }
}
