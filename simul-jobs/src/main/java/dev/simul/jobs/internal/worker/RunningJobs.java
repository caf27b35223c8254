package dev.simul.jobs.internal.worker;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The jobs this worker holds: reserved, and not yet recorded as ended. From any thread. */
final class RunningJobs {
    private final ConcurrentHashMap<String, JobRun> byExecution = new ConcurrentHashMap<>();

    private final Runnable removed;

    /** When a job was recorded last, as {@link System#nanoTime} has it. */
    private volatile long lastEnd = System.nanoTime();

    /** Empty; {@code removed} is called after each removal. */
    RunningJobs(Runnable removed) {
        this.removed = removed;
    }

    void add(JobRun run) {
        byExecution.put(run.job().executionId(), run);
    }

    void remove(ReservedJob job) {
        byExecution.remove(job.executionId());
        lastEnd = System.nanoTime();
        removed.run();
    }

    boolean isEmpty() {
        return byExecution.isEmpty();
    }

    long lastEnd() {
        return lastEnd;
    }

    /** In the order in which they were taken. */
    List<JobRun> snapshot() {
        return byExecution.values().stream()
                .sorted(Comparator.comparing((JobRun run) -> run.job().reserved())
                        .thenComparing(run -> run.job().executionId()))
                .toList();
    }

    @Override
    public String toString() {
        return snapshot().stream().map(run -> run.job().id()).toList().toString();
    }
}
