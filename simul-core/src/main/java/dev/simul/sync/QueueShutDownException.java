package dev.simul.sync;

/** Says that a {@link Queue} was shut down: nothing goes in, and nothing is left that could come out. */
public final class QueueShutDownException extends IllegalStateException {

    private static final long serialVersionUID = 1;

    QueueShutDownException(String message) {
        super(message);
    }
}
