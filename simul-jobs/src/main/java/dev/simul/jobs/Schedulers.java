package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

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
        for (var queue : queues()) {
            var name = redis.await(redis.commands().get(redis.keys().schedulerLock(queue)));
            if (name != null) {
                locks.computeIfAbsent(Reply.text(name), _ -> new ArrayList<>()).add(queue);
            }
        }
        var schedulers = new ArrayList<SchedulerInfo>();
        locks.forEach((name, queues) -> schedulers.add(SchedulerInfo.of(
                name,
                queues,
                new Fields(redis.await(redis.commands().hgetall(redis.keys().scheduler(name)))))));
        return schedulers;
    }

    /** Also those that workers wait for and that have never had a job. */
    private Set<String> queues() {
        var names = new TreeSet<String>();
        new Queues(redis).all().forEach(queue -> names.add(queue.name()));
        new Workers(redis).in(List.of(redis.keys().workers())).forEach(worker -> names.addAll(worker.queues()));
        return names;
    }

    List<CronSchedulerInfo> cron() {
        long oldest = Instant.now().getEpochSecond() - SILENT_SECONDS;
        var schedulers = new ArrayList<CronSchedulerInfo>();
        for (var entry :
                redis.await(redis.commands().zrangeWithScores(redis.keys().cronSchedulers(), 0, -1))) {
            if (entry.getScore() >= oldest) {
                var name = Reply.text(entry.getValue());
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
