package dev.simul;

/**
 * Cancellation, as a coroutine sees it: thrown out of the call in which it waits.
 *
 * <p>An {@link Error}, as {@link ThreadDeath} was and for the same reason: {@code catch (Exception e)} must not swallow
 * it. Clean up in {@code finally} or with try-with-resources; who catches it throws it on. Outside of coroutines
 * cancellation is the JDK's {@link java.util.concurrent.CancellationException}.
 */
public final class CancelledError extends Error {

    private static final long serialVersionUID = 1;

    /**
     * A cancellation with its reason.
     *
     * @param reason as given to {@link Task#cancel(String)}; empty for none
     */
    public CancelledError(String reason) {
        super(reason.isEmpty() ? null : reason);
    }

    CancelledError(CancelledError cause) {
        super(cause.getMessage(), cause);
    }

    CancelledError(String reason, Throwable cause) {
        super(reason.isEmpty() ? null : reason, cause);
    }

    /** Why, as given to {@link Task#cancel(String)}; empty if nobody said. */
    public String reason() {
        var message = getMessage();
        return message == null ? "" : message;
    }
}
