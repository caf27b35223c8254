package dev.simul.jobs;

import java.util.concurrent.atomic.AtomicBoolean;

/** Lets a worker or a scheduler run once at a time, for a second run would share the first one's name and end. */
final class OneRun {
    private final AtomicBoolean underWay = new AtomicBoolean();

    /** What is done in a run. */
    interface Body<T> {
        T run() throws InterruptedException;
    }

    /**
     * Runs.
     *
     * @param who does
     * @throws IllegalStateException if a run is under way
     */
    <T> T run(String who, Body<T> body) throws InterruptedException {
        if (!underWay.compareAndSet(false, true)) {
            throw new IllegalStateException(who + " runs already; build another one to run two of them");
        }
        try {
            return body.run();
        } finally {
            underWay.set(false);
        }
    }
}
