package dev.simul.jobs.internal.worker;

import dev.simul.jobs.ExceptionHandler;
import dev.simul.jobs.JobClient;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a worker was told about the ends of jobs.
 *
 * @param handlers what is called when a job has failed
 * @param keepFailures whether failed jobs go to their registry with their traceback
 * @param client what the code of jobs may enqueue more with; connected at the first call
 */
public record EndSettings(List<ExceptionHandler> handlers, boolean keepFailures, Supplier<JobClient> client) {}
