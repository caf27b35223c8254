package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The whole key space as text, one line for each key, without what differs from run to run: moments, execution ids and
 * a few seconds of life time that a slow machine has used up.
 */
final class RedisDump {
    private RedisDump() {}

    /** Each key's type, TTL and content; TTLs and scores to come are rounded up to ten seconds. */
    static String of(String url) {
        try (var client = RedisClient.create(url)) {
            // every byte a character
            var redis =
                    client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
            return redis.keys("*").stream()
                    // the proof that a worker of ours lives: nothing but moments
                    .filter(key -> !key.matches("simul:rq:(alive|workers):.*"))
                    .map(key -> key + " " + redis.type(key) + ttl(redis.pttl(key)) + " " + content(redis, key))
                    .map(RedisDump::withoutMoments)
                    .sorted()
                    .collect(Collectors.joining("\n", "", "\n"));
        }
    }

    private static String withoutMoments(String line) {
        return line.replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z", "ISO")
                .replaceAll("\\b[0-9a-f]{32}\\b", "E")
                .replaceAll("\\b1[0-9]{9}(\\.\\d{1,6})?\\b", "UNIX")
                .replaceAll("(total_working_time)=0\\.\\d+", "$1=SECONDS");
    }

    private static String ttl(long millis) {
        return millis < 0 ? "" : " ttl=" + tens(millis / 1000.0);
    }

    private static long tens(double seconds) {
        return (long) Math.ceil(seconds / 10) * 10;
    }

    private static Object content(RedisCommands<String, String> redis, String key) {
        return switch (redis.type(key)) {
            case "hash" -> hash(redis.hgetall(key));
            case "list" -> redis.lrange(key, 0, -1);
            case "set" -> new TreeSet<>(redis.smembers(key));
            case "zset" ->
                redis.zrangeWithScores(key, 0, -1).stream()
                        .map(RedisDump::scored)
                        .toList();
            case "stream" ->
                redis.xrange(key, Range.unbounded()).stream()
                        .map(entry -> new TreeMap<>(entry.getBody()))
                        .toList();
            default -> redis.get(key);
        };
    }

    private static Map<String, String> hash(Map<String, String> fields) {
        var shown = new TreeMap<>(fields);
        shown.computeIfPresent("data", (_, data) -> {
            var plain = Zlib.inflate(data.getBytes(StandardCharsets.ISO_8859_1), 1 << 20);
            return "zlib " + new String(Objects.requireNonNull(plain), StandardCharsets.UTF_8);
        });
        return shown;
    }

    private static String scored(ScoredValue<String> value) {
        double ahead = value.getScore() - Instant.now().getEpochSecond();
        boolean moment = value.getScore() > 1e9 && ahead < 1e9;
        return value.getValue() + (moment ? " in " + tens(ahead) : " at " + value.getScore());
    }

    static void flush(String url) {
        try (var client = RedisClient.create(url)) {
            client.connect().sync().flushall();
        }
    }
}
