package dev.simul.jobs;

import dev.simul.jobs.internal.cron.CronExpression;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A call that a {@link CronScheduler} enqueues again and again: {@code CronJob.cron("0 9 * * mon-fri", JobRequest.of(Reports::send))}.
 *
 * <p>Options of its jobs are those of the request. Immutable.
 */
public final class CronJob {
    private final JobRequest<?> request;
    private final @Nullable CronExpression cron;
    private final @Nullable Duration interval;
    private final String name;
    private final String queue;
    private final @Nullable ZoneId timeZone;
    private final boolean catchUp;

    private CronJob(
            JobRequest<?> request,
            @Nullable CronExpression cron,
            @Nullable Duration interval,
            String name,
            String queue,
            @Nullable ZoneId timeZone,
            boolean catchUp) {
        this.request = request;
        this.cron = cron;
        this.interval = interval;
        this.name = name;
        this.queue = queue;
        this.timeZone = timeZone;
        this.catchUp = catchUp;
        if (request.options(JobOptions.DEFAULTS).id() != null) {
            throw new IllegalArgumentException("each job of " + name + " needs an id of its own: leave id out");
        }
    }

    /**
     * A job that is enqueued whenever a cron expression says so.
     *
     * @param expression {@code minute hour day-of-month month day-of-week}, such as {@code 0 9 * * mon-fri}, or
     *     {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly}, {@code @yearly}
     * @throws IllegalArgumentException if the expression cannot be read, or no date fits it
     */
    public static CronJob cron(String expression, JobRequest<?> request) {
        return new CronJob(
                request, CronExpression.of(expression), null, request.function(), request.queue(), null, false);
    }

    /**
     * A job that is enqueued at once and then each time when an interval has passed since the last time.
     *
     * @param interval whole seconds, at least one
     */
    public static CronJob every(Duration interval, JobRequest<?> request) {
        if (interval.compareTo(Duration.ofSeconds(1)) < 0
                || !interval.equals(interval.truncatedTo(ChronoUnit.SECONDS))) {
            throw new InvalidSettingException("interval", "must be whole seconds and at least 1 s", interval);
        }
        return new CronJob(request, null, interval, request.function(), request.queue(), null, false);
    }

    /** This job with a name, under which its history is kept; the function's if not said. */
    public CronJob name(String name) {
        Names.require("a cron job's name", name);
        return new CronJob(request, cron, interval, name, queue, timeZone, catchUp);
    }

    /** This job on another queue; the one that its {@link SimulJob} names if not said, else {@code default}. */
    public CronJob queue(String queue) {
        Names.requireQueue(queue);
        return new CronJob(request, cron, interval, name, queue, timeZone, catchUp);
    }

    /** This job by the clocks of a place; those of its scheduler if not said. */
    public CronJob timeZone(ZoneId zone) {
        return new CronJob(request, cron, interval, name, queue, zone, catchUp);
    }

    /**
     * Whether one job is enqueued at the start for times that were missed while no scheduler ran, instead of none as in
     * RQ. It goes by the last time that the job's name was enqueued.
     */
    public CronJob catchUp(boolean catchUp) {
        return new CronJob(request, cron, interval, name, queue, timeZone, catchUp);
    }

    /** What it enqueues. */
    public JobRequest<?> request() {
        return request;
    }

    /** Its name, unique only if its owner cares. */
    public String name() {
        return name;
    }

    /** The queue that its jobs go to. */
    public String queue() {
        return queue;
    }

    /** Its cron expression; null for one with an interval. */
    @Nullable
    CronExpression cron() {
        return cron;
    }

    /** Its interval; null for one with a cron expression. */
    @Nullable
    Duration interval() {
        return interval;
    }

    @Nullable
    ZoneId timeZone() {
        return timeZone;
    }

    boolean catchesUp() {
        return catchUp;
    }

    /** Its name, when it is enqueued, and what. */
    @Override
    public String toString() {
        return name + ": " + (cron == null ? "every " + interval : cron) + " " + request + " on " + queue;
    }
}
