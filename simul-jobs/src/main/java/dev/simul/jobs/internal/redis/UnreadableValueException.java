package dev.simul.jobs.internal.redis;

/** Bytes or a value are not what they should be; the message continues a sentence such as "Job data is …". */
public final class UnreadableValueException extends RuntimeException {
    UnreadableValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
