package dev.simul;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a callback that is due at a time of the loop's clock.
 *
 * <p>Handles compare by that time. Two are equal if their times and their callbacks are; those that are cancelled have none
 * (asyncio.TimerHandle's rules).
 *
 * <p>Thread: the loop's; {@link #cancel} any.
 */
public final class TimerHandle implements Handle, Comparable<TimerHandle> {

    final Timer timer;
    private final EventLoop loop;
    private final @Nullable Bindings context = Context.snapshot();

    /** Null when it was cancelled: what it refers to may be large. Read by other threads than the loop's. */
    private volatile @Nullable Runnable callback;

    TimerHandle(EventLoop loop, long when, Runnable callback) {
        this.loop = loop;
        this.callback = Objects.requireNonNull(callback, "callback");
        this.timer = new Timer(when) {
            @Override
            void fire() {
                var due = TimerHandle.this.callback;
                if (due != null) {
                    loop.call(due, context, TimerHandle.this);
                }
            }
        };
    }

    /** When it is due, as {@link EventLoop#time} counts. */
    public Duration when() {
        return Duration.ofNanos(timer.when);
    }

    @Override
    public void cancel() {
        callback = null;
        if (loop.isCurrent()) {
            loop.timers.cancel(timer);
        } else {
            loop.enqueue(() -> loop.timers.cancel(timer));
        }
    }

    @Override
    public boolean isCancelled() {
        return callback == null;
    }

    @Override
    public int compareTo(TimerHandle other) {
        return Long.compare(timer.when, other.timer.when);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimerHandle that
                && timer.when == that.timer.when
                && Objects.equals(callback, that.callback);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(timer.when);
    }

    @Override
    public String toString() {
        var what = callback;
        return "TimerHandle[due at " + when() + ": " + (what == null ? "cancelled" : what) + "]";
    }
}
