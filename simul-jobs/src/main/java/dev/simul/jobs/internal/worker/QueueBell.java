package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RedisLink;
import io.lettuce.core.LMoveArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Rings when something stands in one of the queues that are listened to.
 *
 * <p>It listens with {@code BLMOVE queue queue LEFT LEFT}: Redis answers as soon as the list has a first element, and
 * moves that element to where it was. So the bell takes nothing, nothing can get lost in it, and several queues need
 * no order among themselves: one blocked connection for each.
 */
final class QueueBell implements AutoCloseable {
    /** How long one listening lasts; a further one follows. */
    private static final Duration LISTEN = Duration.ofSeconds(60);

    private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

    private final RedisLink redis;
    private final Runnable ring;
    private final List<Ear> ears = new ArrayList<>();

    private static final class Ear {
        final String queue;
        final String key;
        final StatefulRedisConnection<String, byte[]> connection;
        volatile boolean listening;

        Ear(RedisLink redis, String queue) {
            this.queue = queue;
            this.key = redis.keys().queue(queue);
            this.connection = redis.open();
        }
    }

    /** Hangs it up; it rings in the connection's thread. */
    QueueBell(RedisLink redis, List<String> queues, Runnable ring) {
        this.redis = redis;
        this.ring = ring;
        queues.forEach(queue -> ears.add(new Ear(redis, queue)));
    }

    /** Rings once for each queue that has something, now or later; those held back would ring all the time. */
    void listen(List<String> held) {
        for (var ear : ears) {
            if (!held.contains(ear.queue)) {
                listen(ear);
            }
        }
    }

    private void listen(Ear ear) {
        if (ear.listening) {
            return;
        }
        ear.listening = true;
        ear.connection
                .async()
                .blmove(ear.key, ear.key, LMoveArgs.Builder.leftLeft(), LISTEN.toSeconds())
                .whenComplete((_, error) -> {
                    ear.listening = false;
                    if (error == null) {
                        ring.run();
                    } else {
                        redis.after(AFTER_ERROR, ring);
                    }
                });
    }

    @Override
    public void close() {
        ears.forEach(ear -> ear.connection.close());
    }
}
