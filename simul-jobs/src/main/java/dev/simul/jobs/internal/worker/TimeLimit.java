package dev.simul.jobs.internal.worker;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts the thread that opened it when the time is over, and never after it was closed.
 *
 * <p>A function that swallows the interrupt and returns has succeeded, as in RQ.
 */
final class TimeLimit implements AutoCloseable {
    private final Thread runner = Thread.currentThread();
    private final @Nullable Future<?> alarm;
    private boolean closed; // guarded by this: without the lock a late alarm could hit the thread's next job
    private boolean over; // guarded by this

    /** Starts counting; a negative number of seconds is no limit. */
    TimeLimit(ScheduledExecutorService clock, long seconds) {
        this.alarm = seconds < 0 ? null : clock.schedule(this::ring, seconds, TimeUnit.SECONDS);
    }

    private synchronized void ring() {
        if (!closed) {
            over = true;
            runner.interrupt();
        }
    }

    synchronized boolean isOver() {
        return over;
    }

    /** Ends the count and takes back an interrupt that nobody has noticed. */
    @Override
    public void close() {
        if (alarm != null) {
            alarm.cancel(false);
        }
        synchronized (this) {
            closed = true;
        }
        Thread.interrupted();
    }
}
