package dev.simul.jobs;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What Simul reads of jobs, queues and registries, in the form in which {@code looks.py} says what rq reads. */
record SimulLooks(JobClient jobs) {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    @Nullable
    Object at(String what, Given given) throws InterruptedException {
        return switch (what) {
            case "job" -> jobs.info(given.text("id")).map(this::job).orElse(null);
            case "jobs" ->
                jobs.infos(given.list("ids")).stream()
                        .map(info -> info.map(JobInfo::id).orElse(null))
                        .toList();
            case "results" ->
                here(given).results().stream().map(SimulLooks::result).toList();
            case "wait" ->
                here(given)
                        .latestResult(given.seconds("seconds"))
                        .map(result -> number(result.type()))
                        .orElse(null);
            case "executions" ->
                here(given).executions().stream()
                        .map(it -> map("job", it.jobId(), "worker", it.worker().orElse(null)))
                        .toList();
            case "queue" -> queue(given);
            case "place" -> place(given);
            case "queues" ->
                jobs.queues().stream().map(QueueInfo::name).sorted().toList();
            case "entries" -> entries(given);
            case "expired" -> registry(given).expiredIds(Instant.ofEpochSecond(given.number("until")));
            case "expiry" -> expiry(given);
            case "group" -> jobs.group(given.text("name")).ids();
            case "groups" -> jobs.groups().stream().map(JobGroup::name).toList();
            default -> throw new UnsupportedOperationException(what);
        };
    }

    private Map<String, @Nullable Object> job(JobInfo info) {
        var job = jobs.job(info.id()).orElseThrow();
        var latest = job.latestResult();
        return map(
                "status", info.status().name().toLowerCase(Locale.ROOT),
                "queue", info.queue(),
                "function", info.function().orElse(null),
                "args", info.arguments(),
                "kwargs", info.keywordArguments(),
                "description", info.description().orElse(null),
                "created", moment(info.createdAt()),
                "enqueued", moment(info.enqueuedAt()),
                "started", moment(info.startedAt()),
                "ended", moment(info.endedAt()),
                "worker", info.worker().orElse(null),
                "timeout", seconds(info.timeout()),
                "result_ttl", seconds(info.resultTtl()),
                "failure_ttl", seconds(info.failureTtl()),
                "ttl", seconds(info.ttl()),
                "meta", info.meta(),
                "retries_left", number(info.retriesLeft()),
                "retry_intervals", seconds(info.retryIntervals()),
                "retry_at_front", info.retriesAtFront(),
                "repeats_left", number(info.repeatsLeft()),
                "repeat_intervals", seconds(info.repeatIntervals()),
                "after", info.dependencies(),
                "dependents", job.dependents().stream().sorted().toList(),
                "allow_failure", info.allowsFailure(),
                "at_front", info.atFront(),
                "on_success", info.successCallback().orElse(null),
                "on_failure", info.failureCallback().orElse(null),
                "on_stopped", info.stoppedCallback().orElse(null),
                "group", info.group().orElse(null),
                "result",
                        latest.filter(it -> it.type() == JobResult.Type.SUCCESSFUL)
                                .flatMap(it -> it.value(Object.class))
                                .orElse(null),
                "error",
                        latest.flatMap(JobResult::traceback)
                                .map(SimulLooks::said)
                                .orElse(null));
    }

    private static Map<String, @Nullable Object> result(JobResult it) {
        return map(
                "type", number(it.type()),
                "result", it.value(Object.class).orElse(null),
                "error", it.traceback().map(SimulLooks::said).orElse(null),
                "worker", it.worker().orElse(null));
    }

    private Map<String, @Nullable Object> queue(Given given) {
        var queue = jobs.queue(given.text("queue", "default"));
        long offset = given.number("offset", 0);
        long count = given.number("count", -1);
        return map(
                "key", queue.key(),
                "count", queue.size(),
                "empty", queue.isEmpty(),
                "ids", queue.ids(offset, count));
    }

    private Map<String, @Nullable Object> place(Given given) {
        var queue = jobs.queue(given.text("queue", "default"));
        return map(
                "job", queue.job(given.text("id")).map(Job::id).orElse(null),
                "position", number(queue.position(given.text("id"))));
    }

    private Map<String, @Nullable Object> entries(Given given) {
        var registry = registry(given);
        long offset = given.number("offset", 0);
        long count = given.number("count", -1);
        return map(
                "key", registry.key(),
                "count", registry.size(),
                "ids", given.is("descending") ? registry.idsDescending(offset, count) : registry.ids(offset, count));
    }

    private Map<String, @Nullable Object> expiry(Given given) {
        var registry = registry(given);
        var id = given.text("id");
        return map("there", registry.contains(id), "at", moment(registry.expiresAt(id)));
    }

    private JobRegistry registry(Given given) {
        var kind = JobRegistry.Kind.valueOf(given.text("kind").toUpperCase(Locale.ROOT));
        return jobs.queue(given.text("queue", "default")).registry(kind);
    }

    private Job<Object> here(Given given) {
        return jobs.job(given.text("id")).orElseThrow();
    }

    /** What is near counts as now, what is not as it is. */
    private static @Nullable String moment(Optional<Instant> at) {
        return at.map(it -> Duration.between(it, Instant.now()).abs().compareTo(Duration.ofDays(1)) < 0
                        ? "now"
                        : MOMENT.format(it))
                .orElse(null);
    }

    /** The message of the error, without its type, which differs by language, and without the time of day. */
    private static String said(String traceback) {
        var line = traceback.strip().lines().toList().getLast();
        return Arrays.asList(line.split(": ", 2)).getLast().replaceAll("[0-9:.]+\\+00:00", "time");
    }

    private static @Nullable Long seconds(Optional<Duration> time) {
        return time.map(it -> it.equals(JobOptions.FOREVER) ? -1 : it.toSeconds())
                .orElse(null);
    }

    private static List<Long> seconds(List<Duration> times) {
        return times.stream().map(Duration::toSeconds).toList();
    }

    private static @Nullable Long number(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static int number(JobResult.Type type) {
        return type.ordinal() + 1;
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... pairs) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }
}
