package dev.simul.jobs.internal.pickle;

import net.razorvine.pickle.PickleException;

/** Bytes are no pickle of plain values; the message says why. */
public final class UnreadablePickleException extends PickleException {
    UnreadablePickleException(String message) {
        super(message);
    }

    UnreadablePickleException(String message, Throwable cause) {
        super(message, cause);
    }
}
