package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Fields.Form;
import dev.simul.jobs.internal.redis.JobData;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a job's hash in Redis says, as of one moment.
 *
 * <p>Whoever wrote the hash, reading it never fails: a field of a wrong form counts as not set, and {@link #problems}
 * names it. The result is not part of it; see {@link Job#results}.
 *
 * <p>Thread: any; it never changes.
 */
public final class JobInfo {
    private static final Map<String, Form> FORMS = forms();
    private static final Set<JobStatus> SINCE_RQ_3 =
            Set.of(JobStatus.RATE_LIMITED, JobStatus.READY_TO_ENQUEUE, JobStatus.OTHER);

    private final String id;
    private final Fields fields;

    JobInfo(String id, Fields fields) {
        this.id = id;
        this.fields = fields;
    }

    private static Map<String, Form> forms() {
        var forms = new LinkedHashMap<String, Form>();
        for (var name : List.of("created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat")) {
            forms.put(name, Form.MOMENT);
        }
        for (var name : List.of(
                "timeout",
                "result_ttl",
                "failure_ttl",
                "ttl",
                "retries_left",
                "repeats_left",
                "number_of_retries",
                "rate_limit_concurrency",
                "success_callback_timeout",
                "failure_callback_timeout",
                "stopped_callback_timeout")) {
            forms.put(name, Form.WHOLE);
        }
        for (var name : List.of("retry_intervals", "repeat_intervals", "dependency_ids", "webhooks")) {
            forms.put(name, Form.JSON_LIST);
        }
        for (var name : List.of("enqueue_at_front", "enqueue_at_front_on_retry", "allow_dependency_failures")) {
            forms.put(name, Form.FLAG);
        }
        for (var name : List.of("description", "origin", "worker_name", "group_id", "status")) {
            forms.put(name, Form.TEXT);
        }
        return forms;
    }

    /** The job's id. */
    public String id() {
        return id;
    }

    /** Where it stands. */
    public JobStatus status() {
        return JobStatus.of(fields.text("status").orElse(""));
    }

    /** The queue it belongs to, RQ's {@code origin}; empty text if the hash does not say. */
    public String queue() {
        return fields.text("origin").orElse("");
    }

    /** The name of the function it calls; empty if the call cannot be read. */
    public Optional<String> function() {
        return call().map(JobData::function);
    }

    /** The positional arguments as numbers, texts, lists and maps; empty if the call cannot be read. */
    public List<@Nullable Object> arguments() {
        return call().map(call -> Serialized.plainList(call.arguments())).orElseGet(List::of);
    }

    /** The keyword arguments; empty if there are none or the call cannot be read. */
    public Map<String, @Nullable Object> keywordArguments() {
        return call().map(call -> Serialized.plainMap(call.named())).orElseGet(Map::of);
    }

    /** How the call is written, and with it meta and result; empty if it cannot be read. */
    public Optional<Serializer> serializer() {
        return call().map(JobData::serializer);
    }

    private Optional<JobData> call() {
        try {
            return fields.bytes("data").map(JobData::read);
        } catch (UnreadableValueException e) {
            return Optional.empty();
        }
    }

    /** The line for humans. */
    public Optional<String> description() {
        return fields.text("description");
    }

    /** When it was made. */
    public Optional<Instant> createdAt() {
        return fields.moment("created_at");
    }

    /** When it was put on its queue, the last time. */
    public Optional<Instant> enqueuedAt() {
        return fields.moment("enqueued_at");
    }

    /** When a worker began it, the last time. */
    public Optional<Instant> startedAt() {
        return fields.moment("started_at");
    }

    /** When it ended. */
    public Optional<Instant> endedAt() {
        return fields.moment("ended_at");
    }

    /** When the worker that runs it was last heard of. */
    public Optional<Instant> lastHeartbeat() {
        return fields.moment("last_heartbeat");
    }

    /** The name of the worker that runs it or was the last to run it. */
    public Optional<String> worker() {
        return fields.text("worker_name");
    }

    /** The group it belongs to. */
    public Optional<String> group() {
        return fields.text("group_id");
    }

    /** How long the function may run; {@link JobOptions#FOREVER} for no limit. */
    public Optional<Duration> timeout() {
        return seconds("timeout");
    }

    /** How long it is kept after success, {@link JobOptions#FOREVER} for ever; empty: the worker decides. */
    public Optional<Duration> resultTtl() {
        return seconds("result_ttl");
    }

    /** How long it is kept after failure, {@link JobOptions#FOREVER} for ever; empty: the worker decides. */
    public Optional<Duration> failureTtl() {
        return seconds("failure_ttl");
    }

    /** How long it may wait before it vanishes unrun; empty for no limit. */
    public Optional<Duration> ttl() {
        return seconds("ttl");
    }

    private Optional<Duration> seconds(String field) {
        var seconds = fields.whole(field);
        return seconds.isEmpty()
                ? Optional.empty()
                : Optional.of(seconds.getAsLong() < 0 ? JobOptions.FOREVER : Duration.ofSeconds(seconds.getAsLong()));
    }

    /** How many attempts are left after a failure; empty if it is not to be retried. */
    public OptionalLong retriesLeft() {
        return fields.whole("retries_left");
    }

    /** The waits between attempts as they are stored. */
    public List<Duration> retryIntervals() {
        return intervals("retry_intervals");
    }

    /** Whether another attempt goes to the front of the queue. */
    public boolean retriesAtFront() {
        return fields.flag("enqueue_at_front_on_retry");
    }

    /** How often the function has asked to be tried again by what it returned. */
    public long numberOfRetries() {
        return fields.whole("number_of_retries").orElse(0);
    }

    /** How often it is still to be repeated after success; empty if it is not to be repeated. */
    public OptionalLong repeatsLeft() {
        return fields.whole("repeats_left");
    }

    /** The waits between repetitions as they are stored. */
    public List<Duration> repeatIntervals() {
        return intervals("repeat_intervals");
    }

    private List<Duration> intervals(String field) {
        var intervals = new ArrayList<Duration>();
        for (var seconds : fields.list(field)) {
            if (seconds instanceof Number number) {
                intervals.add(Duration.ofMillis(Math.round(number.doubleValue() * 1000)));
            }
        }
        return intervals;
    }

    /** The ids of the jobs it depends on, in the order in which they were given. */
    public List<String> dependencies() {
        var ids = new ArrayList<String>();
        fields.list("dependency_ids").forEach(id -> ids.add(String.valueOf(id)));
        if (ids.isEmpty()) {
            fields.text("dependency_id").ifPresent(ids::add); // what RQ wrote before there could be several
        }
        return ids;
    }

    /** Whether it runs even if a job it depends on fails. */
    public boolean allowsFailure() {
        return fields.flag("allow_dependency_failures");
    }

    /** Whether it goes to the front of the queue when its time has come. */
    public boolean atFront() {
        return fields.flag("enqueue_at_front");
    }

    /** The function that is called after success. */
    public Optional<String> successCallback() {
        return fields.text("success_callback_name");
    }

    /** The function that is called after failure. */
    public Optional<String> failureCallback() {
        return fields.text("failure_callback_name");
    }

    /** The function that is called when it has been stopped. */
    public Optional<String> stoppedCallback() {
        return fields.text("stopped_callback_name");
    }

    /** Who is told of its end over HTTP; entries that nobody could send are left out, as when it ends. */
    public List<Webhook> webhooks() {
        return fields.list("webhooks").stream()
                .flatMap(entry -> Webhook.read(entry).stream())
                .toList();
    }

    /** RQ 3.0's rate limit that it counts towards. */
    public Optional<String> rateLimitKey() {
        return fields.text("rate_limit_key");
    }

    /** The values kept with the job; empty if there are none or they cannot be read. */
    public Map<String, @Nullable Object> meta() {
        try {
            return fields.bytes("meta").map(Serialized::readMap).orElseGet(Map::of);
        } catch (UnreadableValueException e) {
            return Map.of();
        }
    }

    /** The names of all fields of the hash, our own and unknown ones too. */
    public List<String> fieldNames() {
        return fields.names();
    }

    /** The bytes of a field, exactly as they are in Redis. */
    public Optional<byte[]> field(String name) {
        return fields.bytes(name).map(byte[]::clone);
    }

    /** What in the hash would end a Python worker that meets it, a line each; empty if all is well. */
    public List<String> problems() {
        var problems = new ArrayList<>(fields.problems(FORMS));
        fields.text("status")
                .filter(text -> SINCE_RQ_3.contains(JobStatus.of(text)))
                .ifPresent(status -> problems.add("status '" + status + "' is not known before RQ 3.0"));
        return List.copyOf(problems);
    }

    /** For logs: the job with its status and its queue. */
    @Override
    public String toString() {
        return "job " + id + " (" + fields.text("status").orElse("created") + ", queue " + queue() + ")";
    }
}
