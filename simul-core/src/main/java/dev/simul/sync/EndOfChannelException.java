package dev.simul.sync;

import java.util.NoSuchElementException;

/** Says that a {@link Channel} was closed, and that everything that was sent has been received. */
public final class EndOfChannelException extends NoSuchElementException {

    private static final long serialVersionUID = 1;

    EndOfChannelException() {
        super("the channel is closed and empty");
    }
}
