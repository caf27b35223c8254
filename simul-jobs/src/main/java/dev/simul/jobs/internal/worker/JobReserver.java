package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes jobs from the queues, the first queue first, and never loses one; see {@code reserve.lua}. */
final class JobReserver {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final List<String> keys;

    /**
     * What one call brought.
     *
     * @param suspended whether all workers are told to pause
     * @param drained whether the queues are empty now
     */
    record Reservation(boolean suspended, List<ReservedJob> jobs, boolean drained) {}

    JobReserver(RedisLink redis, WorkerSettings settings) {
        this.redis = redis;
        this.settings = settings;
        this.keys = new ArrayList<>(List.of(redis.keys().suspended()));
        keys.addAll(settings.keys(redis.keys()));
        for (var queue : settings.queues()) {
            keys.addAll(List.of(
                    redis.keys().queue(queue),
                    redis.keys().started(queue),
                    redis.keys().unreadable(queue)));
        }
    }

    /** Takes up to that many jobs that wait now; one round trip. */
    CompletionStage<Reservation> reserve(int limit) {
        var now = Instant.now();
        var values = new Arguments()
                .add(settings.name())
                .add(RqTime.iso(now))
                .add(RqTime.unix(now))
                .add(now.getEpochSecond())
                .add(settings.heartbeatSeconds())
                .add(settings.publish())
                .add(limit)
                .add(UUID.randomUUID().toString().replace("-", "").substring(0, 24));
        return redis.<List<?>>run(Script.RESERVE, ScriptOutputType.MULTI, keys, values)
                .thenApply(answer -> reservation(answer, now));
    }

    private Reservation reservation(List<?> answer, Instant now) {
        if ((Long) answer.get(0) == 1) {
            return new Reservation(true, List.of(), false);
        }
        for (var id : (List<?>) answer.get(2)) {
            LOG.log(Level.WARNING, "{0} is not the id of a job that RQ could load; it was put aside", text(id));
        }
        var jobs = new ArrayList<ReservedJob>();
        for (var entry : (List<?>) answer.get(1)) {
            jobs.add(job((List<?>) entry, now));
        }
        return new Reservation(false, jobs, (Long) answer.get(3) == 1);
    }

    private ReservedJob job(List<?> entry, Instant now) {
        var queue = settings.queues().get(((Long) entry.get(0)).intValue());
        return new ReservedJob(
                queue,
                required(entry.get(1)),
                required(entry.get(2)),
                now,
                new Payload((byte[]) entry.get(3)),
                text(entry.get(4)),
                text(entry.get(5)),
                text(entry.get(6)),
                entry.size() > 7 ? JobExtras.of((List<?>) entry.get(7)) : JobExtras.NONE);
    }

    private static String required(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable String text(@Nullable Object bytes) {
        return bytes == null ? null : required(bytes);
    }
}
