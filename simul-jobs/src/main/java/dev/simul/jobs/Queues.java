package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The queues of a deployment, counted. */
final class Queues {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final RedisLink redis;

    Queues(RedisLink redis) {
        this.redis = redis;
    }

    List<QueueInfo> all() {
        return count(List.of());
    }

    /** All known ones if none is named. */
    List<QueueInfo> count(List<String> names) {
        var values = new Arguments().add(Instant.now().getEpochSecond());
        names.forEach(values::add);
        var answer = redis.await(redis.<List<?>>run(
                Script.COUNT, ScriptOutputType.MULTI, List.of(redis.keys().queues()), values));
        for (var stranger : (List<?>) answer.get(1)) {
            LOG.log(
                    Level.WARNING,
                    "{0} has a member that is no queue and ends Python''s rq info: {1}",
                    redis.keys().queues(),
                    Reply.text(stranger));
        }
        var queues = new ArrayList<QueueInfo>();
        for (var entry : (List<?>) answer.get(0)) {
            queues.add(info((List<?>) entry));
        }
        return queues;
    }

    private static QueueInfo info(List<?> counts) {
        var oldest = new Fields(Map.of("at", (byte[]) counts.get(13)));
        return new QueueInfo(
                Reply.text(counts.get(0)),
                (Long) counts.get(1),
                (Long) counts.get(2),
                (Long) counts.get(3),
                (Long) counts.get(4),
                (Long) counts.get(5),
                (Long) counts.get(6),
                (Long) counts.get(7),
                (Long) counts.get(8),
                (Long) counts.get(9),
                (Long) counts.get(10),
                (Long) counts.get(11),
                (Long) counts.get(12) == 1,
                oldest.moment("at"));
    }
}
