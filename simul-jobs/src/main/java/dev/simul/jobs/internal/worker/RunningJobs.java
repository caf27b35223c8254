package dev.simul.jobs.internal.worker;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The jobs this worker holds: reserved, and not yet recorded as ended. From any thread. */
final class RunningJobs {
    private final ConcurrentHashMap<String, ReservedJob> byExecution = new ConcurrentHashMap<>();

    private final Runnable removed;

    /** Empty; {@code removed} is called after each removal. */
    RunningJobs(Runnable removed) {
        this.removed = removed;
    }

    void add(ReservedJob job) {
        byExecution.put(job.executionId(), job);
    }

    void remove(ReservedJob job) {
        byExecution.remove(job.executionId());
        removed.run();
    }

    boolean isEmpty() {
        return byExecution.isEmpty();
    }

    Collection<ReservedJob> snapshot() {
        return List.copyOf(byExecution.values());
    }

    @Override
    public String toString() {
        return byExecution.values().stream()
                .map(ReservedJob::id)
                .sorted()
                .toList()
                .toString();
    }
}
