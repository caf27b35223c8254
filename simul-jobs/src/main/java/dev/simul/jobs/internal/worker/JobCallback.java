package dev.simul.jobs.internal.worker;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * One of the callbacks of a job.
 *
 * <p>A callback is a function that the worker offers, like every other. What it gets goes by the types of its parameters:
 * a {@link CurrentJob} is the job, a {@link JobClient} the worker's client. Of a failure callback a {@link Throwable} is
 * the error and a {@link String} its traceback; of a success callback the one parameter that is left is the result.
 */
record JobCallback(CallbackKind kind, String name, long timeoutSeconds) {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final long DEFAULT_TIMEOUT = 60;

    /** Null if the job names none. */
    static @Nullable JobCallback of(
            ReservedJob job, CallbackKind kind, @Nullable String name, @Nullable String timeout) {
        return name == null || name.isEmpty() ? null : new JobCallback(kind, name, seconds(job, kind, timeout));
    }

    private static long seconds(ReservedJob job, CallbackKind kind, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return DEFAULT_TIMEOUT;
        }
        try {
            long seconds = Long.parseLong(text);
            return seconds == 0 ? DEFAULT_TIMEOUT : seconds;
        } catch (NumberFormatException e) {
            LOG.log(
                    Level.WARNING,
                    "job {0}: field {1} must be whole seconds, was ''{2}''; {3} s is used",
                    job.id(),
                    kind.timeoutField(),
                    text,
                    DEFAULT_TIMEOUT);
            return DEFAULT_TIMEOUT;
        }
    }

    /** Calls it in the caller's thread. */
    void call(JobFunctions functions, CurrentJob job, CallbackCause cause) throws Exception {
        var method = functions.find(job.id(), name);
        method.invoke(arguments(method, job, cause));
    }

    private @Nullable Object[] arguments(JobMethod method, CurrentJob job, CallbackCause cause)
            throws UnrunnableJobException {
        var parameters = method.method().getParameters();
        var values = new @Nullable Object[parameters.length];
        boolean resultTaken = false;
        for (int i = 0; i < values.length; i++) {
            var type = parameters[i].getType();
            if (type == CurrentJob.class) {
                values[i] = job;
            } else if (type == JobClient.class) {
                values[i] = job.client();
            } else if (cause instanceof CallbackCause.Failure(var error, var _) && type.isInstance(error)) {
                values[i] = error;
            } else if (cause instanceof CallbackCause.Failure(var _, var traceback) && type == String.class) {
                values[i] = traceback;
            } else if (cause instanceof CallbackCause.Success(var result) && !resultTaken) {
                resultTaken = true;
                values[i] = converted(method, result, parameters[i].getParameterizedType());
            } else {
                throw new UnrunnableJobException("Function " + method + " cannot be the " + kind + " of job " + job.id()
                        + ": its parameter " + parameters[i].getName() + " is none of " + kind.offered() + ".");
            }
        }
        return values;
    }

    private @Nullable Object converted(JobMethod method, @Nullable Object result, Type type)
            throws UnrunnableJobException {
        try {
            return Serialized.convert(result, type);
        } catch (UnreadableValueException e) {
            throw new UnrunnableJobException("Function " + method + " cannot be the " + kind + ": the result "
                    + Serialized.show(result) + " does not fit it (" + e.getMessage() + ").");
        }
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
