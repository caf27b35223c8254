package dev.simul;

import java.util.Collection;
import java.util.List;

/** What a coroutine can wait for: it can be asked to give up, and then wakes the coroutine. */
interface Awaited {
    /** False if it is over already. */
    boolean cancel(String reason);

    boolean isDone();

    /**
     * The tasks whose doing ends this, for who draws or judges the graph of waits; empty if that is not known. The loop's
     * thread, or any other that does not mind what it gets while the loop goes on.
     */
    default Collection<? extends Task<?>> dependsOn() {
        return List.of();
    }

    /** Whether it takes all of {@link #dependsOn} to end this; otherwise any one can. */
    default boolean needsAll() {
        return true;
    }
}
