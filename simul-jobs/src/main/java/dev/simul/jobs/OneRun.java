package dev.simul.jobs;

import java.util.concurrent.atomic.AtomicBoolean;

/** Lets a worker or a scheduler run once at a time, for a second run would share the first one's name and end. */
final class OneRun {
    private final AtomicBoolean underWay = new AtomicBoolean();

    /**
     * Begins a run.
     *
     * @param who runs
     * @throws IllegalStateException if one is under way
     */
    void begin(String who) {
        if (!underWay.compareAndSet(false, true)) {
            throw new IllegalStateException(who + " runs already; build another one to run two of them");
        }
    }

    void end() {
        underWay.set(false);
    }
}
