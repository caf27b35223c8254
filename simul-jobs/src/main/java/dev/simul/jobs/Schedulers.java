package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.RedisLink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The schedulers of a deployment as others see them. */
final class Schedulers {
    /** RQ's limit: a cron scheduler that is silent for longer is not listed any more. */
    private static final long SILENT_SECONDS = 120;

    private final RedisLink redis;

    Schedulers(RedisLink redis) {
        this.redis = redis;
    }

    /** RQ has no list of schedulers, so they are found by the locks that they hold. */
    List<SchedulerInfo> holdingLocks() {
        var locks = new TreeMap<String, List<String>>();
        for (var queue : new Queues(redis).all()) {
            var name = redis.await(redis.commands().get(redis.keys().schedulerLock(queue.name())));
            if (name != null) {
                locks.computeIfAbsent(Fields.text(name), _ -> new ArrayList<>()).add(queue.name());
            }
        }
        var schedulers = new ArrayList<SchedulerInfo>();
        locks.forEach((name, queues) -> schedulers.add(SchedulerInfo.of(
                name,
                queues,
                new Fields(redis.await(redis.commands().hgetall(redis.keys().scheduler(name)))))));
        return schedulers;
    }

    List<CronSchedulerInfo> cron() {
        long oldest = Instant.now().getEpochSecond() - SILENT_SECONDS;
        var schedulers = new ArrayList<CronSchedulerInfo>();
        for (var entry :
                redis.await(redis.commands().zrangeWithScores(redis.keys().cronSchedulers(), 0, -1))) {
            if (entry.getScore() >= oldest) {
                var name = Fields.text(entry.getValue());
                schedulers.add(CronSchedulerInfo.of(
                        name,
                        entry.getScore(),
                        new Fields(redis.await(
                                redis.commands().hgetall(redis.keys().cronScheduler(name))))));
            }
        }
        return schedulers;
    }
}
