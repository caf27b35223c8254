package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Writes outcomes back, as many at a time as have gathered while the last batch was under way.
 *
 * <p>A batch that cannot be written is tried again until it can. Writing one twice is harmless: the second time the
 * execution is no longer ours.
 */
final class JobFinisher {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final int BATCH = 100;

    // see ending.lua
    private static final long NOT_OURS = 0;
    private static final long RUNS_AGAIN = 2;

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final RunningJobs running;
    private final Webhooks webhooks;
    private final IntConsumer submitted;

    private final GivenBack givenBack = new GivenBack(); // only the one who has set busy
    private List<Outcome> waiting = new ArrayList<>(); // guarded by this
    private boolean busy; // guarded by this: a batch is under way
    private volatile boolean givenUp; // nobody waits for the outcomes any more, so stop trying

    private final Tally tally = new Tally();
    private final Complaint complaint = new Complaint();

    /**
     * Prepares.
     *
     * @param submitted told how many outcomes have been sent; what is sent after them finds them written
     */
    JobFinisher(
            RedisLink redis, WorkerSettings settings, RunningJobs running, Webhooks webhooks, IntConsumer submitted) {
        this.redis = redis;
        this.settings = settings;
        this.running = running;
        this.webhooks = webhooks;
        this.submitted = submitted;
    }

    void finish(Outcome outcome) {
        synchronized (this) {
            waiting.add(outcome);
            if (busy) {
                return;
            }
            busy = true;
        }
        next();
    }

    Tally tally() {
        return tally;
    }

    /** Sends what has gathered; only the one who set {@code busy} comes here. */
    private void next() {
        List<Outcome> batch;
        synchronized (this) {
            if (waiting.isEmpty()) {
                busy = false;
                notifyAll();
                return;
            }
            batch = waiting.size() <= BATCH ? waiting : new ArrayList<>(waiting.subList(0, BATCH));
            waiting = waiting.size() <= BATCH
                    ? new ArrayList<>()
                    : new ArrayList<>(waiting.subList(BATCH, waiting.size()));
        }
        var written = write(batch);
        submitted.accept(batch.size());
        written.whenComplete((_, error) -> {
            if (error == null) {
                next();
            }
        });
    }

    private CompletionStage<?> write(List<Outcome> batch) {
        var finished = new ArrayList<Outcome>();
        var failed = new ArrayList<Outcome>();
        var retried = new ArrayList<Outcome>();
        var requeued = new ArrayList<Outcome>();
        var finishedValues = header();
        var failedValues = header();
        var retriedValues = header();
        var requeuedValues = header();
        for (var outcome : batch) {
            switch (outcome) {
                case Outcome.Finished f -> {
                    finished.add(f);
                    describe(finishedValues, f, f.resultTtlSeconds());
                    var value = f.value();
                    finishedValues
                            .add(value == null ? "" : base64(value))
                            .add(seconds(f))
                            .add(f.job().extras().forScripts())
                            .add(value == null || !f.job().extras().repeats() ? new byte[0] : value);
                }
                case Outcome.Failed f -> {
                    failed.add(f);
                    describe(failedValues, f, f.job().failureTtlSeconds());
                    failedValues
                            .add(base64(Zlib.deflate(f.text().getBytes(StandardCharsets.UTF_8))))
                            .add(seconds(f))
                            .add(f.retryable() ? "1" : "0")
                            .add(f.job().extras().forScripts());
                }
                case Outcome.Stopped s -> {
                    failed.add(s);
                    describe(failedValues, s, s.job().failureTtlSeconds());
                    failedValues
                            .add(base64(Zlib.deflate(s.text().getBytes(StandardCharsets.UTF_8))))
                            .add(seconds(s))
                            .add("stopped")
                            .add(s.job().extras().forScripts());
                }
                case Outcome.Retried r -> {
                    retried.add(r);
                    describe(retriedValues, r, r.job().failureTtlSeconds());
                    retriedValues
                            .add(base64(Serialized.write(r.job().payload().serializer(), JobCall.UNSERIALIZABLE)))
                            .add(seconds(r))
                            .add(r.request().max())
                            .add(r.request().intervals())
                            .add(r.request().atFront() ? "1" : "0")
                            .add(r.job().extras().forScripts());
                }
                case Outcome.Requeued r -> {
                    requeued.add(r);
                    requeuedValues
                            .add(r.job().queue())
                            .add(r.job().id())
                            .add(r.job().executionId())
                            .add(givenBack.add(r.job()));
                }
            }
        }
        return CompletableFuture.allOf(
                send(Script.FINISH, finished, finishedValues).toCompletableFuture(),
                send(Script.FAIL, failed, failedValues).toCompletableFuture(),
                send(Script.RETRY, retried, retriedValues).toCompletableFuture(),
                send(Script.GIVE_BACK, requeued, requeuedValues).toCompletableFuture());
    }

