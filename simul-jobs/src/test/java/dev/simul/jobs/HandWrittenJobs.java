package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Puts jobs into Redis field by field, as rq 2.12.0 would, and looks at what became of them. */
final class HandWrittenJobs implements AutoCloseable {
    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> bytes;
    private final StatefulRedisConnection<String, String> text;

    HandWrittenJobs(String url) {
        this.client = RedisClient.create(url);
        this.bytes = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        this.text = client.connect();
    }

    /** A job at the end of the queue {@code default}; the call is JSON such as {@code ["tasks.noop", null, [], {}]}. */
    void queued(String id, String call, Map<String, String> fields) {
        save(id, "default", "queued", call, fields);
        text.sync().rpush("rq:queue:default", id);
    }

    /** A job that waits for others. */
    void deferred(String id, String queue, List<String> parents, Map<String, String> fields) {
        save(id, queue, "deferred", "[\"tasks.noop\", null, [], {}]", fields);
        text.sync().zadd("rq:deferred:" + queue, 1, id);
        for (var parent : parents) {
            text.sync().sadd("rq:job:" + parent + ":dependents", id);
            text.sync().sadd("rq:job::" + id + ":dependencies", parent);
        }
    }

    void save(String id, String queue, String status, String call, Map<String, String> more) {
        var fields = new LinkedHashMap<String, byte[]>();
        var now = RqTime.iso(Instant.now());
        fields.put("created_at", utf8(now));
        fields.put("data", Zlib.deflate(utf8(call)));
        for (var unset : List.of("success_callback_name", "failure_callback_name", "stopped_callback_name")) {
            fields.put(unset, utf8(""));
        }
        for (var unset : List.of("started_at", "ended_at", "last_heartbeat", "worker_name", "group_id")) {
            fields.put(unset, utf8(""));
        }
        fields.put("origin", utf8(queue));
        fields.put("description", utf8("by hand"));
        fields.put("enqueued_at", utf8(now));
        fields.put("timeout", utf8("180"));
        fields.put("status", utf8(status));
        more.forEach((field, value) -> fields.put(field, utf8(value)));
        bytes.sync().hset("rq:job:" + id, fields);
        text.sync().sadd("rq:queues", "rq:queue:" + queue);
    }

    /** A field of the job's hash; null if there is none. */
    String field(String id, String field) {
        return text.sync().hget("rq:job:" + id, field);
    }

    List<String> list(String queue) {
        return text.sync().lrange("rq:queue:" + queue, 0, -1);
    }

    /** The members of a registry such as {@code scheduled:default}. */
    List<String> registry(String name) {
        return text.sync().zrange("rq:" + name, 0, -1);
    }

    /** Seconds from now to the score of a member, rounded up to ten. */
    long due(String name, String id) {
        double score = Objects.requireNonNull(text.sync().zscore("rq:" + name, id));
        return (long) Math.ceil((score - Instant.now().getEpochSecond()) / 10) * 10;
    }

    /** The types of the job's results, oldest first. */
    List<String> resultTypes(String id) {
        return results(id).stream().map(entry -> entry.get("type")).toList();
    }

    List<Map<String, String>> results(String id) {
        return text.sync().xrange("rq:results:" + id, Range.unbounded()).stream()
                .map(entry -> entry.getBody())
                .toList();
    }

    long ttl(String key) {
        return text.sync().ttl(key);
    }

    /** Every key there is. */
    Set<String> keys() {
        return new TreeSet<>(text.sync().keys("*"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
