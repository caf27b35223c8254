package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Callback;
import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobMiddleware;
import dev.simul.jobs.Retry;
import dev.simul.jobs.internal.redis.Serialized;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs jobs in the caller's thread, from the bytes that would have gone to Redis to the bytes that would come back. */
public final class InlineWorker {
    private final JobFunctions functions;
    private final List<JobMiddleware> middleware;

    /** How an attempt ended. */
    public sealed interface Attempt {
        /** The function returned. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Returned(byte @Nullable [] value) implements Attempt {}

        /**
         * The function threw, or could not be called.
         *
         * @param text what a worker would have left
         * @param retryable whether another attempt may help
         */
        record Threw(Throwable error, String text, boolean retryable) implements Attempt {}

        /** The function returned a {@link Retry}. */
        record Again(Retry retry) implements Attempt {}
    }

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
     * @param seconds how long it may take, negative for no limit
     */
    public Attempt run(CurrentJob job, byte[] data, long seconds) {
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
            return new Attempt.Returned(JobScope.within(job, () -> new Limit(seconds).call(chain::run)));
        } catch (RetryRequest e) {
            return new Attempt.Again(e.retry());
        } catch (UnrunnableJobException e) {
            return new Attempt.Threw(e, String.valueOf(e.getMessage()), e.perhapsElsewhere());
        } catch (Exception | AssertionError e) {
            return threw(e);
        }
    }

    private static Attempt.Threw threw(Throwable error) {
        return new Attempt.Threw(error, FailureText.of(error), true);
    }

    /** Calls a success callback; what it threw, if it did. */
    public Attempt.@Nullable Threw succeeded(CurrentJob job, Callback callback, byte @Nullable [] value) {
        return called(
                job,
                callback,
                CallbackKind.SUCCESS,
                () -> new CallbackCause.Success(value == null ? null : Serialized.read(value)));
    }

    /** Calls a failure callback; what it threw, if it did. */
    public Attempt.@Nullable Threw failed(CurrentJob job, Callback callback, Attempt.Threw failure) {
        return called(
                job, callback, CallbackKind.FAILURE, () -> new CallbackCause.Failure(failure.error(), failure.text()));
    }

    private Attempt.@Nullable Threw called(
            CurrentJob job, Callback callback, CallbackKind kind, Callable<CallbackCause> cause) {
        long seconds = callback.timeout().toSeconds();
        var call = new JobCallback(kind, callback.function(), seconds);
        try {
            JobScope.within(
                    job,
                    () -> new Limit(seconds).call(() -> {
                        call.call(functions, job, cause.call());
                        return true;
                    }));
            return null;
        } catch (Exception | AssertionError e) {
            return threw(e);
        }
    }

    /** Interrupts the caller's thread when the time is over, and not later than the call has ended. */
    private static final class Limit {
        private final long seconds;
        private boolean ended; // guarded by this
        private boolean late; // guarded by this

        Limit(long seconds) {
            this.seconds = seconds;
        }

        <T extends @Nullable Object> T call(Callable<T> body) throws Exception {
            if (seconds < 0) {
                return body.call();
            }
            var caller = Thread.currentThread();
            var clock = Thread.ofVirtual().start(() -> interrupt(caller));
            try {
                return body.call();
            } catch (Exception e) {
                if (!end()) {
                    throw e;
                }
                throw FailureText.late(seconds, e);
            } finally {
                if (end()) {
                    var _ = Thread.interrupted(); // it was ours
                }
                clock.interrupt();
            }
        }

        private void interrupt(Thread caller) {
            try {
                Thread.sleep(Duration.ofSeconds(seconds));
            } catch (InterruptedException e) {
                return; // the call has ended
            }
            synchronized (this) {
                if (!ended) {
                    late = true;
                    caller.interrupt();
                }
            }
        }

        /** Whether the time was over before the call had ended. */
        private synchronized boolean end() {
            ended = true;
            return late;
        }
    }
}
