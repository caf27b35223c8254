package dev.simul;

import org.jspecify.annotations.Nullable;

/** What shall happen when a task ends: see {@link Completion#react}. */
interface Reaction {
    /**
     * Called once, in the thread that ends the task. Must be quick, must not block and must not throw: whoever has more
     * to do enqueues it where it belongs.
     */
    void ended(Completion<?> task);

    /** The coroutine that has to see to the end of the task: the owner of its group. Null if there is none. */
    default @Nullable LoopTask<?> owner() {
        return null;
    }
}
