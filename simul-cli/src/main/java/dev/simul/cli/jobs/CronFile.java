package dev.simul.cli.jobs;

import dev.simul.cli.UsageMessage;
import dev.simul.jobs.CronJob;
import dev.simul.jobs.InvalidSettingException;
import dev.simul.jobs.JobOptions;
import dev.simul.jobs.JobRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file of cron jobs: JSON in the words of RQ's {@code cron.register}, with comments allowed.
 *
 * <pre>{@code
 * {"time_zone": "Europe/Berlin", "jobs": [
 *   {"func": "reports.send", "cron": "0 9 * * mon-fri", "args": ["daily"], "queue_name": "mail"},
 *   {"func": "cache.clean", "interval": 300}
 * ]}
 * }</pre>
 */
final class CronFile {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    private static final List<String> KNOWN = List.of(
            "func",
            "name",
            "queue_name",
            "cron",
            "interval",
            "args",
            "kwargs",
            "job_timeout",
            "result_ttl",
            "ttl",
            "failure_ttl",
            "meta",
            "webhooks",
            "time_zone",
            "catch_up");

    private static final Map<String, String> FIELDS =
            Map.of("timeout", "job_timeout", "resultTtl", "result_ttl", "failureTtl", "failure_ttl");

    private final List<CronJob> jobs = new ArrayList<>();
    private @Nullable ZoneId timeZone;

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException if it is not there or cannot be read; says which job and field are wrong
     */
    CronFile(Path file) {
        JsonNode root;
        try {
            root = JSON.readTree(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no file " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    file + " is not JSON, line " + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
        }
        var list = root.isArray() ? root : root.path("jobs");
        if (!list.isArray() || list.isEmpty()) {
            throw new IllegalArgumentException(
                    file
                            + " has no jobs; write {\"jobs\": [{\"func\": \"demo.add\", \"args\": [1, 2], \"cron\": \"0 9 * * *\"}]}");
        }
        try {
            this.timeZone = zone(root);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
        for (int i = 0; i < list.size(); i++) {
            try {
                jobs.add(job(list.get(i)));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("job " + (i + 1) + " of " + file + ": " + said(e, list.get(i)), e);
            }
        }
    }

    private static @Nullable String said(IllegalArgumentException e, JsonNode node) {
        if (!(e instanceof InvalidSettingException refused)) {
            return e.getMessage();
        }
        var field = FIELDS.getOrDefault(refused.setting(), refused.setting());
        return UsageMessage.of(refused, field, node.has(field) ? node.get(field).toString() : refused.value());
    }

    List<CronJob> jobs() {
        return jobs;
    }

    /** The zone for all of them; null if the file does not say. */
    @Nullable
    ZoneId timeZone() {
        return timeZone;
    }

    private static CronJob job(JsonNode node) {
        var unknown = new TreeSet<>(node.propertyNames());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "nobody knows " + String.join(", ", unknown) + "; there are " + String.join(", ", KNOWN));
        }
        if (node.hasNonNull("cron") == node.hasNonNull("interval")) {
            throw new IllegalArgumentException("say either cron or interval");
        }
        var request = request(node);
        var job = node.hasNonNull("cron")
                ? CronJob.cron(text(node, "cron"), request)
                : CronJob.every(seconds(node, "interval"), request);
        if (node.hasNonNull("name")) {
            job = job.name(text(node, "name"));
        }
        if (node.hasNonNull("queue_name")) {
            job = job.queue(text(node, "queue_name"));
        }
        var zone = zone(node);
        if (zone != null) {
            job = job.timeZone(zone);
        }
        return job.catchUp(node.path("catch_up").asBoolean(false));
    }

    private static JobRequest<?> request(JsonNode node) {
        var arguments = JSON.convertValue(list(node, "args"), new TypeReference<List<@Nullable Object>>() {});
        return JobRequest.of(text(node, "func"), JsonNode.class, arguments.toArray())
                .named(map(node, "kwargs"))
                .with(options -> options(options, node));
    }

    private static JobOptions options(JobOptions options, JsonNode node) {
        var changed = options.meta(map(node, "meta"));
        if (node.hasNonNull("job_timeout")) {
            changed = changed.timeout(seconds(node, "job_timeout"));
        }
        if (node.hasNonNull("result_ttl")) {
            changed = changed.resultTtl(seconds(node, "result_ttl"));
        }
        if (node.hasNonNull("ttl")) {
            changed = changed.ttl(seconds(node, "ttl"));
        }
        if (node.hasNonNull("failure_ttl")) {
            changed = changed.failureTtl(seconds(node, "failure_ttl"));
        }
        for (var webhook : list(node, "webhooks")) {
            changed = changed.webhook(CronWebhook.of(webhook));
        }
        return changed;
    }

    static String text(JsonNode node, String field) {
        if (!node.path(field).isString()) {
            throw new IllegalArgumentException(
                    field + " must be a string" + (node.has(field) ? ", was " + node.get(field) : ""));
        }
        return node.get(field).stringValue();
    }

    private static JsonNode list(JsonNode node, String field) {
        if (!node.hasNonNull(field)) {
            return JSON.createArrayNode();
        }
        if (!node.get(field).isArray()) {
            throw new IllegalArgumentException(field + " must be a list, was " + node.get(field));
        }
        return node.get(field);
    }

    static Map<String, @Nullable Object> map(JsonNode node, String field) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        if (!node.hasNonNull(field)) {
            return values;
        }
        if (!node.get(field).isObject()) {
            throw new IllegalArgumentException(field + " must be an object, was " + node.get(field));
        }
        node.get(field).forEachEntry((name, value) -> values.put(name, JSON.convertValue(value, Object.class)));
        return values;
    }

    static Duration seconds(JsonNode node, String field) {
        var value = node.get(field);
        try {
            return new RqDurationOption().convert(value.isString() ? value.stringValue() : value.toString());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(field + " must be seconds or text such as \"5m\", was " + value, e);
        }
    }

    private static @Nullable ZoneId zone(JsonNode node) {
        if (!node.hasNonNull("time_zone")) {
            return null;
        }
        try {
            return ZoneId.of(text(node, "time_zone"));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "time_zone must be one such as \"Europe/Berlin\", was " + node.get("time_zone"), e);
        }
    }
}
