package dev.simul.jobs.internal.worker;

import java.util.concurrent.atomic.LongAdder;

/** How many jobs of each kind this worker has recorded. From any thread. */
public final class Tally {
    private final LongAdder finished = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void count(Outcome outcome) {
        switch (outcome) {
            case Outcome.Finished _ -> finished.increment();
            case Outcome.Failed _ -> failed.increment();
        }
    }

    public long finished() {
        return finished.sum();
    }

    public long failed() {
        return failed.sum();
    }
}
