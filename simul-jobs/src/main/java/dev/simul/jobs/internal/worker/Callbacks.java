package dev.simul.jobs.internal.worker;

import dev.simul.jobs.ExceptionHandler;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.RedisUnavailableException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls what a job and its worker want called at the end of an attempt, before that end is written.
 *
 * <p>The order is RQ's: a success callback that fails makes the job fail; a failure callback that fails replaces the
 * failure; then come the worker's exception handlers. An attempt for which nothing is to be called goes straight on.
 * Others wait in threads of their own, so that outcomes from an event loop do not hold that up. When the time of a
 * callback is over its thread is interrupted and left alone, and its job goes on.
 */
final class Callbacks implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final long HANDLER_SECONDS = 60;
    private static final long FOREVER_SECONDS = TimeUnit.DAYS.toSeconds(365);

    private final JobFunctions functions;
    private final List<ExceptionHandler> handlers;
    private final LiveJobs live;
    private final Consumer<Outcome> next;
    private final ExecutorService waiting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("simul-job-ending-", 1).factory());
    private final ExecutorService calls = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("simul-job-callback-", 1).factory());

    /**
     * Prepares; no thread is started before there is something to call.
     *
     * @param next gets every outcome, as it is after the callbacks
     */
    Callbacks(JobFunctions functions, List<ExceptionHandler> handlers, LiveJobs live, Consumer<Outcome> next) {
        this.functions = functions;
        this.handlers = handlers;
        this.live = live;
        this.next = next;
    }

    /** Takes an outcome; does not block. */
    void end(Outcome outcome) {
        if (!concerns(outcome) && live.isSettled(outcome.job())) {
            pass(outcome);
            return;
        }
        try {
            waiting.execute(() -> pass(afterOrAsItIs(outcome)));
        } catch (RejectedExecutionException e) {
            LOG.log(
                    Level.WARNING,
                    "job {0} ends without its callbacks, because the worker has ended",
                    outcome.job().id());
            pass(outcome);
        }
    }

    private Outcome afterOrAsItIs(Outcome outcome) {
        try {
            return after(outcome);
        } catch (RuntimeException | Error e) { // whatever happens here, the outcome must be recorded
            LOG.log(Level.ERROR, "the callbacks of job " + outcome.job().id() + " could not be called", e);
            return outcome;
        }
    }

    private void pass(Outcome outcome) {
        live.end(outcome.job());
        next.accept(outcome);
    }

    private boolean concerns(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Finished f -> f.job().extras().successCallback() != null;
            case Outcome.Failed f ->
                f.error() != null && (!handlers.isEmpty() || f.job().extras().failureCallback() != null);
            case Outcome.Retried _, Outcome.Requeued _ -> false;
            case Outcome.Stopped _ -> true;
        };
    }

    private Outcome after(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Finished f -> succeeded(f);
            case Outcome.Failed f -> f.error() == null ? f : failed(f, f.error());
            case Outcome.Retried _, Outcome.Requeued _ -> outcome;
            case Outcome.Stopped s -> stopped(s);
        };
    }

    private Outcome succeeded(Outcome.Finished outcome) {
        var job = outcome.job();
        live.of(job).ended(JobStatus.FINISHED);
        var callback = JobCallback.of(
                job,
                CallbackKind.SUCCESS,
                job.extras().successCallback(),
                job.extras().successTimeout());
        var error = callback == null
                ? null
                : called(job, callback, () -> new CallbackCause.Success(live.opened(job, outcome.value())));
        if (error == null) {
            return outcome;
        }
        LOG.log(
                Level.WARNING,
                "job {0} failed, because its success callback did: {1}",
                job.id(),
                FailureText.line(error));
        return failed(
                new Outcome.Failed(job, outcome.started(), Instant.now(), FailureText.of(error), true, error), error);
    }

    private Outcome failed(Outcome.Failed outcome, Throwable error) {
        var job = outcome.job();
        live.of(job).ended(JobStatus.FAILED);
        var callback = JobCallback.of(
                job,
                CallbackKind.FAILURE,
                job.extras().failureCallback(),
                job.extras().failureTimeout());
        var second =
                callback == null ? null : called(job, callback, () -> new CallbackCause.Failure(error, outcome.text()));
        if (second == null) {
            handle(job, error);
            return outcome;
        }
        LOG.log(Level.WARNING, "the failure callback of job {0} failed: {1}", job.id(), FailureText.line(second));
        if (!second.equals(error)) { // it may throw on what it was given
            second.addSuppressed(error);
        }
        handle(job, second);
        return new Outcome.Failed(
                job, outcome.started(), outcome.ended(), FailureText.of(second), outcome.retryable(), second);
    }

    private void handle(ReservedJob job, Throwable error) {
        for (var handler : handlers) {
            var more = new AtomicBoolean(true);
            var problem = called(job, handler.getClass().getName(), HANDLER_SECONDS, () -> {
                more.set(handler.handle(live.of(job), error));
            });
            if (problem != null) {
                LOG.log(
                        Level.WARNING,
                        "an exception handler failed on job {0}: {1}",
                        job.id(),
                        FailureText.of(problem));
            }
            if (!more.get()) {
                return;
            }
        }
    }

    private Outcome stopped(Outcome.Stopped outcome) {
        var job = outcome.job();
        live.of(job).ended(JobStatus.STOPPED);
        try {
            var callback = live.stoppedCallback(job);
            var error = callback == null ? null : called(job, callback, CallbackCause.Stop::new);
            if (error != null) {
                LOG.log(
                        Level.WARNING,
                        "the stopped callback of job {0} failed: {1}",
                        job.id(),
                        FailureText.line(error));
            }
        } catch (RedisUnavailableException e) {
            LOG.log(
                    Level.WARNING,
                    "whether job {0} has a stopped callback is not known: {1}",
                    job.id(),
                    e.getMessage());
        }
        return outcome;
    }

    private @Nullable Throwable called(ReservedJob job, JobCallback callback, Supplier<CallbackCause> cause) {
        return called(
                job,
                callback.toString(),
                callback.timeoutSeconds(),
                () -> callback.call(functions, live.of(job), cause.get()));
    }

    private interface Body {
        void run() throws Exception;
    }

    /** What the body throws, or that it took too long; null if all is well. */
    private @Nullable Throwable called(ReservedJob job, String what, long seconds, Body body) {
        var call = calls.submit(() -> JobScope.within(live.of(job), () -> thrown(body)));
        try {
            return seconds < 0 ? call.get() : call.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            call.cancel(true);
            return new TimeoutException("The " + what + " exceeded maximum timeout value (" + seconds + " seconds)");
        } catch (ExecutionException e) {
            return e.getCause() == null ? e : e.getCause();
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            LOG.log(Level.WARNING, "the {0} of job {1} was broken off, because the worker ends", what, job.id());
            return null;
        }
    }

    private static @Nullable Throwable thrown(Body body) {
        try {
            body.run();
            return null;
        } catch (Throwable e) { // whatever a user's code throws is an outcome
            return e;
        }
    }

    /**
     * Waits until every outcome that was taken has gone on; no more may come. When the time is over, or the worker is to end
     * at once, what still runs is broken off.
     */
    void awaitEnd(StopRequest stop, Duration grace) throws InterruptedException {
        waiting.shutdown();
        var _ = stop.cold().thenRun(waiting::shutdownNow);
        if (!waiting.awaitTermination(Math.min(grace.toSeconds(), FOREVER_SECONDS), TimeUnit.SECONDS)) {
            breakOff();
        }
    }

    /** Breaks off what still runs; the outcomes go on as they are, for the functions themselves have ended. */
    void breakOff() throws InterruptedException {
        waiting.shutdownNow();
        waiting.awaitTermination(FOREVER_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        waiting.shutdownNow();
        calls.shutdownNow();
    }
}
