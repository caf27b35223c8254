package dev.simul.jobs.internal.worker;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// One outcome, whoever speaks first
//
// Three may end a run: the function, by returning or throwing; somebody who asks for its end (the clock, a command, a
// shutdown), if the function has not begun; and the clock once more, if the function has begun and does not end within
// `patience` of being asked. All of them come through this object's lock, and the first one makes the outcome. What the
// function says later is not heard.
//
// An interrupt must hit the function and never the next job in its thread. So it is sent under the lock, and only while
// the run has begun and not ended; the thread's own interrupt flag is cleared after the end.

/** One run of one job: it has exactly one outcome, whether the function co-operates or not. From any thread. */
final class JobRun {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    /** Why somebody wants the run to end before the function has. */
    enum Reason {
        /** The job's time is over: it fails, and may be tried again. */
        TIME_OVER,
        /** A command for this job: it ends as stopped, for good. */
        STOPPED,
        /** RQ's command to kill whatever runs: the job fails, and may be tried again. */
        KILLED,
        /** The worker ends: the job goes back to the front of its queue. */
        SHUTDOWN,
        /** The execution is no longer ours: whatever comes out is nobody's business. */
        GIVEN_UP
    }

    private final ReservedJob job;
    private final ScheduledExecutorService clock;
    private final Duration patience;
    private final Consumer<Outcome> done;

    // all guarded by this
    private Instant started = Instant.now();
    private long limitSeconds = -1;
    private @Nullable Grip grip;
    private @Nullable Reason reason;
    private @Nullable Future<?> alarm;
    private boolean ended;

    /**
     * A run that has not begun.
     *
     * @param patience how long the function may take to end once it was asked to
     * @param done gets the outcome, once, in whatever thread makes it
     */
    JobRun(ReservedJob job, ScheduledExecutorService clock, Duration patience, Consumer<Outcome> done) {
        this.job = job;
        this.clock = clock;
        this.patience = patience;
        this.done = done;
    }

    ReservedJob job() {
        return job;
    }

    /**
     * Begins; the function may be called if the answer is true.
     *
     * @param seconds how long it may run, negative for no limit
     */
    synchronized boolean begin(Grip holder, long seconds) {
        if (ended || grip != null) {
            return false;
        }
        LOG.log(Level.DEBUG, "job {0} of queue {1} begins", job.id(), job.queue());
        grip = holder;
        started = Instant.now();
        limitSeconds = seconds;
        if (seconds >= 0) {
            alarm = clock.schedule(() -> ask(Reason.TIME_OVER), seconds, TimeUnit.SECONDS);
        }
        return true;
    }

    /**
     * Asks for the end of the run. The first reason counts, but a user's stop goes before the worker's own reasons.
     *
     * @return whether that makes a difference
     */
    boolean ask(Reason why) {
        Outcome outcome;
        synchronized (this) {
            boolean again = reason != null;
            if (ended || why == reason || (again && why != Reason.STOPPED && why != Reason.GIVEN_UP)) {
                return false;
            }
            reason = why;
            if (grip != null) {
                if (!again) {
                    if (alarm != null) {
                        alarm.cancel(false);
                    }
                    alarm = clock.schedule(this::lose, patience.toNanos(), TimeUnit.NANOSECONDS);
                    grip.interrupt();
                }
                return true;
            }
            ended = true;
            outcome = brokenOff(why, null);
        }
        done.accept(outcome);
        return true;
    }

    /**
     * The function has returned. One that swallows the interrupt of a time-out and returns has succeeded, as in RQ.
     */
    void returned(long resultTtlSeconds, byte @Nullable [] value) {
        end(why -> why == null || why == Reason.TIME_OVER || why == Reason.SHUTDOWN
                ? new Outcome.Finished(job, started, Instant.now(), resultTtlSeconds, value)
                : brokenOff(why, null));
    }

    /** The function has thrown, or what it was called through. */
    void threw(Throwable error) {
        end(why -> {
            if (why == null && error instanceof RetryRequest request) {
                return new Outcome.Retried(job, started, Instant.now(), request);
            }
            var outcome = why == null
                    ? new Outcome.Failed(job, started, Instant.now(), FailureText.of(error), true, error)
                    : brokenOff(why, error);
            if (outcome instanceof Outcome.Failed failed) {
                var cause = failed.error() == null ? error : failed.error();
                LOG.log(Level.WARNING, "job {0} failed: {1}", job.id(), FailureText.shortLine(cause));
            }
            return outcome;
        });
    }

    /** The child JVM that ran the function has died. */
    void died(String text) {
        end(why -> {
            if (why != null) {
                return brokenOff(why, null);
            }
            LOG.log(Level.WARNING, "job {0}: {1}", job.id(), text);
            return new Outcome.Failed(job, started, Instant.now(), text, true, null);
        });
    }

    /** There is nothing to call. */
    void refused(UnrunnableJobException why) {
        var text = String.valueOf(why.getMessage());
        LOG.log(Level.WARNING, "job {0} cannot be run: {1}", job.id(), text);
        end(_ -> new Outcome.Failed(job, started, Instant.now(), text, why.perhapsElsewhere(), why));
    }

    private interface Ending {
        Outcome of(@Nullable Reason why);
    }

    private void end(Ending ending) {
        Outcome outcome;
        synchronized (this) {
            if (ended) {
                LOG.log(Level.INFO, "job {0}, whose end was recorded without it, has ended now", job.id());
                return;
            }
            ended = true;
            if (alarm != null) {
                alarm.cancel(false);
            }
            outcome = ending.of(reason);
        }
        done.accept(outcome);
    }

    /** The function does not end: the outcome is made without it. */
    private void lose() {
        Outcome outcome;
        synchronized (this) {
            if (ended || grip == null || reason == null) {
                return;
            }
            var stuck = new IllegalStateException(
                    "it did not end within " + patience.toSeconds() + " s of being interrupted; it stands here");
            stuck.setStackTrace(grip.stack());
            LOG.log(Level.ERROR, "job " + job.id() + " ignores that it is to end (" + reason + "); left behind", stuck);
            ended = true;
            grip.abandon();
            outcome = brokenOff(reason, stuck);
        }
        done.accept(outcome);
    }

    private Outcome brokenOff(Reason why, @Nullable Throwable error) {
        var now = Instant.now();
        return switch (why) {
            case TIME_OVER -> {
                var late = FailureText.late(limitSeconds, error);
                yield new Outcome.Failed(job, started, now, FailureText.of(late), true, late);
            }
            case STOPPED -> new Outcome.Stopped(job, started, now, FailureText.STOPPED);
            case KILLED -> new Outcome.Failed(job, started, now, FailureText.killed(error), true, null);
            case SHUTDOWN, GIVEN_UP -> new Outcome.Requeued(job, started, now);
        };
    }
}
