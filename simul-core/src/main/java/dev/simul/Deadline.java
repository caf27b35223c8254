package dev.simul;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A moment of a loop's clock by which something has to be done.
 *
 * <p>It can be handed down from call to call, where a duration would have to be counted down by hand.
 *
 * <p>Thread: coroutines and callbacks of a loop, for what asks its clock; any for the rest.
 *
 * @param nanos nanoseconds of the loop's clock, see {@link LoopClock#nanos}
 */
public record Deadline(long nanos) implements Comparable<Deadline> {

    /** Later than everything: no limit. */
    public static final Deadline NEVER = new Deadline(Long.MAX_VALUE);

    /** Earlier than everything: over. */
    public static final Deadline PASSED = new Deadline(Long.MIN_VALUE);

    /**
     * The moment after some time of the running loop's clock; before now if the time is negative.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static Deadline after(Duration time) {
        return new Deadline(loop("Deadline.after(…)").timeAfter(time));
    }

    /** The moment at which a loop's clock, asked by {@link EventLoop#time}, gives this time. */
    public static Deadline at(Duration time) {
        return new Deadline(TimeUnit.NANOSECONDS.convert(time));
    }

    /**
     * The time that is left by the running loop's clock: negative if it is over, more than 292 years for {@link #NEVER}.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public Duration left() {
        var now = Duration.ofNanos(loop("left()").clock.nanos());
        return Duration.ofNanos(nanos).minus(now);
    }

    /** Whether it is over by the running loop's clock. */
    public boolean isOver() {
        return nanos <= loop("isOver()").clock.nanos();
    }

    /** Whether there is no limit. */
    public boolean isNever() {
        return nanos == Long.MAX_VALUE;
    }

    /** The deadline that is this one with some time added, by which it can also be moved forward. */
    public Deadline plus(Duration time) {
        var moved = Duration.ofNanos(nanos).plus(time);
        return isNever() || equals(PASSED) ? this : new Deadline(TimeUnit.NANOSECONDS.convert(moved));
    }

    @Override
    public int compareTo(Deadline other) {
        return Long.compare(nanos, other.nanos);
    }

    /** The time since the clock's zero. */
    @Override
    public String toString() {
        return isNever()
                ? "never"
                : equals(PASSED) ? "passed" : Duration.ofNanos(nanos).toString();
    }

    private static EventLoop loop(String caller) {
        return EventLoop.current(caller, "count with System.nanoTime");
    }
}
