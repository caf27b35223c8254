package dev.simul.jobs;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Gives a static method the name under which jobs ask for it.
 *
 * <p>The name is what stands in Redis, the same for Python and Java: {@code "pages.count_words_at_url"}. A worker runs
 * only methods that carry this annotation and whose class it was given; a name from Redis never leads anywhere else.
 *
 * <p>What is said here of a function's jobs holds for those that are enqueued by a reference to the method, in Java, and
 * only where the queue's options, the call's or a middleware's do not say it. Who enqueues by name, as Python does, does not
 * see it: in Redis each job carries its own. Only {@link #isolation} belongs to the worker, and so holds for all.
 * Durations are in RQ's words: {@code "90"} or {@code "90s"}, {@code "5m"}, {@code "2h"}, {@code "1d"}, {@code "-1"} for no
 * limit.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SimulJob {
    /** The job function's name: letters, digits, underscores and dots, as in a dotted Python path. */
    String value();

    /**
     * Where this function runs, whatever the worker's own setting says: {@code isolation = Isolation.PROCESS}. At most one;
     * the worker's setting if none.
     */
    Isolation[] isolation() default {};

    /** The queue for {@link JobClient#enqueue} and {@link CronJob}, where the caller names none; {@code default} if not said. */
    String queue() default "";

    /** See {@link JobOptions#timeout(java.time.Duration)}. */
    String timeout() default "";

    /** See {@link JobOptions#ttl(java.time.Duration)}. */
    String ttl() default "";

    /** See {@link JobOptions#resultTtl(java.time.Duration)}. */
    String resultTtl() default "";

    /** See {@link JobOptions#failureTtl(java.time.Duration)}. */
    String failureTtl() default "";

    /** See {@link JobOptions#description(String)}. */
    String description() default "";

    /** How often a failed job is tried again; see {@link Retry}. */
    int retries() default 0;

    /** The pauses before further attempts, as in {@link Retry}; at once if not said. */
    String[] retryIntervals() default {};

    /** The name of the function to call when a job has returned; see {@link Callback}. */
    String onSuccess() default "";

    /** The name of the function to call when a job has failed; see {@link Callback}. */
    String onFailure() default "";

    /** The name of the function to call when a job was stopped; see {@link Callback}. */
    String onStopped() default "";
}
