package dev.simul;

/** A coroutine that waits for a time. Loop thread only. */
final class Sleep extends Timer implements Awaited {

    private final LoopTask<?> sleeper;
    private boolean over;
    private boolean givenUp;

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
        givenUp = true;
        fire();
        return true;
    }

    @Override
    public boolean isDone() {
        return over;
    }

    /** Whether it is over because it was cancelled. */
    boolean isGivenUp() {
        return givenUp;
    }

    @Override
    public String toString() {
        return "the clock";
    }
}
