package dev.simul.test;

import java.util.List;

/** What chooses, step by step, in one run of a test. */
@FunctionalInterface
interface Picker {

    /**
     * A position in {@code options}: 0 is the loop's own order.
     *
     * @param step the number of this choice, from 0
     */
    int pick(int step, List<Option> options);

    /** Told after each choice, before the next: what was done, and what became possible by it. */
    default void done(Option taken, List<Option> fresh) {}
}
