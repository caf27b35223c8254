package dev.simul.jobs.internal.redis;

import org.jspecify.annotations.Nullable;

/** Bytes or a value are not what they should be; the message says what they are instead. */
public final class UnreadableValueException extends RuntimeException {
    private final String message;

    UnreadableValueException(String message, @Nullable Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    @Override
    public String getMessage() {
        return message;
    }
}
