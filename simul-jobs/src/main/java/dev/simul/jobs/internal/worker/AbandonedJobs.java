package dev.simul.jobs.internal.worker;

import dev.simul.jobs.AbandonedJobException;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.seal.SealRing;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls what jobs want called that have failed because their worker is gone, after that was written. */
final class AbandonedJobs implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final @Nullable SealRing seal;
    private final Callbacks callbacks;
    private final StopRequest stop;

    AbandonedJobs(
            RedisLink redis, WorkerSettings settings, JobFunctions functions, Webhooks webhooks, StopRequest stop) {
        this.seal = settings.run().seal();
        this.stop = stop;
        this.callbacks = new Callbacks(
                functions,
                settings.end().handlers(),
                new LiveJobs(redis, settings),
                outcome -> send(webhooks, outcome));
    }

    private static void send(Webhooks webhooks, Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed && !failed.retryable()) {
            webhooks.send(failed);
        }
    }

    /**
     * Tells of one; does not block.
     *
     * @param fields of the job, as {@code abandon.lua} returns them
     * @param text what is kept of the failure
     * @param begun whether its function may have run; as in RQ, only then callbacks are called
     * @param again whether it is tried again
     */
    void tell(String queue, String id, List<?> fields, String text, boolean begun, boolean again) {
        var extras = new JobExtras(
                null,
                Reply.textIfAny(fields.get(1)),
                Reply.textIfAny(fields.get(3)),
                false,
                null,
                null,
                Reply.textIfAny(fields.get(2)),
                Reply.textIfAny(fields.get(4)),
                Reply.textIfAny(fields.get(5)));
        var now = Instant.now();
        var payload = opened(id, fields.get(0) == null ? new byte[0] : (byte[]) fields.get(0), extras.signature());
        var execution = UUID.randomUUID().toString(); // of nobody: it only tells the views of the job apart
        var job = new ReservedJob(queue, id, execution, now, payload, null, null, null, extras);
        var error = begun ? new AbandonedJobException(text) : null;
        callbacks.end(new Outcome.Failed(job, now, now, text, again, error));
    }

    /** What the job's callbacks and webhooks see of its data, as far as anybody can read it. */
    private Payload opened(String id, byte[] data, @Nullable String signature) {
        var payload = new Payload(data);
        try {
            payload.open(seal, id, signature);
            var _ = payload.call();
        } catch (UnrunnableJobException e) {
            LOG.log(Level.DEBUG, "job {0}, which was abandoned, cannot be read: {1}", id, e.getMessage());
        }
        return payload;
    }

    /** Waits for what was begun; no more may come. */
    void awaitEnd() throws InterruptedException {
        callbacks.awaitEnd(stop, PATIENCE);
    }

    @Override
    public void close() {
        callbacks.close();
    }
}
