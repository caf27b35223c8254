package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Puts new jobs of one queue into Redis, as many in one script as are good for everybody.
 *
 * <p>A batch is small enough not to hold up Redis for more than some milliseconds; several are under way at a time. The
 * first one travels alone, because a Redis that does not know the script gets it a second time, which could let a later
 * batch overtake it.
 */
final class Enqueuer {
    private static final int MOST_JOBS = 250;
    private static final int MOST_BYTES = 1 << 20;
    private static final int UNDER_WAY = 4;

    /** Where a job is that was asked for: on which queue, under which id. */
    record Place(String queue, String id) {}

    /** How {@code enqueue.lua} gets to Redis. */
    interface Way {
        /**
         * Sends it.
         *
         * @param alone if nothing else is sent before its answer is there
         */
        CompletionStage<List<?>> send(List<String> keys, Arguments values, boolean alone);
    }

    private record Batch(List<NewJob> jobs, CompletionStage<List<?>> answer) {}

    private final RedisLink redis;
    private final String queue;
    private final String list;
    private final InstantSource clock;
    private final Way way;
    private final Map<String, Place> elsewhere = new HashMap<>(); // by the id that was not used

    Enqueuer(RedisLink redis, String queue) {
        this(redis, queue, Instant::now);
    }

    Enqueuer(RedisLink redis, String queue, InstantSource clock) {
        this(
                redis,
                queue,
                redis.keys().queue(queue),
                clock,
                (keys, values, alone) -> alone
                        ? redis.runHere(Script.ENQUEUE, keys, values)
                        : redis.run(Script.ENQUEUE, ScriptOutputType.MULTI, keys, values));
    }

    /** An enqueuer that puts jobs of the queue onto another list, in a step that does more than that. */
    Enqueuer(RedisLink redis, String queue, String list, InstantSource clock, Way way) {
        this.redis = redis;
        this.queue = queue;
        this.list = list;
        this.clock = clock;
        this.way = way;
    }

    /** Writes the jobs and says where each of them is. */
    List<Place> enqueue(List<NewJob> jobs) {
        requireDistinct(jobs);
        var underWay = new ArrayDeque<Batch>();
        boolean first = true;
        for (var part : parts(ordered(jobs))) {
            underWay.add(send(part, first));
            if (first || underWay.size() == UNDER_WAY) {
                await(underWay.remove());
            }
            first = false;
        }
        while (!underWay.isEmpty()) {
            await(underWay.remove());
        }
        return jobs.stream()
                .map(job -> elsewhere.getOrDefault(job.id(), new Place(queue, job.id())))
                .toList();
    }

    /** Refuses a call that asks for the same twice. */
    static void requireDistinct(List<NewJob> jobs) {
        if (jobs.size() == 1) {
            return;
        }
        var seen = new HashMap<String, NewJob>();
        for (var job : jobs) {
            if (seen.put("id of job " + job.id(), job) != null) {
                throw new IllegalArgumentException(
                        "job " + job.id() + " is there twice; each job of enqueueMany needs an id of its own");
            }
            var other = job.isJealous() ? seen.put("lock " + job.lock(), job) : null;
            if (other != null) {
                throw job.refusal("duplicate", other.id());
            }
        }
    }

    /** Jobs that wait for others of the same call come after those; the rest stays in order. */
    static List<NewJob> ordered(List<NewJob> jobs) {
        if (jobs.stream().allMatch(job -> job.parents().isEmpty())) {
            return jobs;
        }
        var left = new LinkedHashMap<String, NewJob>();
        var ordered = new ArrayList<NewJob>();
        for (var job : jobs) {
            if (job.parents().isEmpty()) {
                ordered.add(job);
            } else {
                left.put(job.id(), job);
            }
        }
        while (!left.isEmpty()) {
            var ready = left.values().stream()
                    .filter(job -> job.parents().stream().noneMatch(left::containsKey))
                    .toList();
            if (ready.isEmpty()) {
                throw new IllegalArgumentException(
                        "jobs " + String.join(", ", left.keySet()) + " wait for each other in a circle");
            }
            ordered.addAll(ready);
            ready.forEach(job -> left.remove(job.id()));
        }
        return ordered;
    }

    private static List<List<NewJob>> parts(List<NewJob> jobs) {
        var parts = new ArrayList<List<NewJob>>();
        int begin = 0;
        int bytes = 0;
        for (int i = 0; i < jobs.size(); i++) {
            bytes += jobs.get(i).bytes();
            if (i + 1 == jobs.size() || i + 1 - begin == MOST_JOBS || bytes > MOST_BYTES) {
                parts.add(jobs.subList(begin, i + 1));
                begin = i + 1;
                bytes = 0;
            }
        }
        return parts;
    }

    private Batch send(List<NewJob> jobs, boolean alone) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var values = new Arguments().add(queue).add(RqTime.iso(now)).add(now.getEpochSecond());
        for (var job : jobs) {
            job.write(values, now);
        }
        var keys = List.of(redis.keys().queues(), list);
        return new Batch(jobs, way.send(keys, values, alone));
    }

    private void await(Batch batch) {
        for (var answer : redis.await(batch.answer())) {
            var parts = (List<?>) answer;
            var job = batch.jobs().get(((Long) parts.get(0)).intValue());
            var why = Reply.text(parts.get(1));
            if (!why.equals("existing")) {
                throw job.refusal(why, Reply.text(parts.get(2)));
            }
            elsewhere.put(job.id(), new Place(Reply.text(parts.get(3)), Reply.text(parts.get(2))));
        }
    }
}
