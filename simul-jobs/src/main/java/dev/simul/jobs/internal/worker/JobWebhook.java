package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RqJson;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** One of the URLs that a job wants called at its end, as its field {@code webhooks} says. */
record JobWebhook(URI url, String jobStatus, String method, Map<String, String> headers, Duration timeout) {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final long DEFAULT_TIMEOUT = 10;
    private static final long LONGEST_TIMEOUT = 300; // nobody's server may keep our thread for longer

    /** What the field asks for; an entry that says nothing sensible is logged, not obeyed. */
    static List<JobWebhook> read(String jobId, @Nullable String field) {
        var webhooks = new ArrayList<JobWebhook>();
        if (field == null) {
            return webhooks;
        }
        try {
            for (var entry : RqJson.read(field.getBytes(StandardCharsets.UTF_8))) {
                try {
                    webhooks.add(of(entry));
                } catch (IllegalArgumentException e) {
                    LOG.log(Level.WARNING, "job {0} has a webhook that is not sent: {1}", jobId, e.getMessage());
                }
            }
        } catch (JacksonException e) {
            LOG.log(Level.WARNING, "job {0} has webhooks that are no JSON: {1}", jobId, e.getOriginalMessage());
        }
        return webhooks;
    }

    private static JobWebhook of(JsonNode entry) {
        var url = URI.create(entry.path("url").asString(""));
        if (!("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getHost() == null) {
            throw new IllegalArgumentException("its url is not http:// or https://");
        }
        var status = entry.path("job_status").asString("");
        if (!status.equals("finished") && !status.equals("failed")) {
            throw new IllegalArgumentException("job_status must be finished or failed, was '" + status + "'");
        }
        var method = entry.path("method").asString("GET");
        if (!method.equals("GET") && !method.equals("POST")) {
            throw new IllegalArgumentException("method must be GET or POST, was '" + method + "'");
        }
        var headers = new LinkedHashMap<String, String>();
        entry.path("headers").forEachEntry((name, value) -> headers.put(name, value.asString("")));
        long seconds = entry.path("timeout").asLong(DEFAULT_TIMEOUT);
        return new JobWebhook(
                url, status, method, headers, Duration.ofSeconds(Math.clamp(seconds, 1, LONGEST_TIMEOUT)));
    }

    /** The URL without what may be secret in it. */
    @Override
    public String toString() {
        return method + " " + url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort())
                + url.getPath();
    }
}
