package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RqJson;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

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
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    /** Reads a job; what it says is somebody else's, and may be anything. */
    static JobCall of(ReservedJob job, JobFunctions functions) throws UnrunnableJobException {
        long resultTtl = job.resultTtlSeconds();
        long timeout = job.timeoutSeconds();
        var call = job.payload().call();
        var method = functions.find(job.id(), call.function());
        return new JobCall(job, method, Arrays.asList(method.arguments(call)), timeout, resultTtl);
    }

    /** Calls the method, in this thread. */
    @Nullable
    Object invoke() throws Throwable {
        return method.invoke(arguments.toArray());
    }

    /** The value in JSON; as in RQ, one that has no such form does not make the job fail. */
    static @Nullable String json(String jobId, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            return RqJson.text(value);
        } catch (JacksonException e) {
            LOG.log(Level.WARNING, "job {0} returned a {1}, which JSON cannot express", jobId, value.getClass());
            return RqJson.text("Unserializable return value");
        }
    }
}
