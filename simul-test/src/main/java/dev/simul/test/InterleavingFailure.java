package dev.simul.test;

import java.util.List;

/**
 * Thrown where a test fails under a schedule: says which one it was, how to play it again, and what happened in it step by
 * step. The cause is what the test threw.
 */
public final class InterleavingFailure extends AssertionError {

    private static final long serialVersionUID = 1;

    private final long seed;
    private final String schedule;
    private final transient List<String> steps;
    private final boolean reproducible;

    InterleavingFailure(
            String message, Throwable cause, long seed, String schedule, List<String> steps, boolean reproducible) {
        super(message, cause);
        this.seed = seed;
        this.schedule = schedule;
        this.steps = List.copyOf(steps);
        this.reproducible = reproducible;
    }

    /** The seed that found it; 0 if it was the loop's own order or a given schedule. */
    public long seed() {
        return seed;
    }

    /** The schedule, shortened to the switches that matter, for {@link Interleavings#schedule}. Empty: the loop's own order. */
    public String schedule() {
        return schedule;
    }

    /** How many times the shortened schedule departs from the loop's own order. */
    public int switches() {
        return Switches.parse(schedule).size();
    }

    /** The shortened run, one line for each step; long stretches in the loop's own order are left out. */
    public List<String> steps() {
        return steps;
    }

    /** Whether the same schedule failed in the same way once more. If not, something besides the schedule decides. */
    public boolean isReproducible() {
        return reproducible;
    }
}
