package dev.simul.jobs.internal.worker;

import dev.simul.jobs.ExceptionHandler;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobSettings;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a worker was told about the ends of jobs.
 *
 * @param handlers what is called when a job has failed
 * @param keepFailures whether failed jobs go to their registry with their traceback
 * @param resultTtl for jobs that do not say it themselves, in seconds or -1; null for RQ's 500
 * @param failureTtl the same for failures; null for RQ's year
 * @param deployment whose Redis the code of jobs in child JVMs talks to
 * @param client what the code of jobs may enqueue more with; connected at the first call
 */
public record EndSettings(
        List<ExceptionHandler> handlers,
        boolean keepFailures,
        @Nullable String resultTtl,
        @Nullable String failureTtl,
        JobSettings deployment,
        Supplier<JobClient> client) {

    /** Letters for the scripts that record an end; see {@code ending.lua}. */
    String flags() {
        return (deployment.isRq3() ? "r" : "") + (keepFailures ? "" : "d");
    }
}
