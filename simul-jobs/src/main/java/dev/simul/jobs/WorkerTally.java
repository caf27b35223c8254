package dev.simul.jobs;

import dev.simul.jobs.internal.worker.Tally;
import java.util.List;

/**
 * What a worker has done.
 *
 * @param finished jobs that returned
 * @param failed jobs that raised, timed out or could not be run, each attempt counted
 * @param stopped jobs that a command has stopped
 * @param requeued jobs that went back to their queue because the worker was to end
 * @param unrecorded jobs whose end Redis has not taken before the worker ended: other workers will find them
 *     abandoned
 */
public record WorkerTally(long finished, long failed, long stopped, long requeued, long unrecorded) {
    /**
     * What a worker has done that nobody has disturbed.
     *
     * @param finished jobs that returned
     * @param failed jobs that raised, timed out or could not be run, each attempt counted
     */
    public WorkerTally(long finished, long failed) {
        this(finished, failed, 0, 0, 0);
    }

    static WorkerTally of(List<Tally> loops) {
        return new WorkerTally(
                loops.stream().mapToLong(Tally::finished).sum(),
                loops.stream().mapToLong(Tally::failed).sum(),
                loops.stream().mapToLong(Tally::stopped).sum(),
                loops.stream().mapToLong(Tally::requeued).sum(),
                loops.stream().mapToLong(Tally::unrecorded).sum());
    }
}
