package dev.simul.jobs;

import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The whole key space as text, one key after the other. */
final class RedisDump {
    private RedisDump() {}

    static void flush(String url) {
        try (var client = RedisClient.create(url)) {
            client.connect().sync().flushall();
        }
    }

    /** Type, TTL rounded up to a second if there is one, and content of every key. */
    static Map<String, String> of(String url) {
        try (var client = RedisClient.create(url)) {
            // bytes as characters, one by one
            var redis =
                    client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
            var dump = new TreeMap<String, String>();
            for (var key : redis.keys("*")) {
                long millis = redis.pttl(key);
                var ttl = millis < 0 ? "" : " ttl=" + (millis + 999) / 1000;
                dump.put(key, redis.type(key) + ttl + " " + content(redis, key));
            }
            return dump;
        }
    }

    private static Object content(RedisCommands<String, String> redis, String key) {
        return switch (redis.type(key)) {
            case "hash" -> new TreeMap<>(redis.hgetall(key));
            case "list" -> redis.lrange(key, 0, -1);
            case "set" -> new TreeSet<>(redis.smembers(key));
            case "zset" -> redis.zrangeWithScores(key, 0, -1);
            case "stream" ->
                redis.xrange(key, Range.unbounded()).stream()
                        .map(entry -> new TreeMap<>(entry.getBody()))
                        .toList();
            default -> redis.get(key);
        };
    }
}
