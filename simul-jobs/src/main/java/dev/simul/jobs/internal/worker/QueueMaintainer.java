package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RescuePolicy;
import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;

/**
 * Cleans up in a worker's queues behind workers and programs that are gone.
 *
 * <p>RQ's locks see to it that one worker at a time does it, whatever its language.
 */
final class QueueMaintainer {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    /** How long a lock holds if we die with it; RQ's own holds for 899 s, in which nobody cleans up. */
    private static final long LOCK_SECONDS = 120;

    /** How many running jobs of a queue are looked at; one that has been forgotten comes to their front by itself. */
    private static final int LOOKED_AT = 200;

    private static final String STUCK = "Job was stuck in intermediate queue.";
    private static final byte[] LOCKED = {'1'};

    private final RedisLink redis;
    private final RedisAsyncCommands<String, byte[]> connection;
    private final WorkerSettings settings;
    private final JobRescuer rescuer;

    QueueMaintainer(
            RedisLink redis,
            RedisAsyncCommands<String, byte[]> connection,
            WorkerSettings settings,
            JobRescuer rescuer) {
        this.redis = redis;
        this.connection = connection;
        this.settings = settings;
        this.rescuer = rescuer;
    }

    /** Cleans everything, unless others are at it. */
    void cleanAll() {
        for (var queue : settings.queues()) {
            takeForgotten(queue);
            clean(queue);
        }
        cleanGroups();
    }

    /** Cleans those queues in which something has been left behind: four quick looks for each. */
    void cleanWhereNeeded() {
        for (var queue : settings.queues()) {
            takeForgotten(queue);
            var keys = redis.keys();
            var stuck = connection.llen(keys.intermediate(queue));
            var ready = connection.zcard(keys.registry("ready", queue));
            var expired = connection.zcount(
                    keys.started(queue), Range.create(0L, Instant.now().getEpochSecond()));
            if (redis.await(stuck) + redis.await(ready) + redis.await(expired) > 0) {
                clean(queue);
            }
        }
    }

    private void takeForgotten(String queue) {
        var ids = redis.await(redis.<List<?>>run(
                Script.FORGOTTEN,
                connection,
                ScriptOutputType.MULTI,
                List.of(redis.keys().started(queue), redis.keys().ownWorkers(queue)),
                new Arguments().add(LOOKED_AT)));
        for (var id : ids) {
            LOG.log(
                    Level.INFO,
                    "job {0} has ended, but its worker had left it among the running ones; it was taken out",
                    Reply.text(id));
        }
    }

    private void clean(String queue) {
        var lock = redis.keys().cleaningLock(queue);
        if (redis.await(connection.set(lock, LOCKED, SetArgs.Builder.nx().ex(LOCK_SECONDS))) == null) {
            return;
        }
        try {
            rescuer.rescueExpired(queue);
            cleanBehindOthers(queue);
            cleanLimits();
        } finally {
            redis.await(connection.del(lock));
        }
    }

    private void cleanBehindOthers(String queue) {
        var keys = List.of(redis.keys().intermediate(queue), redis.keys().unreadable(queue));
        var values = new Arguments()
                .add(queue)
                .add(RqTime.iso(Instant.now()))
                .add(settings.name())
                .add(settings.upkeep().rescue() == RescuePolicy.REQUEUE ? 1 : 0)
                .add(settings.upkeep().maxRescues())
                .add(JobRescuer.compressed(STUCK));
        var answer = redis.await(redis.<List<?>>run(Script.CLEAN, connection, ScriptOutputType.MULTI, keys, values));
        for (var entry : (List<?>) answer.get(0)) {
            LOG.log(
                    Level.WARNING,
                    "{0} in the registries of queue {1} is nothing that RQ could load; it was put aside",
                    Reply.text(entry),
                    queue);
        }
        for (var error : (List<?>) answer.get(1)) {
            LOG.log(Level.WARNING, "queue {0} cannot be cleaned wholly: {1}", queue, Reply.text(error));
        }
        for (var entry : (List<?>) answer.get(2)) {
            var stuck = (List<?>) entry;
            rescuer.tellStuck(queue, Reply.text(stuck.getFirst()), stuck.subList(1, stuck.size()), STUCK);
        }
    }

    private void cleanLimits() {
        var errors = redis.await(redis.<List<?>>run(
                Script.CLEAN_LIMITS,
                connection,
                ScriptOutputType.MULTI,
                List.of(redis.keys().rateLimits()),
                new Arguments().add(RqTime.iso(Instant.now()))));
        for (var error : errors) {
            LOG.log(Level.WARNING, "a rate limit cannot be cleaned: {0}", Reply.text(error));
        }
    }

    /** RQ's lock for this one is never given up: it runs out just before the next time. */
    private void cleanGroups() {
        var groups = redis.keys().groups();
        var names = redis.await(connection.smembers(groups));
        if (names.isEmpty()) {
            return;
        }
        long seconds = Math.max(1, settings.upkeep().maintenanceInterval().toSeconds() - 1);
        var lock = SetArgs.Builder.nx().ex(seconds);
        if (redis.await(connection.set(redis.keys().groupsLock(), LOCKED, lock)) == null) {
            return;
        }
        for (var name : names) {
            var group = Reply.text(name);
            try {
                redis.await(redis.<Long>run(
                        Script.CLEAN_GROUP,
                        connection,
                        ScriptOutputType.INTEGER,
                        List.of(redis.keys().group(group), groups),
                        new Arguments().add(group)));
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "group {0} cannot be cleaned: {1}", group, e.getMessage());
            }
        }
    }
}
