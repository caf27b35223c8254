package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Retry;
import dev.simul.jobs.Serializer;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import dev.simul.jobs.internal.seal.SealRing;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A job made out as a method with its arguments, ready to be called.
 *
 * @param timeoutSeconds how long the method may run, negative for no limit
 * @param resultTtlSeconds how long its result is kept, -1 for ever
 */
record JobCall(
        ReservedJob job,
        JobMethod method,
        List<@Nullable Object> arguments,
        long timeoutSeconds,
        long resultTtlSeconds) {
    /** What RQ keeps of a result that has no form in its serializer. */
    static final String UNSERIALIZABLE = "Unserializable return value";

    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    /** Reads a job; what it says is somebody else's, and may be anything. */
    static JobCall of(ReservedJob job, JobFunctions functions, @Nullable SealRing seal) throws UnrunnableJobException {
        long resultTtl = job.resultTtlSeconds();
        long timeout = job.timeoutSeconds();
        job.payload().open(seal, job.id(), job.extras().signature());
        var call = job.payload().call();
        var method = functions.find(job.id(), call.function());
        var arguments = method.arguments(call, job.payload().isEncrypted());
        return new JobCall(job, method, Arrays.asList(arguments), timeout, resultTtl);
    }

    /**
     * Calls the method, in this thread.
     *
     * @return the result as it is kept
     * @throws RetryRequest if it returns a {@link Retry}
     */
    byte @Nullable [] run() throws Exception {
        return serialized(job.id(), job.payload().serializer(), unlessRetry(method.invoke(arguments.toArray())));
    }

    static @Nullable Object unlessRetry(@Nullable Object value) throws RetryRequest {
        if (value instanceof Retry retry) {
            throw new RetryRequest(retry);
        }
        return value;
    }

    /** The value as the job's own data is written; as in RQ, one that has no such form does not make the job fail. */
    static byte @Nullable [] serialized(String jobId, Serializer serializer, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return Serialized.write(serializer, value);
        } catch (UnreadableValueException e) {
            LOG.log(
                    Level.WARNING,
                    "job {0} returned a {1}, which {2} cannot express: {3}",
                    jobId,
                    value.getClass().getName(),
                    serializer,
                    e.getMessage());
            return Serialized.write(serializer, UNSERIALIZABLE);
        }
    }
}
