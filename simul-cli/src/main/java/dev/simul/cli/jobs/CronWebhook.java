package dev.simul.cli.jobs;

import dev.simul.jobs.Webhook;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** A webhook as a {@link CronFile} writes it, in the words of RQ: {@code {"url": "https://…", "job_status": "failed"}}. */
final class CronWebhook {
    private static final Set<String> KNOWN = new TreeSet<>(Set.of("url", "job_status", "method", "headers", "timeout"));

    private CronWebhook() {}

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException if something is wrong with it
     */
    static Webhook of(JsonNode node) {
        if (!node.isObject()) {
            throw new IllegalArgumentException("a webhook must be an object, was " + node);
        }
        var unknown = new TreeSet<>(node.propertyNames());
        unknown.removeAll(KNOWN);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("nobody knows " + String.join(", ", unknown)
                    + " of a webhook; there are " + String.join(", ", KNOWN));
        }
        var url = URI.create(CronFile.text(node, "url"));
        var webhook = switch (node.path("job_status").asString("finished")) {
            case "finished" -> Webhook.onFinished(url);
            case "failed" -> Webhook.onFailed(url);
            default ->
                throw new IllegalArgumentException(
                        "job_status must be finished or failed, was " + node.get("job_status"));
        };
        if (node.hasNonNull("headers")) {
            var headers = new LinkedHashMap<String, String>();
            CronFile.map(node, "headers").forEach((name, value) -> headers.put(name, String.valueOf(value)));
            webhook = webhook.headers(headers);
        }
        if (node.hasNonNull("timeout")) {
            webhook = webhook.timeout(CronFile.seconds(node, "timeout"));
        }
        return switch (node.path("method").asString("GET")) {
            case "GET" -> webhook;
            case "POST" -> webhook.post();
            default -> throw new IllegalArgumentException("method must be GET or POST, was " + node.get("method"));
        };
    }
}
