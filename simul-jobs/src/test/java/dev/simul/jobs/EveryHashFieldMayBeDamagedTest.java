package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs with any field damaged in any way, all in one queue: whatever becomes of each, the worker goes on, every good job
 * runs, and no job is nowhere.
 */
class EveryHashFieldMayBeDamagedTest {
    /** Every field that RQ from 2.8 to 3.0 or Simul itself may write, with what would be right. */
    private static final Map<String, String> FIELDS = fields();

    /** What is wrong somewhere: each ends a Python worker, or has ended somebody's. */
    private static final List<byte[]> POISON = poison();

    private static Map<String, String> fields() {
        var fields = new LinkedHashMap<String, String>();
        for (var moment : List.of("created_at", "enqueued_at", "started_at", "ended_at", "last_heartbeat")) {
            fields.put(moment, "2026-11-22T07:40:18.372393Z");
        }
        for (var number : List.of(
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
                "stopped_callback_timeout",
                "x_rescues")) {
            fields.put(number, "60");
        }
        for (var list : List.of("retry_intervals", "repeat_intervals")) {
            fields.put(list, "[0]");
        }
        fields.put("dependency_ids", "[\"nobody\"]");
        fields.put("dependency_id", "nobody");
        for (var flag : List.of("enqueue_at_front", "enqueue_at_front_on_retry", "allow_dependency_failures")) {
            fields.put(flag, "1");
        }
        for (var name : List.of("success_callback_name", "failure_callback_name", "stopped_callback_name")) {
            fields.put(name, "tasks.noop");
        }
        fields.put("status", "queued");
        fields.put("origin", "default");
        fields.put("description", "tasks.add(1, 2)");
        fields.put("worker_name", "w");
        fields.put("group_id", "g");
        fields.put("meta", "{\"user\": \"ana\"}");
        fields.put("result", "1");
        fields.put("exc_info", "");
        fields.put("webhooks", "[]");
        fields.put("rate_limit_key", "api");
        fields.put("data", "[\"tasks.add\", null, [1, 2], {}]");
        return fields;
    }

    private static List<byte[]> poison() {
        var poison = new ArrayList<byte[]>();
        for (var text : List.of(
                "",
                " ",
                "\0",
                "true",
                "yes",
                "-",
                "-1",
                "-2",
                "0",
                "180.0",
                "5m",
                "1e3",
                "PT5M",
                "0x10",
                "nan",
                "inf",
                "99999999999999999999",
                "-99999999999999999999",
                "2026-11-22T07:40:18.372393123Z",
                "2026-11-22T07:40:18+00:00",
                "2026-11-22 07:40:18",
                "1795333225.9",
                "[",
                "[]",
                "{}",
                "5",
                "null",
                "[null]",
                "[[]]",
                "[\"a\"]",
                "[-5]",
                "[1e400]",
                "{\"a\"",
                "\"x\"",
                "ready_to_enqueue",
                "QUEUED",
                "a:b:c",
                "a b",
                "../..",
                "rq:queue:default",
                "%s%n",
                "{0}",
                "\u00ff\u00fe",
                "\u0080",
                "\u0080\u0005",
                "\u0080\u0004N.",
                "N.",
                "(N.",
                "cos\nsystem\n(S'true'\ntR.",
                "x\u009c",
                "[\"tasks.add\", null, [1, 2], {}")) {
            poison.add(text.getBytes(ISO_8859_1));
        }
        poison.add("[".repeat(100_000).getBytes(UTF_8));
        poison.add(("[" + "9".repeat(50_000) + "]").getBytes(UTF_8));
        poison.add(Zlib.deflate("[".repeat(1_000_000).getBytes(UTF_8)));
        poison.add(Zlib.deflate("[\"tasks.add\", null, [1e999999999, 2], {}]".getBytes(UTF_8)));
        poison.add(Zlib.deflate(("[\"tasks.add\", null, [" + "9".repeat(5000) + ", 2], {}]").getBytes(UTF_8)));
        poison.add(
                Zlib.deflate(("\u0080\u0004" + "(".repeat(100_000) + "t".repeat(100_000) + ".").getBytes(ISO_8859_1)));
        poison.add("\ud83d\udc0d".repeat(20_000).getBytes(UTF_8));
        return poison;
    }

    private static String right(String field) {
        return Objects.requireNonNull(FIELDS.get(field));
    }

