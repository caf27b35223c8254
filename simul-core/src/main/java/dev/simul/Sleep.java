package dev.simul;

import org.jspecify.annotations.Nullable;

/** A coroutine that waits for a time. Loop thread only. */
final class Sleep extends Timer implements Awaited {

    private final LoopTask<?> sleeper;
    private boolean over;
    private @Nullable String reason;

    Sleep(LoopTask<?> sleeper, long when) {
        super(when);
        this.sleeper = sleeper;
    }

    LoopTask<?> sleeper() {
        return sleeper;
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
        this.reason = reason;
        fire();
        return true;
    }

    @Override
    public boolean isDone() {
        return over;
    }

    /** The reason of the first cancellation, which ended it; null if it was not cancelled. */
    @Nullable
    String cancelledFor() {
        return reason;
    }

    @Override
    public String toString() {
        return "the clock";
    }
}
