package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Fields.Form;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a cron scheduler in any language says of itself in Redis, as of one moment.
 *
 * @param name its name
 * @param hostname the machine it runs on
 * @param pid its process there
 * @param createdAt when it began
 * @param lastHeartbeat when it was last heard of
 * @param configFile where its jobs are described
 * @param jobs what it enqueues
 * @param problems what in its entry no RQ program could read, a line each; empty if all is well
 */
public record CronSchedulerInfo(
        String name,
        Optional<String> hostname,
        OptionalLong pid,
        Optional<Instant> createdAt,
        Instant lastHeartbeat,
        Optional<String> configFile,
        List<Entry> jobs,
        List<String> problems) {

    private static final Map<String, Form> FORMS =
            Map.of("pid", Form.WHOLE, "created_at", Form.MOMENT, "cron_jobs", Form.JSON_LIST);

    /**
     * One job that is enqueued again and again.
     *
     * @param name its name; the function's if none was given
     * @param function what is called
     * @param queue where it is enqueued
     * @param cron five fields as in crontab; empty if it has an interval
     * @param interval the time between two of them; empty if it has a cron text
     * @param latest when it was enqueued last
     * @param next when it will be enqueued next
     */
    public record Entry(
            String name,
            String function,
            String queue,
            Optional<String> cron,
            Optional<Duration> interval,
            Optional<Instant> latest,
            Optional<Instant> next) {}

    /** Copies the lists. */
    public CronSchedulerInfo {
        jobs = List.copyOf(jobs);
        problems = List.copyOf(problems);
    }

    static CronSchedulerInfo of(String name, double heartbeat, Fields hash) {
        var jobs = new ArrayList<Entry>();
        for (var job : hash.list("cron_jobs")) {
            if (job instanceof Map<?, ?> fields) {
                jobs.add(entry(fields));
            }
        }
        return new CronSchedulerInfo(
                name,
                hash.text("hostname"),
                hash.whole("pid"),
                hash.moment("created_at"),
                Instant.ofEpochMilli(Math.round(heartbeat * 1000)),
                hash.text("config_file"),
                jobs,
                hash.problems(FORMS));
    }

    private static Entry entry(Map<?, ?> fields) {
        var function = text(fields, "func_name").orElse("?");
        return new Entry(
                text(fields, "name").orElse(function),
                function,
                text(fields, "queue_name").orElse("?"),
                text(fields, "cron"),
                fields.get("interval") instanceof Number seconds
                        ? Optional.of(Duration.ofSeconds(seconds.longValue()))
                        : Optional.empty(),
                text(fields, "latest_enqueue_time").flatMap(Fields::parsed),
                text(fields, "next_enqueue_time").flatMap(Fields::parsed));
    }

    private static Optional<String> text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
