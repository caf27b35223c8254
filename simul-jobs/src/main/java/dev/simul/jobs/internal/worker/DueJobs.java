package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.HostName;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves jobs whose time has come to their queues, as RQ's scheduler does and beside it.
 *
 * <p>With a name it is a scheduler of RQ's: it takes the lock of every queue that nobody holds, and shows itself in Redis.
 * Without one it steps in where no scheduler holds the lock, so that a retry with an interval never waits for a scheduler
 * that nobody has started. See {@code due.lua}.
 *
 * <p>Thread: one at a time.
 */
public final class DueJobs {
    /** How often to look; sooner if a job is known to be due sooner. */
    public static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final int LOCK_SECONDS = 61;
    private static final int BATCH = 500;

    private final RedisLink redis;
    private final RedisAsyncCommands<String, byte[]> connection;
    private final String name;
    private final List<String> queues;
    private final Instant birth = Instant.now();

    /**
     * Prepares.
     *
     * @param name the scheduler's name; empty for one that holds no locks
     */
    public DueJobs(RedisLink redis, RedisAsyncCommands<String, byte[]> connection, String name, List<String> queues) {
        this.redis = redis;
        this.connection = connection;
        this.name = name;
        this.queues = queues;
    }

    /**
     * What one look has brought.
     *
     * @param moved how many jobs are on their queues now
     * @param pause how long nothing more is to be done
     * @param held the queues whose lock is ours
     */
    public record Look(int moved, Duration pause, List<String> held) {}

    /** Moves what is due. */
    public Look move() {
        var keys = new ArrayList<>(List.of(redis.keys().scheduler(name)));
        for (var queue : queues) {
            keys.addAll(List.of(
                    redis.keys().schedulerLock(queue),
                    redis.keys().registry("scheduled", queue),
                    redis.keys().unreadable(queue)));
        }
        var now = RqTime.iso(Instant.now());
        var fields = List.of(
                "name",
                name,
                "hostname",
                HostName.own(),
                "pid",
                "" + ProcessHandle.current().pid(),
                "queues",
                String.join(",", queues),
                "created_at",
                RqTime.iso(birth),
                "last_heartbeat",
                now);
        var values =
                new Arguments().add(name).add(now).add(BATCH).add(LOCK_SECONDS).add(fields.size());
        fields.forEach(values::add);
        queues.forEach(values::add);
        var answer = redis.await(redis.<List<?>>run(Script.DUE, connection, ScriptOutputType.MULTI, keys, values));
        for (var id : Reply.texts(answer.get(2))) {
            LOG.log(Level.WARNING, "{0} was scheduled but is not a job that RQ could load; it was put aside", id);
        }
        for (var queue : Reply.texts(answer.get(3))) {
            LOG.log(Level.INFO, "scheduler {0} holds the lock of queue {1}", name, queue);
        }
        int moved = ((Long) answer.get(0)).intValue();
        return new Look(moved, pause(moved, (Long) answer.get(1)), Reply.texts(answer.get(4)));
    }

    private static Duration pause(int moved, long millisToNext) {
        if (moved >= BATCH) {
            return Duration.ZERO;
        }
        var next = Duration.ofMillis(millisToNext);
        return millisToNext < 0 || next.compareTo(INTERVAL) > 0 ? INTERVAL : next.plus(SHORTEST);
    }

    /** Gives up the locks that are still ours. */
    public void end() {
        if (name.isEmpty()) {
            return;
        }
        var keys = new ArrayList<>(List.of(redis.keys().scheduler(name)));
        queues.forEach(queue -> keys.add(redis.keys().schedulerLock(queue)));
        redis.await(
                redis.<Long>run(Script.UNLOCK, connection, ScriptOutputType.INTEGER, keys, new Arguments().add(name)));
    }
}
