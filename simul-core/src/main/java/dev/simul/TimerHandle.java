package dev.simul;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a callback that is due at a time of the loop's clock.
 *
 * <p>Handles compare by that time. Two are equal if their times and their callbacks are, and both or neither are cancelled
 * (asyncio.TimerHandle's rules).
 *
 * <p>Thread: the loop's; {@link #cancel} any.
 */
public final class TimerHandle implements Handle, Comparable<TimerHandle> {

    final Timer timer;
    private final EventLoop loop;
    private final Runnable callback;
    private final @Nullable Bindings context = Context.snapshot();

    /** Read by other threads than the loop's. */
    private volatile boolean cancelled;

    TimerHandle(EventLoop loop, long when, Runnable callback) {
        this.loop = loop;
        this.callback = Objects.requireNonNull(callback, "callback");
        this.timer = new Timer(when) {
            @Override
            void fire() {
                if (!cancelled) {
                    loop.call(callback, context, TimerHandle.this);
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
        cancelled = true;
        if (loop.isCurrent()) {
            loop.timers.cancel(timer);
        } else {
            loop.enqueue(() -> loop.timers.cancel(timer));
        }
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public int compareTo(TimerHandle other) {
        return Long.compare(timer.when, other.timer.when);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TimerHandle that
                && timer.when == that.timer.when
                && callback.equals(that.callback)
                && cancelled == that.cancelled;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(timer.when);
    }

    @Override
    public String toString() {
        return "TimerHandle[" + (cancelled ? "cancelled, " : "") + "due at " + when() + ": " + callback + "]";
    }
}
