package dev.simul;

import java.time.Duration;

/**
 * A clock that stands still while somebody works and jumps to the next timer when nobody can: twelve hours of waiting
 * take milliseconds, and take exactly twelve hours.
 *
 * <p>It does not jump while a coroutine is blocked in a call of the JDK (a socket, a lock, {@link Thread#sleep}) or
 * while work outside of the loop is pending: {@link Async#on}, {@link Async#await(java.util.concurrent.CompletionStage)}
 * and whatever is told by {@link Promise#outside}. Such things take real time, so it stands still and the loop waits for
 * them. Everything else is taken to come from the loop's own coroutines; if none of them can ever run again the loop
 * fails and says who waits for what. (trio's autojump clock, with outside work known.)
 */
public final class VirtualClock implements LoopClock {

    private volatile long now;

    /** A clock at zero. */
    public VirtualClock() {}

    @Override
    public long nanos() {
        return now;
    }

    /** The time since zero. Thread: any. */
    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    void jumpTo(long time) {
        now = Math.max(now, time);
    }
}
