package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What every RQ from 2.8 to 3.0 can read without harm, stricter than any of them: checks a whole key space. */
final class RqContract {
    private static final String ID = "[A-Za-z0-9_-]+";
    private static final Pattern MOMENT = Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z)?");
    private static final Pattern WHOLE = Pattern.compile("-?\\d+");
    private static final Pattern REAL = Pattern.compile("-?\\d+(\\.\\d+)?(e-?\\d+)?");
    private static final Pattern FLAG = Pattern.compile("[01]");
    private static final Pattern INTS = Pattern.compile("\\[\\d+(, \\d+)*]");
    private static final Pattern IDS = Pattern.compile("\\[\"" + ID + "\"(, \"" + ID + "\")*]");
    private static final Pattern STATUS =
            Pattern.compile("created|queued|started|deferred|scheduled|finished|failed|stopped|canceled");
    private static final Pattern ANY = Pattern.compile("(?s).*");
    private static final Pattern FUNCTION = Pattern.compile("([A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*)?");

    private static final Map<String, Pattern> JOB = new HashMap<>();
    private static final Map<String, Pattern> WORKER = new HashMap<>();
    private static final Map<String, Pattern> EXECUTION = new HashMap<>();
    private static final Map<String, Pattern> RESULT = new HashMap<>();

    static {
        put(JOB, MOMENT, "created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat");
        put(
                JOB,
                WHOLE,
                "timeout",
                "result_ttl",
                "failure_ttl",
                "ttl",
                "retries_left",
                "repeats_left",
                "number_of_retries");
        put(JOB, WHOLE, "success_callback_timeout", "failure_callback_timeout", "stopped_callback_timeout");
        put(JOB, WHOLE, "rate_limit_concurrency");
        put(JOB, INTS, "retry_intervals", "repeat_intervals");
        put(JOB, IDS, "dependency_ids");
        put(JOB, Pattern.compile(ID), "dependency_id");
        put(JOB, FLAG, "enqueue_at_front", "enqueue_at_front_on_retry", "allow_dependency_failures");
        put(JOB, FUNCTION, "success_callback_name", "failure_callback_name", "stopped_callback_name");
        put(JOB, STATUS, "status");
        put(
                JOB,
                ANY,
                "description",
                "origin",
                "worker_name",
                "group_id",
                "data",
                "meta",
                "result",
                "exc_info",
                "webhooks");
        put(JOB, ANY, "rate_limit_key");
        put(WORKER, MOMENT, "birth", "last_heartbeat", "shutdown_requested_date", "death");
        put(WORKER, WHOLE, "pid", "successful_job_count", "failed_job_count");
        put(WORKER, REAL, "total_working_time", "current_job_working_time");
        put(WORKER, Pattern.compile("starting|started|suspended|busy|idle"), "state");
        put(WORKER, ANY, "queues", "hostname", "ip_address", "version", "python_version", "current_job");
        put(EXECUTION, REAL, "created_at", "last_heartbeat");
        put(EXECUTION, ANY, "id", "job_id", "worker_name");
        put(RESULT, Pattern.compile("[1-5]"), "type");
        put(RESULT, REAL, "execution_started_at", "execution_ended_at");
        put(RESULT, ANY, "worker_name", "return_value", "exc_string", "execution_id");
    }

    private static void put(Map<String, Pattern> forms, Pattern form, String... fields) {
        for (var field : fields) {
            forms.put(field, form);
        }
    }

    private final RedisCommands<String, String> redis;
    private final List<String> violations = new ArrayList<>();

    private RqContract(RedisCommands<String, String> redis) {
        this.redis = redis;
    }

    /** What in this Redis some RQ could stumble over, one line each. */
    static List<String> violations(String url) {
        try (var client = RedisClient.create(url)) {
            // every byte a character
            var contract = new RqContract(
                    client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync());
            contract.redis.keys("*").forEach(contract::check);
            return contract.violations;
        }
    }

    private void check(String key) {
        if (key.startsWith("simul:")) {
            return;
        }
        var parts = key.split(":", 3);
        require(parts[0].equals("rq") && parts.length > 1, key, "is no key of RQ, and ours begin with simul:");
        switch (parts[1]) {
            case "job" -> job(key);
            case "queue" -> list(key);
            case "queues" -> members(key, "rq:queue:.+");
            case "workers" -> members(key, "rq:worker:.+");
            case "wip" -> scores(key, ID + ":[0-9a-f]{32}");
            case "finished", "failed", "deferred", "scheduled", "canceled" -> scores(key, ID);
            case "execution" -> hash(key, EXECUTION, "id", "created_at", "last_heartbeat", "job_id", "worker_name");
            case "executions" -> scores(key, "[0-9a-f]{32}");
            case "results" -> redis.xrange(key, Range.unbounded()).forEach(entry -> result(key, entry.getBody()));
            case "worker" -> worker(key);
            case "group" -> members(key, ID);
            case "groups" -> members(key, ".+");
            default -> {}
        }
    }

    private void job(String key) {
        if (key.endsWith(":dependents") || key.startsWith("rq:job::")) {
            members(key, ID);
            return;
        }
        require(key.matches("rq:job:" + ID), key, "has an id that RQ refuses");
        hash(key, JOB, "created_at", "data", "origin", "status", "timeout");
        var fields = redis.hgetall(key);
        if (fields.isEmpty()) {
            return;
        }
        for (var name : List.of("success", "failure", "stopped")) {
            boolean named = !fields.getOrDefault(name + "_callback_name", "").isEmpty();
            require(
                    named == fields.containsKey(name + "_callback_timeout"),
                    key,
                    name + " callback and its time-out go together");
        }
        require(!"0".equals(fields.get("timeout")), key, "a time-out of 0");
        var group = fields.getOrDefault("group_id", "");
        require(
                group.isEmpty() || redis.exists("rq:group:" + group) == 1,
                key,
                "its group " + group + " does not exist");
        var data = Zlib.inflate(bytes(fields.get("data")), 1 << 20);
        require(data != null, key, "data is no zlib");
    }

    private static byte[] bytes(@Nullable String text) {
        return text == null ? new byte[0] : text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private void worker(String key) {
        if (key.endsWith(":executions")) {
            members(key, ID + ":[0-9a-f]{32}");
        } else {
            hash(key, WORKER, "birth", "last_heartbeat", "queues", "pid", "hostname", "state");
        }
    }

    private void result(String key, Map<String, String> fields) {
        fields(key, fields, RESULT);
        require(fields.containsKey("type"), key, "a result without a type");
        try {
            if (fields.containsKey("return_value")) {
                Base64.getDecoder().decode(fields.get("return_value"));
            }
            if (fields.containsKey("exc_string")) {
                var plain = Zlib.inflate(Base64.getDecoder().decode(fields.get("exc_string")), 1 << 24);
                require(plain != null, key, "exc_string is no zlib");
            }
        } catch (IllegalArgumentException e) {
            require(false, key, "a result that is no base64: " + fields);
        }
    }

    private void hash(String key, Map<String, Pattern> forms, String... needed) {
        var fields = redis.hgetall(key);
        if (fields.isEmpty()) {
            return; // gone since the keys were listed
        }
        fields(key, fields, forms);
        for (var field : needed) {
            require(fields.containsKey(field), key, "lacks " + field);
        }
    }

    private void fields(String key, Map<String, String> fields, Map<String, Pattern> forms) {
        fields.forEach((field, value) -> {
            if (!field.startsWith("x_")) {
                var form = forms.get(field);
                require(form != null, key, "has a field " + field + " that RQ does not know; ours begin with x_");
                require(form == null || form.matcher(value).matches(), key, field + " = " + value);
            }
        });
    }

    private void list(String key) {
        var type = redis.type(key); // none: a worker has emptied it since it was listed
        require(type.equals("list") || type.equals("none"), key, "is a " + type);
        redis.lrange(key, 0, -1).forEach(id -> require(id.matches(ID), key, "holds " + id));
    }

    private void members(String key, String form) {
        redis.smembers(key).forEach(member -> require(member.matches(form), key, "holds " + member));
    }

    private void scores(String key, String form) {
        redis.zrange(key, 0, -1).forEach(member -> require(member.matches(form), key, "holds " + member));
    }

    private void require(boolean condition, String key, String otherwise) {
        if (!condition) {
            violations.add(key + " " + otherwise);
        }
    }
}
