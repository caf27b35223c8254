package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RqJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The optional fields of a job that is being enqueued, in RQ's names and encodings; {@code enqueue.lua} knows those that
 * every job has.
 *
 * <p>Every reader from RQ 2.8 to 3.0 accepts this form. An encoding that differs in one character ({@code true} for a
 * flag, {@code 180.0} for a number) ends every Python worker that meets it.
 */
final class JobHash {
    private final Arguments fields = new Arguments();
    private int count;

    private JobHash() {}

    /** Adds the number of arguments that follow, and those: field, value, field, value, ... */
    static void write(Arguments out, JobOptions options, byte @Nullable [] meta, @Nullable String signature) {
        var hash = new JobHash();
        hash.addAll(options);
        if (meta != null) {
            hash.count += 2;
            hash.fields.add("meta").add(meta);
        }
        hash.add("x_sig", signature);
        out.add(hash.count).addAll(hash.fields);
    }

    private void addAll(JobOptions options) {
        var retry = options.retry();
        if (retry != null) {
            add("retries_left", retry.max());
            add("retry_intervals", RqJson.text(seconds(retry.intervals())));
            if (retry.atFront()) {
                add("enqueue_at_front_on_retry", 1);
            }
        }
        var repeat = options.repeat();
        if (repeat != null) {
            add("repeats_left", repeat.times());
            add("repeat_intervals", RqJson.text(seconds(repeat.intervals())));
        }
        var limit = options.rateLimit();
        if (limit != null) {
            add("rate_limit_key", limit.key());
            add("rate_limit_concurrency", limit.concurrency());
        }
        var keyed = options.concurrencyLimit();
        if (keyed != null) {
            add("x_limit", keyed.concurrency() + ":" + keyed.key()); // read in the HMGET that takes the job
        }
        add("success_callback", options.onSuccess());
        add("failure_callback", options.onFailure());
        add("stopped_callback", options.onStopped());
        if (!options.webhooks().isEmpty()) {
            add("webhooks", webhooks(options.webhooks()));
        }
        add("group_id", options.group());
        addSeconds("result_ttl", options.resultTtl());
        addSeconds("failure_ttl", options.failureTtl());
        addDependencies(options);
        if (lifetime(options) > 0) {
            add("ttl", lifetime(options));
        }
    }

    private void addDependencies(JobOptions options) {
        var parents = options.parents();
        if (!parents.isEmpty()) {
            add("dependency_id", parents.getFirst()); // what readers before 1.10 look at
            add("dependency_ids", RqJson.text(parents));
            if (options.allowFailure() || options.atFront()) { // in RQ the two of them always stand together
                add("allow_dependency_failures", options.allowFailure() ? 1 : 0);
                add("enqueue_at_front", options.atFront() ? 1 : 0);
            }
        } else if (options.atFront() && (options.isDelayed() || options.rateLimit() != null)) {
            add("enqueue_at_front", 1);
        }
    }

    static String webhooks(List<Webhook> webhooks) {
        return RqJson.text(webhooks.stream().map(JobHash::webhook).toList());
    }

    private static Map<String, @Nullable Object> webhook(Webhook webhook) {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("url", webhook.url().toString());
        fields.put("job_status", webhook.status() == JobStatus.FINISHED ? "finished" : "failed");
        fields.put("method", webhook.method());
        fields.put("headers", webhook.headers().isEmpty() ? null : webhook.headers());
        fields.put("timeout", seconds(webhook.timeout()));
        return fields;
    }

    private void add(String field, @Nullable String value) {
        if (value != null) {
            count += 2;
            fields.add(field).add(value);
        }
    }

    private void add(String field, long value) {
        add(field, Long.toString(value));
    }

    private void add(String callback, @Nullable Callback value) {
        if (value != null) {
            add(callback + "_name", value.function());
            add(callback + "_timeout", seconds(value.timeout()));
        }
    }

    private void addSeconds(String field, @Nullable Duration value) {
        if (value != null) {
            add(field, seconds(value));
        }
    }

    /** Seconds until a waiting job vanishes; 0 for never. */
    static long lifetime(JobOptions options) {
        var ttl = options.ttl();
        return ttl == null || ttl.equals(JobOptions.FOREVER) ? 0 : seconds(ttl);
    }

    /** Whole seconds, rounded up; -1 for ever. */
    static long seconds(Duration duration) {
        return duration.equals(JobOptions.FOREVER)
                ? -1
                : duration.plusNanos(999_999_999).toSeconds();
    }

    private static List<Long> seconds(List<Duration> durations) {
        return durations.stream().map(JobHash::seconds).toList();
    }
}
