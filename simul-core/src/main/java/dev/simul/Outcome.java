package dev.simul;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** How a task ended. */
sealed interface Outcome<T extends @Nullable Object> {

    record Returned<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /** A failure knows whether somebody has looked at it: those that nobody saw are logged, see {@link FailureWatch}. */
    final class Threw<T extends @Nullable Object> implements Outcome<T> {

        private final Throwable error;
        private volatile boolean seen;

        Threw(Throwable error) {
            this.error = error;
        }

        Throwable error() {
            seen = true;
            return error;
        }

        /** Whether {@link #error} was ever called. */
        boolean isSeen() {
            return seen;
        }
    }

    record Cancelled<T extends @Nullable Object>(CancelledError error) implements Outcome<T> {}

    /** The result, or what the work threw as that same object; a cancellation as the coroutine's form of it. */
    default T forCoroutine() throws Exception {
        return switch (this) {
            case Returned<T>(T value) -> value;
            case Threw<T> threw -> throw asThrown(threw.error());
            // A new one for each who waits: it has its own stack, and what is suppressed in it is its own.
            case Cancelled<T>(CancelledError error) -> throw new CancelledError(error);
        };
    }

    /** The result, or what the work threw as that same object; a cancellation as the JDK's form of it. */
    default T forThread() throws Exception {
        try {
            return forCoroutine();
        } catch (CancelledError e) {
            var exception = new CancellationException(e.getMessage());
            exception.initCause(e);
            throw exception;
        }
    }

    /** For {@code throw}: an {@link Error} does not come back. */
    static Exception asThrown(Throwable error) {
        return switch (error) {
            case Exception e -> e;
            case Error e -> throw e;
            // Only foreign byte code gets here: the language knows no other kind.
            default -> new TaskFailedException("?", error);
        };
    }
}
