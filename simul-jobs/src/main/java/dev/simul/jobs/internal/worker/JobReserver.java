package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.HexId;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Takes jobs from the queues, in the order of the strategy, and never loses one; see {@code reserve.lua}. */
final class JobReserver {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final int VALUES_OF_A_JOB = 8; // see reserve.lua

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final List<String> keys;
    private final QueueOrder order;
    private final List<Unheard> unheard = new ArrayList<>(); // nobody reserves while another reserves or settles

    private volatile @Nullable CompletableFuture<?> underWay;
    private volatile @Nullable Throwable givenUp; // why the call that is under way was

    /**
     * What one call brought.
     *
     * @param suspended whether all workers are told to pause
     * @param drained whether nothing is left that may be taken now
     * @param held the queues that are paused or at a limit
     */
    record Reservation(boolean suspended, List<ReservedJob> jobs, boolean drained, List<Held> held) {
        static Reservation nothing(boolean suspended) {
            return new Reservation(suspended, List.of(), false, List.of());
        }

        /** The same, with something left that may be taken. */
        Reservation more() {
            return new Reservation(suspended, jobs, false, held);
        }
    }

    /**
     * A queue that gives no more jobs now.
     *
     * @param again when to ask again
     * @param waiting whether it has jobs that will be let go by themselves
     */
    record Held(String queue, Duration again, boolean waiting) {}

    JobReserver(RedisLink redis, WorkerSettings settings) {
        this(redis, settings, redis.keys()::queue);
    }

    /** A reserver that looks for the jobs of each queue on another list. */
    JobReserver(RedisLink redis, WorkerSettings settings, UnaryOperator<String> list) {
        this.redis = redis;
        this.settings = settings;
        this.order = new QueueOrder(settings.run().strategy(), settings.queues());
        this.keys = new ArrayList<>(settings.keys(redis.keys()));
        keys.add(redis.keys().suspended());
        for (var queue : settings.queues()) {
            keys.addAll(List.of(redis.keys().paused(queue), redis.keys().limits(queue)));
        }
        for (var queue : settings.queues()) {
            keys.addAll(List.of(
                    list.apply(queue), redis.keys().started(queue), redis.keys().unreadable(queue)));
        }
    }

    /**
     * A reservation of whose jobs some may never have reached us.
     *
     * @param digits how the execution ids begin
     * @param heard the entries of the started registries that did
     */
    private record Unheard(String digits, List<String> heard) {}

    /**
     * Takes up to that many jobs that wait now; one round trip. What was not heard of earlier answers has to be settled
     * before.
     *
     * @return jobs, in the connection's thread; or that Redis does not answer or cannot do it
     */
    CompletionStage<Reservation> reserve(int limit) {
        var digits = newDigits();
        var now = Instant.now();
        var values = arguments(limit, digits, now);
        long losses = redis.losses();
        givenUp = null;
        var call = redis.<List<?>>run(Script.RESERVE, ScriptOutputType.MULTI, keys, values);
        underWay = call.toCompletableFuture();
        return call.handle((answer, error) -> heard(answer, error, digits, now, losses));
    }

    /** Waits no longer for the answer that is under way, if one is. From any thread. */
    void giveUp(Throwable why) {
        var call = underWay;
        if (call != null && !call.isDone()) {
            givenUp = why;
            call.cancel(false);
        }
    }

    private Reservation heard(
            @Nullable List<?> answer, @Nullable Throwable error, String digits, Instant now, long losses) {
        var heard = List.<String>of();
        boolean complete = false;
        try {
            if (answer == null) {
                throw redis.failed(cause(error));
            }
            var reservation = reservation(answer, now);
            heard = reservation.jobs().stream()
                    .map(job -> job.id() + ":" + job.executionId())
                    .toList();
            complete = redis.losses() == losses; // else it may have been sent and done twice
            return complete ? reservation : reservation.more();
        } finally {
            if (!complete) {
                unheard.add(new Unheard(digits, heard));
            }
        }
    }

    /** How the execution ids of one reservation begin. */
    static String newDigits() {
        return HexId.random().substring(0, 24);
    }

