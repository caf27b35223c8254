package dev.simul;

import org.jspecify.annotations.Nullable;

/** A coroutine that waits for a time. Loop thread only. */
final class Sleep extends Timer implements Awaited {

    private final LoopTask<?> sleeper;
    private boolean over;
    private @Nullable String cancellation;

    Sleep(LoopTask<?> sleeper, long when) {
        super(when);
        this.sleeper = sleeper;
    }

    /** Why it was cancelled; null if it was not. */
    @Nullable
    String cancellation() {
        return cancellation;
    }

    @Override
    public boolean isDone() {
        return over;
    }

    @Override
    void fire() {
        if (!over) {
            over = true;
            sleeper.loop.enqueue(sleeper);
        }
    }

    @Override
    public boolean cancel(String reason) {
        if (over) {
            return false;
        }
        cancellation = reason;
        fire();
        return true;
    }

    @Override
    public String toString() {
        return "the clock";
    }
}
