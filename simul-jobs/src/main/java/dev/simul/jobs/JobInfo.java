package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Fields.Form;
import dev.simul.jobs.internal.redis.RqJson;
import dev.simul.jobs.internal.redis.Zlib;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Everything that a job's hash in Redis says, as of one moment.
 *
 * <p>Whoever wrote the hash, reading it never fails: a field of a wrong form counts as not set, and {@link #problems}
 * names it. The result is not part of it; see {@link Job#results}.
 *
 * <p>Thread: any; it never changes.
 */
public final class JobInfo {
    private static final int LIMIT_BYTES = 256 << 20;

    private static final Map<String, Form> FORMS = forms();

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
        return call().map(call -> call.get(0)).filter(JsonNode::isString).map(JsonNode::stringValue);
    }

    /** The positional arguments as numbers, texts, lists and maps; empty if the call cannot be read. */
    public List<@Nullable Object> arguments() {
        return call().map(call -> call.get(2))
                .filter(JsonNode::isArray)
                .map(JobInfo::list)
                .orElseGet(List::of);
    }

    /** The keyword arguments; empty if there are none or the call cannot be read. */
    public Map<String, @Nullable Object> keywordArguments() {
        return call().map(call -> call.get(3)).map(JobInfo::map).orElseGet(Map::of);
    }

    private Optional<JsonNode> call() {
        return fields.bytes("data")
                .map(JobInfo::inflated)
                .map(JobInfo::tree)
                .filter(call -> call.isArray() && call.size() == 4);
    }

    private static byte[] inflated(byte[] bytes) {
        try {
            var plain = Zlib.inflate(bytes, LIMIT_BYTES);
            return plain == null ? bytes : plain;
        } catch (IllegalArgumentException e) {
            return new byte[0]; // larger than anybody means it to be
        }
    }

    private static @Nullable JsonNode tree(byte[] bytes) {
        try {
            return RqJson.read(bytes);
        } catch (JacksonException e) {
            return null;
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // a list may hold nulls
    private static List<@Nullable Object> list(JsonNode node) {
        return (List<@Nullable Object>) RqJson.convert(node, List.class);
    }

    @SuppressWarnings({"unchecked", "NullAway"})
    private static Map<String, @Nullable Object> map(JsonNode node) {
        return node.isObject() ? (Map<String, @Nullable Object>) RqJson.convert(node, Map.class) : Map.of();
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
        fields.json(field, true)
                .ifPresent(list -> list.forEach(seconds -> {
                    if (seconds.isNumber()) {
                        intervals.add(Duration.ofMillis(Math.round(seconds.doubleValue() * 1000)));
                    }
                }));
        return intervals;
    }

    /** The ids of the jobs it depends on, in the order in which they were given. */
    public List<String> dependencies() {
        var ids = new ArrayList<String>();
        fields.json("dependency_ids", true).ifPresent(list -> list.forEach(id -> ids.add(id.asString(""))));
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

    /** RQ 3.0's rate limit that it counts towards. */
    public Optional<String> rateLimitKey() {
        return fields.text("rate_limit_key");
    }

    /** The values kept with the job; empty if there are none or they are not in JSON. */
    public Map<String, @Nullable Object> meta() {
        return fields.bytes("meta").map(JobInfo::tree).map(JobInfo::map).orElseGet(Map::of);
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
                .filter(text -> JobStatus.of(text) == JobStatus.OTHER)
                .ifPresent(status -> problems.add("status '" + status + "' is not known before RQ 3.0"));
        return List.copyOf(problems);
    }

    /** For logs: the job with its status and its queue. */
    @Override
    public String toString() {
        return "job " + id + " (" + fields.text("status").orElse("created") + ", queue " + queue() + ")";
    }
}