    private static byte[] damaged(String right, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                var bytes = right.getBytes(UTF_8);
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
            case 1 -> right.substring(0, random.nextInt(right.length() + 1)).getBytes(UTF_8);
            case 2 -> {
                var bytes = new byte[random.nextInt(40)];
                random.nextBytes(bytes);
                yield bytes;
            }
            default -> POISON.get(random.nextInt(POISON.size()));
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 20261125})
    void theWorkerGoesOnAndNoJobIsNowhere(long seed) throws Exception {
        var random = new Random(seed);
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url());
                var client = RedisClient.create(redis.url())) {
            var raw = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                    .sync();
            var ids = new TreeMap<String, String>();
            var good = new ArrayList<Job<Integer>>();
            int n = 0;
            for (var field : FIELDS.keySet()) {
                for (int i = 0; i < 12; i++) {
                    var id = "odd" + n++;
                    ids.put(id, field + " = " + put(raw, id, field, random));
                }
                if (n % 5 == 0) {
                    good.add(jobs.queue("default").enqueue(Sums::add, n, 1));
                }
            }
            var tally = Worker.on(redis.url())
                    .functions(Sums.class)
                    .concurrency(4)
                    .burst(true)
                    .scheduler(true)
                    .build()
                    .run();

            assertThat(tally.finished()).describedAs("seed " + seed).isGreaterThanOrEqualTo(good.size());
            for (var job : good) {
                assertThat(job.await()).isPositive();
            }
            assertThat(jobs.queue("default").size()).isZero();
            for (var entry : ids.entrySet()) {
                assertThat(places(raw, entry.getKey()))
                        .describedAs("seed " + seed + ", job " + entry)
                        .isNotEmpty()
                        .doesNotContain("wip");
                jobs.job(entry.getKey()).ifPresent(job -> {
                    var info = job.info().orElseThrow();
                    assertThat(info.toString() + info.function() + info.arguments() + info.meta() + info.problems())
                            .isNotEmpty();
                    assertThat(job.results()).isNotNull();
                });
            }
        }
    }

    private static String put(RedisCommands<String, byte[]> raw, String id, String field, Random random) {
        var values = new TreeMap<String, byte[]>();
        for (var plain : List.of("created_at", "status", "origin", "enqueued_at", "timeout", "description", "data")) {
            values.put(plain, right(plain).getBytes(UTF_8));
        }
        if (field.startsWith("repeat")) {
            values.put("repeats_left", "1".getBytes(UTF_8));
        } else if (field.startsWith("retr") || field.contains("retry")) {
            values.put("retries_left", "1".getBytes(UTF_8));
            values.put("data", "[\"tasks.boom\", null, [\"no luck\"], {}]".getBytes(UTF_8));
        }
        var damaged = damaged(right(field), random);
        values.put(field, damaged);
        raw.hset("rq:job:" + id, values);
        raw.rpush("rq:queue:default", id.getBytes(UTF_8));
        return new String(damaged, 0, Math.min(damaged.length, 60), ISO_8859_1);
    }

    /** Where a job stands; a job that was to leave nothing stands in {@code gone}. */
    private static List<String> places(RedisCommands<String, byte[]> raw, String id) {
        var places = new ArrayList<String>();
        for (var registry : List.of("finished", "failed", "scheduled", "deferred", "canceled")) {
            if (raw.zscore("rq:" + registry + ":default", id.getBytes(UTF_8)) != null) {
                places.add(registry);
            }
        }
        for (var member : raw.zrange("rq:wip:default", 0, -1)) {
            if (new String(member, UTF_8).startsWith(id + ":")) {
                places.add("wip");
            }
        }
        if (raw.lrange("simul:rq:unreadable:default", 0, -1).stream()
                .anyMatch(member -> new String(member, UTF_8).equals(id))) {
            places.add("unreadable");
        }
        if (raw.exists("rq:job:" + id) == 0) {
            places.add("gone");
        }
        return places;
    }

    /** Ids and keys rather than fields: in the queue, in every registry, in the sets of workers and queues. */
    @Test
    void keysOfAnyTypeAndIdsOfAnyFormAreLivedWith() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url());
                var client = RedisClient.create(redis.url())) {
            var raw = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                    .sync();
            for (var id : List.of("", "a:b:c", "a b", "order.17", "\ud83d\udc0d", "x".repeat(5000), "ghost", "text")) {
                raw.rpush("rq:queue:default", id.getBytes(UTF_8));
                for (var registry : List.of("wip", "finished", "failed", "scheduled", "deferred", "canceled")) {
                    raw.zadd("rq:" + registry + ":default", 1, id.getBytes(UTF_8));
                }
                raw.sadd("rq:queues", id.getBytes(UTF_8));
                raw.sadd("rq:workers", id.getBytes(UTF_8));
                raw.sadd("rq:workers:default", id.getBytes(UTF_8));
                raw.rpush("rq:queue:default:intermediate", id.getBytes(UTF_8));
            }
            raw.set("rq:job:text", "no hash".getBytes(UTF_8));
            raw.set("rq:results:text", "no stream".getBytes(UTF_8));
            raw.set("rq:executions:text", "no set".getBytes(UTF_8));
            raw.zadd("rq:wip:default", 1, "text:execution".getBytes(UTF_8));
            var good = jobs.queue("default").enqueue(Sums::add, 2, 3);
            Worker.on(redis.url())
                    .functions(Sums.class)
                    .burst(true)
                    .scheduler(true)
                    .build()
                    .run();
            assertThat(good.await()).isEqualTo(5);
            assertThat(jobs.queue("default").size()).isZero();
            assertThat(jobs.queues()).isNotNull();
            assertThat(jobs.workers()).isNotNull();
        }
    }
}
