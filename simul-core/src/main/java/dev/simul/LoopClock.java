package dev.simul;

/**
 * The time that a loop's sleeps and time-outs go by.
 *
 * <p>Thread: the loop's.
 */
public interface LoopClock {

    /** The present time in nanoseconds since some moment in the past. Never goes back. */
    long nanos();

    /** How many nanoseconds a thread has to wait until {@link #nanos} reaches {@code time}. */
    default long realNanosUntil(long time) {
        return time - nanos();
    }

    /** The clock on the wall: {@link System#nanoTime}. */
    static LoopClock system() {
        return scaled(1);
    }

    /**
     * A clock that runs faster or slower than the one on the wall.
     *
     * @param speed how many of its seconds pass in a real one
     */
    static LoopClock scaled(double speed) {
        return new ScaledClock(speed, System.nanoTime());
    }
}
