package dev.simul.jobs.internal.worker;

import java.util.concurrent.atomic.LongAdder;

/** How many jobs of each kind this worker has recorded. From any thread. */
public final class Tally {
    private final LongAdder finished = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder stopped = new LongAdder();
    private final LongAdder requeued = new LongAdder();

    private volatile long unrecorded;

    void unrecorded(long jobs) {
        unrecorded = jobs;
    }

    void count(Outcome outcome) {
        switch (outcome) {
            case Outcome.Finished _ -> finished.increment();
            case Outcome.Failed _, Outcome.Retried _ -> failed.increment();
            case Outcome.Stopped _ -> stopped.increment();
            case Outcome.Requeued _ -> requeued.increment();
        }
    }

    public long finished() {
        return finished.sum();
    }

    public long failed() {
        return failed.sum();
    }

    public long stopped() {
        return stopped.sum();
    }

    public long requeued() {
        return requeued.sum();
    }

    public long unrecorded() {
        return unrecorded;
    }
}
