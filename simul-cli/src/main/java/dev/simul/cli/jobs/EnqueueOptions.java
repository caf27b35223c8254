package dev.simul.cli.jobs;

import dev.simul.jobs.JobOptions;
import dev.simul.jobs.Repeat;
import dev.simul.jobs.Retry;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a job, named as those of {@code rq enqueue}. */
final class EnqueueOptions {
    @Option(
            names = {"--timeout", "--job-timeout"},
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "How long it may run: seconds or 5m, 1h; -1 for no limit (default: 180).")
    private @Nullable Duration timeout;

    @Option(
            names = "--result-ttl",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "How long job and result are kept after success; 0 discards them, -1 keeps them for ever.")
    private @Nullable Duration resultTtl;

    @Option(
            names = "--failure-ttl",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "The same after a failure.")
    private @Nullable Duration failureTtl;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "How long it may wait before it vanishes unrun.")
    private @Nullable Duration ttl;

    @Option(names = "--description", paramLabel = "TEXT", description = "A line for humans (default: the call).")
    private @Nullable String description;

    @Option(
            names = "--depends-on",
            paramLabel = "ID",
            description = "Run it after that job has finished; several times for several jobs.")
    private List<String> dependsOn = List.of();

    @Option(names = "--allow-failure", description = "Run it too if one of those jobs has failed.")
    private boolean allowFailure;

    @Option(
            names = {"--job-id", "--id"},
            paramLabel = "ID",
            description = "Its id: letters, digits, _ and - (default: a random one).")
    private @Nullable String id;

    @Option(names = "--at-front", description = "Put it at the front of the queue.")
    private boolean atFront;

    @Option(names = "--retry-max", paramLabel = "N", description = "How often to try again if it fails (default: 0).")
    private int retryMax;

    @Option(
            names = "--retry-interval",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "Pause before that; several times for several pauses (default: 0).")
    private List<Duration> retryIntervals = List.of();

    @Option(names = "--repeat", paramLabel = "N", description = "How often to run it again after success (default: 0).")
    private int repeat;

    @Option(
            names = "--repeat-interval",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "Pause before that (default: 0).")
    private List<Duration> repeatIntervals = List.of();

    @Option(
            names = "--schedule-in",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "Put it on the queue after that time: seconds or 10s, 5m.")
    private @Nullable Duration scheduleIn;

    @Option(
            names = "--schedule-at",
            paramLabel = "TIME",
            description =
                    "Put it on the queue at that time: 2030-01-31T10:00:00, local, or with Z or +01:00 at its end.")
    private @Nullable String scheduleAt;

    @Option(names = "--unique", description = "Refuse it, with exit code 1, if a job with its --job-id exists.")
    private boolean unique;

    @Option(
            names = "--unique-for",
            paramLabel = "TIME",
            converter = RqDurationOption.class,
            description = "Refuse it, with exit code 1, if the same call was enqueued within that time.")
    private @Nullable Duration uniqueFor;

    @Option(names = "--group", paramLabel = "NAME", description = "Make it a member of that group.")
    private @Nullable String group;

    @Option(
            names = "--meta",
            paramLabel = "NAME=VALUE",
            description = "A value to keep with the job, JSON or text; several times for several values.")
    private Map<String, String> meta = Map.of();

    /** These options of the command line on top of others. */
    JobOptions on(JobOptions options) {
        var o = options.atFront(atFront)
                .allowFailure(allowFailure)
                .unique(unique)
                .after(dependsOn);
        o = timeout == null ? o : o.timeout(timeout);
        o = resultTtl == null ? o : o.resultTtl(resultTtl);
        o = failureTtl == null ? o : o.failureTtl(failureTtl);
        o = ttl == null ? o : o.ttl(ttl);
        o = description == null ? o : o.description(description);
        o = id == null ? o : o.id(id);
        o = uniqueFor == null ? o : o.uniqueFor(uniqueFor);
        o = group == null ? o : o.group(group);
        o = meta.isEmpty() ? o : o.meta(CallArguments.of(pairs()).named());
        if (unique && id == null) {
            throw new IllegalArgumentException("--unique needs an id to be unique by: give --job-id ID, or --unique-for"
                    + " TIME for the same function and arguments");
        }
        requireCount("--retry-interval", retryIntervals, "--retry-max", retryMax);
        requireCount("--repeat-interval", repeatIntervals, "--repeat", repeat);
        o = retryMax == 0 ? o : o.retry(new Retry(retryMax, orAtOnce(retryIntervals), false));
        o = repeat == 0 ? o : o.repeat(new Repeat(repeat, orAtOnce(repeatIntervals)));
        return scheduled(o);
    }

    private List<String> pairs() {
        return meta.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .toList();
    }

    private static void requireCount(String option, List<Duration> pauses, String count, int times) {
        if (times == 0 && !pauses.isEmpty()) {
            throw new IllegalArgumentException(option + " is a pause between attempts: say with " + count
                    + " N how many there may be, at least 1");
        }
    }

    private static List<Duration> orAtOnce(List<Duration> intervals) {
        return intervals.isEmpty() ? List.of(Duration.ZERO) : intervals;
    }

    private JobOptions scheduled(JobOptions options) {
        if (scheduleIn != null && scheduleAt != null) {
            throw new IllegalArgumentException(
                    "--schedule-in and --schedule-at contradict each other: give one of them");
        }
        if (scheduleIn != null) {
            return options.in(scheduleIn);
        }
        return scheduleAt == null ? options : options.at(moment(scheduleAt));
    }

    static Instant moment(String text) {
        try {
            return text.matches(".*([zZ]|[+-]\\d\\d:?\\d\\d)")
                            && text.contains("T")
                            && text.indexOf(':', text.indexOf('T')) > 0
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "--schedule-at must be a time such as 2030-01-31T10:00:00 (local) or 2030-01-31T10:00:00Z, was '"
                            + text + "'",
                    e);
        }
    }
}