    private CompletionStage<?> send(Script script, List<Outcome> outcomes, Arguments values) {
        if (outcomes.isEmpty()) {
            return CompletableFuture.completedStage(null);
        }
        return redis.<List<?>>run(script, ScriptOutputType.MULTI, settings.keys(redis.keys()), values)
                .thenAccept(replies -> recorded(outcomes, replies))
                .exceptionallyCompose(error -> {
                    if (givenUp) {
                        return CompletableFuture.failedStage(error);
                    }
                    var cause = redis.failed(RedisLink.cause(error));
                    complaint.say("cannot record outcomes, trying again: " + cause.getMessage());
                    var again = new CompletableFuture<Void>();
                    redis.after(PAUSE, () -> again.complete(null));
                    return again.thenCompose(_ -> send(script, outcomes, values))
                            .thenApply(_ -> null);
                });
    }

    private void recorded(List<Outcome> outcomes, List<?> replies) {
        complaint.over("records outcomes again");
        for (int i = 0; i < outcomes.size(); i++) {
            var outcome = outcomes.get(i);
            running.remove(outcome.job());
            switch (replies.get(i)) {
                case Long how
                when how != NOT_OURS -> {
                    tally.count(outcome);
                    if (how != RUNS_AGAIN && outcome.job().extras().webhooks() != null) {
                        webhooks.send(outcome);
                    }
                }
                case Long _ -> {
                    givenBack.remove(outcome.job());
                    LOG.log(
                            Level.WARNING,
                            "job {0} was given up while this worker ran it; its outcome is dropped",
                            outcome.job().id());
                }
                default ->
                    LOG.log(
                            Level.ERROR,
                            "the outcome of job {0} cannot be recorded: {1}",
                            outcome.job().id(),
                            Reply.text(replies.get(i)));
            }
        }
    }

    private Arguments header() {
        var now = Instant.now();
        return new Arguments()
                .add(settings.name())
                .add(RqTime.iso(now))
                .add(now.getEpochSecond())
                .add(settings.endFlags());
    }

    private static void describe(Arguments values, Outcome outcome, long ttl) {
        var job = outcome.job();
        values.add(job.queue()).add(job.id()).add(job.executionId());
        values.add(RqTime.iso(outcome.started())).add(RqTime.iso(outcome.ended()));
        values.add(RqTime.unix(job.reserved())).add(RqTime.unix(outcome.ended()));
        values.add(ttl);
    }

    private static String seconds(Outcome outcome) {
        var worked = Duration.between(outcome.started(), outcome.ended());
        return RqTime.unix(Instant.EPOCH.plus(worked));
    }

    /** Text for Redis: standard base64 in one line. */
    private static String base64(byte[] bytes) {
        return new String(Base64.getEncoder().encode(bytes), StandardCharsets.ISO_8859_1);
    }

    /** Waits until everything is written; false, and no more tries, if that takes longer than the time given. */
    synchronized boolean drain(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (busy) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                givenUp = true;
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
