package dev.simul.jobs.internal.worker;

import dev.simul.jobs.DequeueStrategy;
import dev.simul.jobs.Isolation;
import dev.simul.jobs.JobMiddleware;
import dev.simul.jobs.internal.seal.SealRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker was told about running jobs, and about when to end.
 *
 * @param isolation where functions run that do not say it themselves
 * @param virtualThreads whether the threads of isolation THREAD are virtual ones
 * @param interruptGrace how long a function may take to end once it was asked to
 * @param gracePeriod how long running jobs have when the worker is asked to end
 * @param childOptions more options for the child JVMs
 * @param childClassPath more entries for their class path
 * @param maxJobs after how many jobs the worker ends
 * @param maxIdleTime after how long without a job the worker ends; null for never
 * @param strategy which queue is served next
 * @param workerTtl how long an idle worker may be silent
 * @param middleware what is called around every function, the outermost first
 * @param seal with what jobs are opened; null for nothing
 */
public record RunSettings(
        Isolation isolation,
        boolean virtualThreads,
        Duration interruptGrace,
        Duration gracePeriod,
        List<String> childOptions,
        List<Path> childClassPath,
        long maxJobs,
        @Nullable Duration maxIdleTime,
        DequeueStrategy strategy,
        Duration workerTtl,
        List<JobMiddleware> middleware,
        @Nullable SealRing seal) {

    /** Whether the extra fields of plain jobs are needed too. */
    boolean wantsExtras() {
        return seal != null || !middleware.isEmpty();
    }

    /** Seconds until an idle worker counts as dead without a heartbeat. */
    long idleSeconds() {
        return workerTtl.toSeconds() + 60;
    }
}