    /** The keys of {@code reserve.lua}. */
    List<String> keys() {
        return keys;
    }

    /** The arguments of {@code reserve.lua}. */
    Arguments arguments(int limit, String digits, Instant now) {
        var values = new Arguments()
                .add(settings.name())
                .add(RqTime.iso(now))
                .add(RqTime.unix(now))
                .add(now.getEpochSecond())
                .add(settings.heartbeatSeconds())
                .add(settings.publish())
                .add(limit)
                .add(digits)
                .add(settings.queues().size())
                .add(settings.run().wantsExtras() ? 1 : 0);
        for (var share : order.next(limit)) {
            values.add(share.queue()).add(share.jobs());
        }
        return values;
    }

    private Throwable cause(@Nullable Throwable error) {
        var why = givenUp;
        return why == null ? Objects.requireNonNull(error) : why;
    }

    /** Whether there is nothing to settle. */
    boolean isSettled() {
        return unheard.isEmpty();
    }

    /**
     * Gives back what was taken for us in answers that got lost, or came when nobody listened any more.
     *
     * @throws dev.simul.jobs.RedisUnavailableException if Redis does not answer or cannot do it
     */
    void settle() {
        while (!unheard.isEmpty()) {
            giveBack(unheard.getFirst());
            unheard.removeFirst();
        }
    }

    private void giveBack(Unheard reservation) {
        var now = Instant.now();
        var values = new Arguments()
                .add(settings.name())
                .add(RqTime.iso(now))
                .add(now.getEpochSecond())
                .add(settings.publish())
                .add(reservation.digits())
                .add(settings.queues().size());
        settings.queues().forEach(values::add);
        reservation.heard().forEach(values::add);
        var ids = redis.await(
                redis.<List<?>>run(Script.RECLAIM, ScriptOutputType.MULTI, settings.keys(redis.keys()), values));
        for (var id : ids) {
            LOG.log(
                    Level.WARNING,
                    "job {0} was taken in an answer that got lost; it went back to its queue",
                    Reply.text(id));
        }
    }

    /** What {@code reserve.lua} has answered. */
    Reservation reservation(List<?> answer, Instant now) {
        if ((Long) answer.get(0) == 1) {
            return Reservation.nothing(true);
        }
        for (var id : (List<?>) answer.get(2)) {
            LOG.log(Level.WARNING, "{0} is not the id of a job that RQ could load; it was put aside", Reply.text(id));
        }
        var jobs = new ArrayList<ReservedJob>();
        var values = (List<?>) answer.get(1);
        for (int i = 0; i < values.size(); i += VALUES_OF_A_JOB) {
            jobs.add(job(values.subList(i, i + VALUES_OF_A_JOB), now));
        }
        order.took(jobs);
        return new Reservation(false, jobs, (Long) answer.get(3) == 1, held((List<?>) answer.get(4)));
    }

    private List<Held> held(List<?> answer) {
        if (answer.isEmpty()) {
            return List.of();
        }
        var held = new ArrayList<Held>();
        for (var entry : answer) {
            var values = (List<?>) entry;
            var queue = settings.queues().get(((Long) values.get(0)).intValue());
            held.add(new Held(queue, Duration.ofMillis((Long) values.get(1)), (Long) values.get(2) == 1));
        }
        return held;
    }

    private ReservedJob job(List<?> entry, Instant now) {
        var queue = settings.queues().get(((Long) entry.get(0)).intValue());
        return new ReservedJob(
                queue,
                Reply.text(entry.get(1)),
                Reply.text(entry.get(2)),
                now,
                new Payload((byte[]) entry.get(3)),
                Reply.textIfAny(entry.get(4)),
                said(Reply.textIfAny(entry.get(5)), settings.end().resultTtl()),
                said(Reply.textIfAny(entry.get(6)), settings.end().failureTtl()),
                entry.get(7) == null ? JobExtras.NONE : JobExtras.of((List<?>) entry.get(7)));
    }

    private static @Nullable String said(@Nullable String byTheJob, @Nullable String byTheWorker) {
        return byTheJob == null ? byTheWorker : byTheJob;
    }
}
