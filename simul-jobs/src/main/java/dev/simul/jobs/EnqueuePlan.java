package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RqJson;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where {@code enqueue.lua} is to put a job, and under which conditions. */
final class EnqueuePlan {
    private static final Duration PENDING_LOCK = Duration.ofDays(30); // nobody else removes it

    private final JobOptions options;
    private final @Nullable String lock;

    EnqueuePlan(JobOptions options, byte[] call) {
        this.options = options;
        this.lock = lock(options, call);
    }

    private static @Nullable String lock(JobOptions options, byte[] call) {
        if (options.uniqueFor() == null && !options.isUniqueWhilePending()) {
            return null;
        }
        var key = options.uniqueKey();
        if (key != null) {
            return "key:" + key;
        }
        return options.id() == null ? "call:" + digest(call) : "id:" + options.id();
    }

    private static String digest(byte[] call) {
        try {
            var sha256 = MessageDigest.getInstance("SHA-256").digest(call);
            return HexFormat.of().formatHex(sha256, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** What no two such jobs of a queue may have in common; null if anything goes. */
    @Nullable
    String lock() {
        return lock;
    }

    byte[] write(Instant now) {
        var plan = new LinkedHashMap<String, Object>();
        if (options.id() != null) {
            plan.put("explicit", true);
        }
        if (JobHash.lifetime(options) > 0) {
            plan.put("ttl", JobHash.lifetime(options));
        }
        options.due(now).ifPresent(due -> plan.put("due", due.getEpochSecond()));
        if (!options.parents().isEmpty()) {
            plan.put("parents", options.parents());
            plan.put("lenient", options.allowFailure());
        }
        if (options.retry() != null || options.repeat() != null) {
            plan.put("counts", true);
        }
        putIfSaid(plan, "group", options.group());
        var limit = options.rateLimit();
        if (limit != null) {
            plan.put("limit", Map.of("key", limit.key(), "concurrency", limit.concurrency()));
        }
        putUnique(plan);
        if (plan.isEmpty()) {
            return (options.atFront() ? "L" : "R").getBytes(StandardCharsets.US_ASCII);
        }
        plan.put("front", options.atFront());
        return RqJson.write(plan);
    }

    private void putUnique(Map<String, Object> plan) {
        if (options.isUnique()) {
            plan.put("unique", true);
        }
        if (lock != null) {
            var period = options.uniqueFor();
            var time = period == null ? PENDING_LOCK : period;
            plan.put("lock", lock);
            plan.put("ms", time.toMillis());
            plan.put("pending", options.isUniqueWhilePending());
        }
        switch (options.onDuplicate()) {
            case REJECT -> {}
            case RETURN_EXISTING -> plan.put("duplicate", "existing");
            case REPLACE -> plan.put("duplicate", "replace");
        }
    }

    private static void putIfSaid(Map<String, Object> plan, String name, @Nullable Object value) {
        if (value != null) {
            plan.put(name, value);
        }
    }
}
