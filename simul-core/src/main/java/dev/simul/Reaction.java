package dev.simul;

/** What shall happen when a task ends: see {@link Completion#react}. */
interface Reaction {
    /**
     * Called once, in the thread that ends the task. Must be quick, must not block and must not throw: whoever has more
     * to do enqueues it where it belongs.
     */
    void ended(Completion<?> task);
}
