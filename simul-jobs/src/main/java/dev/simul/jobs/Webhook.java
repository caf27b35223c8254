package dev.simul.jobs;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request that the worker makes when a job has finished or failed for good; RQ's {@code Webhook}, known since
 * RQ 2.10.
 *
 * <p>Whether it arrives never changes the job.
 *
 * @param url an http or https address
 * @param status {@link JobStatus#FINISHED} or {@link JobStatus#FAILED}
 * @param method {@code GET}, without a body, or {@code POST}, with the job's id, function, status and times in JSON
 * @param headers headers to send along
 * @param timeout how long the request may take, at least a second
 */
public record Webhook(URI url, JobStatus status, String method, Map<String, String> headers, Duration timeout) {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HEADER_END = Pattern.compile("[\r\n\0]");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Checks every value against what RQ accepts. */
    public Webhook {
        var scheme = url.getScheme();
        if (scheme == null || !(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
            throw new InvalidSettingException("a webhook's url", "must begin with http:// or https://", url);
        }
        if (status != JobStatus.FINISHED && status != JobStatus.FAILED) {
            throw new InvalidSettingException("a webhook's status", "must be FINISHED or FAILED", status);
        }
        if (!method.equals("GET") && !method.equals("POST")) {
            throw new InvalidSettingException("a webhook's method", "must be GET or POST", method);
        }
        headers = Map.copyOf(headers);
        headers.forEach((name, value) -> {
            if (!HEADER_NAME.matcher(name).matches()
                    || HEADER_END.matcher(value).find()) {
                throw new InvalidSettingException(
                        "a webhook's headers", "must have names without blanks and values without line ends", name);
            }
        });
        JobOptions.atLeast("a webhook's timeout", 1, timeout);
        if (timeout.equals(JobOptions.FOREVER)) {
            throw new InvalidSettingException("a webhook's timeout", "must be limited", timeout);
        }
    }

    /** A GET when the job has finished. */
    public static Webhook onFinished(URI url) {
        return new Webhook(url, JobStatus.FINISHED, "GET", Map.of(), TIMEOUT);
    }

    /** A GET when the job has failed for good. */
    public static Webhook onFailed(URI url) {
        return new Webhook(url, JobStatus.FAILED, "GET", Map.of(), TIMEOUT);
    }

    /** One as it stands in a job's hash; empty if nobody could send it. */
    static Optional<Webhook> read(@Nullable Object entry) {
        if (!(entry instanceof Map<?, ?> fields)) {
            return Optional.empty();
        }
        var status = JobStatus.of(String.valueOf(fields.get("job_status")));
        var method = fields.get("method") instanceof String text ? text : "GET";
        var headers = new LinkedHashMap<String, String>();
        if (fields.get("headers") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
        }
        var timeout =
                fields.get("timeout") instanceof Number seconds ? Duration.ofSeconds(seconds.longValue()) : TIMEOUT;
        try {
            var url = URI.create(String.valueOf(fields.get("url")));
            return Optional.of(new Webhook(url, status, method, headers, timeout));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** This request as a POST. */
    public Webhook post() {
        return new Webhook(url, status, "POST", headers, timeout);
    }

    /** This request with other headers. */
    public Webhook headers(Map<String, String> headers) {
        return new Webhook(url, status, method, headers, timeout);
    }

    /** This request with another time limit. */
    public Webhook timeout(Duration timeout) {
        return new Webhook(url, status, method, headers, timeout);
    }
}
