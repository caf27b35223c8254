package dev.simul.jobs;

import org.jspecify.annotations.Nullable;

/** Redis cannot be reached, does not let us in, or has stopped answering; the message says where and what to do. */
public final class RedisUnavailableException extends RuntimeException {
    /** For this library's use: the message must not contain a password. */
    public RedisUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
