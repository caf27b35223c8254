package dev.simul.jobs.internal.worker;

import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The jobs this worker holds: reserved, and not yet recorded as ended. From any thread. */
final class RunningJobs {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final ConcurrentHashMap<String, JobRun> byExecution = new ConcurrentHashMap<>();

    private final Runnable removed;
    private final EarlyStops early = new EarlyStops();

    /** When a job was recorded last, as {@link System#nanoTime} has it. */
    private volatile long lastEnd = System.nanoTime();

    /** Empty; {@code removed} is called after each removal. */
    RunningJobs(Runnable removed) {
        this.removed = removed;
    }

    void add(JobRun run) {
        byExecution.put(run.job().executionId(), run);
        if (early.isFor(run.job())) {
            run.ask(JobRun.Reason.STOPPED);
        }
    }

    boolean holds(String jobId) {
        return byExecution.values().stream().anyMatch(run -> run.job().id().equals(jobId));
    }

    /** Stops a job; one that is just being taken, as soon as it is here. */
    void stop(String jobId) {
        stop(jobId, run -> run.job().id().equals(jobId));
    }

    /** Stops a job if it is this execution of it that runs here. */
    void stop(String jobId, String executionId) {
        stop(
                jobId + ":" + executionId,
                run -> run.job().id().equals(jobId) && run.job().executionId().equals(executionId));
    }

    private void stop(String what, Predicate<JobRun> which) {
        early.add(what); // first: a job that comes between the two lines sees it
        if (ask(JobRun.Reason.STOPPED, which)) {
            early.remove(what);
        } else {
            LOG.log(Level.INFO, "asked to stop job {0}, which does not run here", what);
        }
    }

    /** Kills whatever runs. */
    void kill() {
        if (!ask(JobRun.Reason.KILLED, _ -> true)) {
            LOG.log(Level.INFO, "asked to kill what runs here, but nothing does");
        }
    }

    /** Whether there was any. */
    private boolean ask(JobRun.Reason why, Predicate<JobRun> which) {
        var runs = byExecution.values().stream().filter(which).toList();
        for (var run : runs) {
            LOG.log(Level.INFO, "job {0} is to end: {1}", run.job().id(), why);
            run.ask(why);
        }
        return !runs.isEmpty();
    }

    void remove(ReservedJob job) {
        lastEnd = System.nanoTime(); // first: who sees that nothing runs sees since when
        byExecution.remove(job.executionId());
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
