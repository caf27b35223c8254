package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** The list of the jobs that wait in a queue. */
final class QueueList {
    /** How many jobs one script looks at: few enough that others hardly wait for it. */
    private static final int BATCH = 1000;

    private final RedisLink redis;
    private final String queue;
    private final String key;

    QueueList(RedisLink redis, String queue) {
        this.redis = redis;
        this.queue = queue;
        this.key = redis.keys().queue(queue);
    }

    List<String> ids(long offset, long count) {
        if (offset < 0 || count < -1) {
            throw new IllegalArgumentException(
                    "offset must be at least 0 and count at least -1, were " + offset + " and " + count);
        }
        if (count == 0) {
            return List.of();
        }
        return redis.await(redis.commands().lrange(key, offset, count < 0 ? -1 : offset + count - 1)).stream()
                .map(Reply::text)
                .toList();
    }

    OptionalLong position(String id) {
        var position = redis.await(redis.commands().lpos(key, Fields.encoded(id)));
        return position == null ? OptionalLong.empty() : OptionalLong.of(position);
    }

    boolean remove(String id) {
        return redis.await(redis.commands().lrem(key, 1, Fields.encoded(id))) == 1;
    }

    /** Deletes the jobs that wait now, not those that come meanwhile. */
    long empty() {
        long left = redis.await(redis.commands().llen(key));
        long deleted = 0;
        while (left > 0) {
            long taken = redis.await(redis.<Long>run(
                    Script.EMPTY, ScriptOutputType.INTEGER, List.of(key), new Arguments().add(Math.min(left, BATCH))));
            if (taken == 0) {
                break;
            }
            deleted += taken;
            left -= taken;
        }
        return deleted;
    }

    long compact() {
        long offset = 0;
        long dropped = 0;
        while (true) {
            var answer = redis.await(redis.<List<?>>run(
                    Script.COMPACT,
                    ScriptOutputType.MULTI,
                    List.of(key),
                    new Arguments().add(offset).add(offset + BATCH - 1)));
            long there = (Long) answer.get(0);
            long gone = (Long) answer.get(1);
            dropped += gone;
            if (there < BATCH) {
                return dropped;
            }
            offset += there - gone;
        }
    }

    void pause() {
        redis.await(redis.commands().set(redis.keys().paused(queue), Fields.encoded("1")));
    }

    void pause(Duration time) {
        redis.await(redis.commands()
                .set(redis.keys().paused(queue), Fields.encoded("1"), SetArgs.Builder.ex(Workers.wholeSeconds(time))));
    }

    boolean resume() {
        return redis.await(redis.commands().del(redis.keys().paused(queue))) == 1;
    }

    boolean isPaused() {
        return redis.await(redis.commands().exists(redis.keys().paused(queue))) == 1;
    }
}
