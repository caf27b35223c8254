package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Serializer;
import dev.simul.jobs.internal.redis.JobData;
import dev.simul.jobs.internal.redis.UnreadableValueException;

/** The field {@code data} of a job as it came. */
final class Payload {
    private final byte[] bytes;
    private Serializer serializer = Serializer.JSON; // written before the job is handed to the thread that runs it

    Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /** As it came. */
    byte[] bytes() {
        return bytes;
    }

    /** How the job's data is written, and its result is to be; known after {@link #call}. */
    Serializer serializer() {
        return serializer;
    }

    JobData call() throws UnrunnableJobException {
        try {
            var call = JobData.read(bytes);
            serializer = call.serializer();
            return call;
        } catch (UnreadableValueException e) {
            throw new UnrunnableJobException(e.getMessage());
        }
    }
}
