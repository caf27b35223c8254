package dev.simul.jobs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often, and after which pauses, a failed job is tried again; RQ's {@code Retry}.
 *
 * <p>RQ reads the pauses from the end of the list: with fewer pauses than attempts the <em>first</em> one is repeated. A
 * pause longer than zero needs a scheduler to be running for the queue.
 *
 * @param max how many attempts there are after the first one, at least 1
 * @param intervals the pauses, whole seconds; at least one
 * @param atFront whether a job that is tried again at once goes to the front of its queue
 */
public record Retry(int max, List<Duration> intervals, boolean atFront) {
    private static final int MOST_INTERVALS = 1000;

    /** Checks the numbers. */
    public Retry {
        intervals = requireIntervals("Retry", "max", max, intervals);
    }

    static List<Duration> requireIntervals(String type, String name, int count, List<Duration> intervals) {
        if (count < 1) {
            throw new InvalidSettingException(type + "." + name, "must be at least 1", count);
        }
        if (intervals.isEmpty() || intervals.size() > MOST_INTERVALS) {
            throw new IllegalArgumentException(type + ".intervals must hold 1 to " + MOST_INTERVALS + " pauses, had "
                    + intervals.size() + "; Duration.ZERO means at once");
        }
        for (var interval : intervals) {
            if (interval.isNegative() || interval.toSeconds() > Integer.MAX_VALUE) {
                throw new InvalidSettingException(
                        type + ".intervals", "must be 0 to " + Integer.MAX_VALUE + " s each", interval);
            }
        }
        return List.copyOf(intervals);
    }

    /** Further attempts at once. */
    public static Retry of(int max) {
        return of(max, Duration.ZERO);
    }

    /** Further attempts after these pauses. */
    public static Retry of(int max, Duration... intervals) {
        return new Retry(max, List.of(intervals), false);
    }

    /** These attempts; whether those without a pause go to the front of the queue. */
    public Retry atFront(boolean atFront) {
        return new Retry(max, intervals, atFront);
    }

    /**
     * Pauses that grow by a factor each time. They are drawn when the job is enqueued, so that any RQ worker keeps them.
     *
     * @param max how many attempts there are after the first one
     * @param first the first pause
     * @param factor what each pause is longer than the one before, at least 1
     * @param cap the longest pause
     * @param jitter by which part a pause may be longer or shorter at random, 0 to 1, so that jobs that failed together
     *     do not come back together
     */
    public static Retry exponential(int max, Duration first, double factor, Duration cap, double jitter) {
        if (!(factor >= 1) || !(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException(
                    "Retry.exponential needs a factor of at least 1 and a jitter of 0 to 1, was " + factor + " and "
                            + jitter);
        }
        if (max > MOST_INTERVALS) { // each attempt has a pause of its own in the list
            throw new IllegalArgumentException(
                    "Retry.exponential takes at most " + MOST_INTERVALS + " attempts, was " + max);
        }
        var intervals = new ArrayList<Duration>();
        double seconds = first.toMillis() / 1000.0;
        double longest = cap.toMillis() / 1000.0;
        for (int i = 0; i < max; i++) {
            double drawn = jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
            double pause = Math.min(longest, Math.min(longest, seconds) * (1 + drawn));
            intervals.add(Duration.ofSeconds(Math.round(pause)));
            seconds *= factor;
        }
        return new Retry(max, intervals, false);
    }

    /** {@link #exponential(int, Duration, double, Duration, double)} with doubling pauses of up to an hour, ±20 %. */
    public static Retry exponential(int max, Duration first) {
        return exponential(max, first, 2, Duration.ofHours(1), 0.2);
    }
}
