package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.seal.BrokenSealException;
import dev.simul.jobs.internal.seal.SealRing;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The views that running jobs have of themselves, one for each execution. From any thread. */
final class LiveJobs {
    private final RedisLink redis;
    private final WorkerSettings settings;
    private final ConcurrentHashMap<String, LiveJob> byExecution = new ConcurrentHashMap<>();

    LiveJobs(RedisLink redis, WorkerSettings settings) {
        this.redis = redis;
        this.settings = settings;
    }

    /** The view of that execution, the same each time. */
    LiveJob of(ReservedJob job) {
        return byExecution.computeIfAbsent(
                job.executionId(),
                _ -> new LiveJob(
                        () -> redis, job, settings.name(), settings.end().client()));
    }

    /** A result as its function returned it, in the form that {@link Serialized#convert} takes. */
    @Nullable
    Object opened(ReservedJob job, byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        var seal = settings.run().seal();
        if (seal != null
                && Serialized.read(value, Object.class) instanceof String text
                && SealRing.isEncryptedText(text)) {
            try {
                return Serialized.read(seal.decryptText(job.id(), text));
            } catch (BrokenSealException e) {
                throw new IllegalStateException(e); // we have sealed it ourselves a moment ago
            }
        }
        return Serialized.read(value);
    }

    /** Whether all that the job's code wanted written is written. */
    boolean isSettled(ReservedJob job) {
        var view = byExecution.get(job.executionId());
        return view == null || view.isSettled();
    }

    /** Writes what the job's code has left unwritten, which may take a while; none of it runs any more. */
    void end(ReservedJob job) {
        var view = byExecution.remove(job.executionId());
        if (view != null && !view.isSettled()) {
            view.settle();
        }
    }

    /** The job's stopped callback, as Redis says now; null if it has none. */
    @Nullable
    JobCallback stoppedCallback(ReservedJob job) {
        var kind = CallbackKind.STOPPED;
        var fields =
                redis.await(redis.commands().hmget(redis.keys().job(job.id()), kind.nameField(), kind.timeoutField()));
        return JobCallback.of(
                job,
                kind,
                Reply.text(fields.get(0).getValueOrElse(new byte[0])),
                Reply.text(fields.get(1).getValueOrElse(new byte[0])));
    }
}
