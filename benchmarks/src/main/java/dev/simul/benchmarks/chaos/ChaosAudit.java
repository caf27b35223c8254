package dev.simul.benchmarks.chaos;

import dev.simul.benchmarks.chaos.ChaosPlan.Work;
import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Looks up in Redis where each job has ended. */
final class ChaosAudit {
    final List<String> lost = new ArrayList<>();
    final List<String> finishedTwice = new ArrayList<>();
    int finished;
    int failed;

    private final RedisCommands<String, String> redis;
    private final Set<String> inFinished;
    private final Set<String> inFailed;
    private final Set<String> elsewhere = new HashSet<>();

    ChaosAudit(RedisCommands<String, String> redis) {
        this.redis = redis;
        this.inFinished = new HashSet<>(redis.zrange("rq:finished:default", 0, -1));
        this.inFailed = new HashSet<>(redis.zrange("rq:failed:default", 0, -1));
        elsewhere.addAll(redis.lrange("rq:queue:default", 0, -1));
        elsewhere.addAll(redis.lrange("rq:queue:default:intermediate", 0, -1));
        for (var registry : List.of("deferred", "scheduled", "canceled")) {
            elsewhere.addAll(redis.zrange("rq:" + registry + ":default", 0, -1));
        }
        redis.zrange("rq:wip:default", 0, -1)
                .forEach(member -> elsewhere.add(member.substring(0, member.indexOf(':'))));
    }

    void check(Work work) {
        var id = work.id();
        var status = redis.hget("rq:job:" + id, "status");
        var places = new TreeSet<String>();
        if (inFinished.contains(id)) {
            places.add("finished");
        }
        if (inFailed.contains(id)) {
            places.add("failed");
        }
        if (elsewhere.contains(id)) {
            places.add("elsewhere");
        }
        if ("finished".equals(status) && places.equals(Set.of("finished"))) {
            finished++;
        } else if ("failed".equals(status) && places.equals(Set.of("failed"))) {
            failed++;
        } else {
            lost.add(id + " has status " + status + " and stands in " + places);
        }
        long successes = redis.xrange("rq:results:" + id, Range.unbounded()).stream()
                .filter(result -> "1".equals(result.getBody().get("type")))
                .count();
        if (successes > 1) {
            finishedTwice.add(id + " has " + successes + " successes on record");
        }
        if (work.willFinish() && "failed".equals(status)) {
            lost.add(id + " failed although it had attempts left");
        }
    }
}
