package dev.simul.sync;

import org.jspecify.annotations.Nullable;

/** Says that a {@link Channel}, or one of its ends, takes nothing any more because it was closed. */
public final class ChannelClosedException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    ChannelClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
