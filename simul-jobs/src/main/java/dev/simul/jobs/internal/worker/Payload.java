package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Serializer;
import dev.simul.jobs.internal.redis.JobData;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import dev.simul.jobs.internal.seal.BrokenSealException;
import dev.simul.jobs.internal.seal.SealRing;
import org.jspecify.annotations.Nullable;

/** The field {@code data} of a job as it came. */
final class Payload {
    private byte[] bytes; // as serializer below
    private boolean encrypted;
    private Serializer serializer = Serializer.JSON; // written before the job is handed to the thread that runs it

    Payload(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes the seal off; what follows sees the plain data.
     *
     * @throws UnrunnableJobException if the seal is broken, or missing where it has to be
     */
    void open(@Nullable SealRing seal, String jobId, @Nullable String signature) throws UnrunnableJobException {
        if (seal == null) {
            return;
        }
        try {
            encrypted = SealRing.isEncrypted(bytes);
            bytes = seal.open(jobId, bytes, signature);
        } catch (BrokenSealException e) {
            throw new UnrunnableJobException(String.valueOf(e.getMessage()));
        }
    }

    /** Whether it came encrypted, so that the result has to go the same way. */
    boolean isEncrypted() {
        return encrypted;
    }

    /** As it came, without its seal. */
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
