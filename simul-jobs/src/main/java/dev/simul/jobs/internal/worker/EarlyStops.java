package dev.simul.jobs.internal.worker;

import java.time.Duration;
import java.util.LinkedHashMap;

/**
 * Stop commands that may have overtaken their job: Redis says that it has started before its worker has the reply.
 *
 * <p>From any thread.
 */
final class EarlyStops {
    private static final long KEPT_NANOS = Duration.ofSeconds(5).toNanos();

    /** Ids of jobs, or of a job and an execution, with the time of the command; guarded by this. */
    private final LinkedHashMap<String, Long> times = new LinkedHashMap<>();

    /** Set while there are any, so that a job costs nothing more without; written under the lock. */
    private volatile boolean some;

    synchronized void add(String what) {
        times.remove(what);
        times.put(what, System.nanoTime());
        forgetOld();
    }

    synchronized void remove(String what) {
        times.remove(what);
        forgetOld();
    }

    boolean isFor(ReservedJob job) {
        return some && take(job);
    }

    private synchronized boolean take(ReservedJob job) {
        forgetOld();
        boolean exactly = times.remove(job.id() + ":" + job.executionId()) != null;
        return times.remove(job.id()) != null || exactly;
    }

    private void forgetOld() {
        long now = System.nanoTime();
        times.values().removeIf(time -> now - time > KEPT_NANOS);
        some = !times.isEmpty();
    }
}
