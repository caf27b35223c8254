package dev.simul.jobs;

import dev.simul.jobs.internal.worker.JobScope;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The job that the calling code is part of.
 *
 * {@snippet :
 * @SimulJob("reports.build")
 * static int build(int pages) {
 *     for (int page = 0; page < pages; page++) {
 *         CurrentJob.get().progress(page, pages);
 *     }
 *     return pages;
 * }
 * }
 *
 * <p>Known in the function itself, in coroutines and tasks that it spawns, in callbacks and in exception handlers; a
 * plain thread that the function starts does not inherit it. The environment variables that RQ sets for a job's process
 * ({@code RQ_JOB_ID}, {@code RQ_WORKER_ID}) do not exist here, because one JVM runs many jobs at a time.
 *
 * <p>Thread: any, once you hold it. What goes to Redis throws {@link RedisUnavailableException} if it cannot.
 */
public interface CurrentJob {
    /**
     * The job that the calling code is part of.
     *
     * @return the job, never null
     * @throws IllegalStateException if no job is running here
     */
    static CurrentJob get() {
        return find().orElseThrow(() -> new IllegalStateException(
                "no job is running here: CurrentJob.get() is for code that a worker has called; elsewhere ask"
                        + " CurrentJob.find(), or hand the CurrentJob to the threads you start"));
    }

    /**
     * The job that the calling code is part of, if any.
     *
     * @return empty outside a job
     */
    static Optional<CurrentJob> find() {
        return JobScope.current();
    }

    /** The job's id. */
    String id();

    /** The name of the queue it came from. */
    String queue();

    /** The name of the worker that runs it. */
    String worker();

    /** The id of this attempt; another attempt of the same job has another one. */
    String executionId();

    /** How it stands: started while the function runs; in callbacks and exception handlers already how it has ended. */
    JobStatus status();

    /**
     * The values kept with the job, as they were when first asked for. Change them, then {@link #saveMeta()}.
     *
     * @return this job's own copy; empty if there are none
     * @throws IllegalStateException if they are in a form this library does not read; they are then left alone
     */
    Map<String, @Nullable Object> meta();

    /** Reads the values kept with the job again, and forgets changes that were not saved. */
    void refreshMeta();

    /**
     * Writes the values kept with the job, and no other field of it.
     *
     * @return false, and nothing is written, if the job was deleted or this attempt was given up in the meantime
     */
    boolean saveMeta();

    /**
     * Keeps under {@code progress} in {@link #meta()} how far the job is: {@code {"done": 3, "total": 10, "percent": 30}}.
     *
     * <p>Returns at once, and may be called as often as you like: at most some writes a second go to Redis, and the last
     * one before the end of the job always does. A Redis that cannot be reached is logged and does no harm.
     *
     * @param done how much is done, not negative
     * @param total how much there is to do, at least 1 and at least {@code done}
     */
    void progress(long done, long total);

    /** Everything that Redis says of the job now; empty if it was deleted. */
    Optional<JobInfo> info();

    /**
     * How many more attempts there are if this one fails, as Redis says now.
     *
     * @return 0 for a job without retries
     */
    int retriesLeft();

    /**
     * A client of the worker's deployment, to enqueue more jobs or look at others. It is shared by all jobs of the worker
     * and ends with it, so leave it open.
     */
    JobClient client();
}
