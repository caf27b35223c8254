package dev.simul.jobs.internal.worker;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The jobs that a worker has given back to their queues unfinished, in the order in which it had taken them.
 *
 * <p>Each goes back as soon as its run has been broken off, one earlier and one later; but they are to stand there as if
 * nobody had taken them.
 *
 * <p>Thread: one at a time.
 */
final class GivenBack {
    private static final Comparator<ReservedJob> AS_TAKEN =
            Comparator.comparing(ReservedJob::reserved).thenComparing(ReservedJob::executionId);

    private final Map<String, TreeSet<ReservedJob>> byQueue = new HashMap<>();

    /** Notes one more; returns the id of the one behind which it belongs, empty if it belongs to the front. */
    String add(ReservedJob job) {
        var jobs = byQueue.computeIfAbsent(job.queue(), _ -> new TreeSet<>(AS_TAKEN));
        jobs.add(job);
        var before = jobs.lower(job);
        return before == null ? "" : before.id();
    }

    /** Forgets one that was not the worker's to give. */
    void remove(ReservedJob job) {
        var jobs = byQueue.get(job.queue());
        if (jobs != null) {
            jobs.remove(job);
        }
    }
}
