package dev.simul.jobs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Code around every enqueue of a {@link JobClient} and around every run of a {@link Worker}'s jobs: logging, tracing,
 * metrics, checks.
 *
 * {@snippet :
 * var timed = new JobMiddleware() {
 *     @Override
 *     public void run(Run run) throws Exception {
 *         var begin = System.nanoTime();
 *         try {
 *             run.proceed();
 *         } finally {
 *             LOG.log(INFO, "{0} took {1} ns", run.function(), System.nanoTime() - begin);
 *         }
 *     }
 * };
 * var settings = JobSettings.of(url).middleware(timed);
 * }
 *
 * <p>Of several, the first given to {@link JobSettings#middleware} is the outermost. Each must call {@code proceed} once;
 * what the inner ones, the queue or the function throw comes out of it. What a middleware throws goes to whoever
 * enqueues, or makes the job fail as if its function had thrown it.
 *
 * <p>Thread: of whoever enqueues; of the job. Many at the same time, so it must be safe for that.
 */
public interface JobMiddleware {
    /** Around one call that enqueues, of one job or of many. */
    default void enqueue(Enqueue enqueue) {
        enqueue.proceed();
    }

    /**
     * Around one run of a job's function, which {@link CurrentJob} knows already. Jobs that cannot be run at all (no such
     * function, arguments that do not fit) do not come here. Where the function runs in a child JVM, this is around the
     * call to it, in the worker's JVM; what such a function enqueues itself passes no middleware.
     *
     * @throws Exception what is to be the job's failure
     */
    default void run(Run run) throws Exception {
        run.proceed();
    }

    /** One call that enqueues. */
    interface Enqueue {
        /** The queue's name. */
        String queue();

        /** What is to be enqueued, as it was asked for. */
        List<JobRequest<?>> requests();

        /** Changes the options of every job, before {@link #proceed}. */
        void change(UnaryOperator<JobOptions> change);

        /** Goes on, at last to Redis. */
        void proceed();

        /** The jobs' ids in the order of the requests; empty before {@link #proceed} has returned. */
        List<String> ids();
    }

    /** One run of a job. */
    interface Run {
        /** The job, with its meta. */
        CurrentJob job();

        /** The function's name. */
        String function();

        /** How long the job has waited in its queue, by the clocks of two machines; empty if its hash does not say. */
        Optional<Duration> waited();

        /**
         * Goes on, at last to the function.
         *
         * @throws Exception what the function has thrown, or an inner middleware
         */
        void proceed() throws Exception;
    }
}
