package dev.simul;

/** What a coroutine can wait for: it can be asked to give up, and then wakes the coroutine. */
interface Awaited {
    /** False if it is over already. */
    boolean cancel(String reason);

    boolean isDone();
}
