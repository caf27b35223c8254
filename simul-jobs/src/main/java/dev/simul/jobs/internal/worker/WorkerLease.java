package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The proof that this worker lives, valid for a few seconds by Redis's clock and renewed all the time.
 *
 * <p>Renewing it also tells which other workers have let theirs run out. When Redis itself was away, everybody's has,
 * and nobody is dead: so a worker believes that others are only when its own proof has held without a gap for as long as
 * a proof is valid.
 *
 * <p>Thread: one at a time.
 */
final class WorkerLease {
    private static final Pattern UPTIME = Pattern.compile("uptime_in_seconds:(\\d+)");

    private final RedisLink redis;
    private final RedisAsyncCommands<String, byte[]> connection;
    private final WorkerSettings settings;
    private final Duration length;
    private boolean renewed;
    private long settledNanos;

    WorkerLease(RedisLink redis, RedisAsyncCommands<String, byte[]> connection, WorkerSettings settings) {
        this.redis = redis;
        this.connection = connection;
        this.settings = settings;
        this.length = settings.upkeep().rescueAfter();
        this.settledNanos = System.nanoTime();
    }

    /** How often to renew it. */
    Duration beat() {
        return length.dividedBy(5);
    }

    /** Renews it; returns the workers that are silent, by queue. */
    Map<String, List<String>> renew() {
        if (!renewed && !redisIsUpForLong()) {
            settledNanos = System.nanoTime() + length.toNanos();
        }
        var values = new Arguments().add(settings.name()).add(length.toMillis());
        var answer = redis.await(redis.<List<?>>run(Script.LEASE, connection, ScriptOutputType.MULTI, keys(), values));
        boolean late = (Long) answer.get(0) == 1;
        if (late && renewed) {
            settledNanos = System.nanoTime() + length.toNanos();
        }
        renewed = true;
        return System.nanoTime() - settledNanos < 0 ? Map.of() : silent((List<?>) answer.get(1));
    }

    /** Whether those who lived before us have had the time to renew theirs. */
    private boolean redisIsUpForLong() {
        var uptime = UPTIME.matcher(redis.await(connection.info("server")));
        return uptime.find() && Long.parseLong(uptime.group(1)) > 2 * length.toSeconds();
    }

    private Map<String, List<String>> silent(List<?> perQueue) {
        var silent = new LinkedHashMap<String, List<String>>();
        for (int i = 0; i < perQueue.size(); i++) {
            var names = Reply.texts(perQueue.get(i));
            if (!names.isEmpty()) {
                silent.put(settings.queues().get(i), names);
            }
        }
        return silent;
    }

    /** Gives it up: nothing of this worker's is left to be rescued. */
    void end() {
        for (var queue : settings.queues()) {
            var _ = connection.zrem(
                    redis.keys().ownWorkers(queue), settings.name().getBytes(StandardCharsets.UTF_8));
        }
        redis.await(connection.del(redis.keys().alive(settings.name())));
    }

    private List<String> keys() {
        var keys = new ArrayList<>(List.of(redis.keys().alive(settings.name())));
        settings.queues().forEach(queue -> keys.add(redis.keys().ownWorkers(queue)));
        return keys;
    }
}
