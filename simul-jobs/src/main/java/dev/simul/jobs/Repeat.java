package dev.simul.jobs;

import java.time.Duration;
import java.util.List;

/**
 * How often a job that has succeeded is run again; RQ's {@code Repeat}, known since RQ 2.3.
 *
 * <p>Give one interval: of a longer list RQ up to 2.12 takes the last entries first, RQ 3.0 the first ones.
 *
 * @param times how often, at least 1
 * @param intervals the pauses, whole seconds; at least one
 */
public record Repeat(int times, List<Duration> intervals) {
    /** Checks the numbers. */
    public Repeat {
        intervals = Retry.requireIntervals("Repeat", "times", times, intervals);
    }

    /** Runs at once after each other. */
    public static Repeat of(int times) {
        return of(times, Duration.ZERO);
    }

    /** Runs with pauses between them. */
    public static Repeat of(int times, Duration... intervals) {
        return new Repeat(times, List.of(intervals));
    }
}
