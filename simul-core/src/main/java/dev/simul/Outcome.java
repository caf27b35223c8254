package dev.simul;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** How a task ended. */
sealed interface Outcome<T extends @Nullable Object> {

    record Returned<T extends @Nullable Object>(T value) implements Outcome<T> {}

    record Threw<T extends @Nullable Object>(Throwable error) implements Outcome<T> {}

    record Cancelled<T extends @Nullable Object>(CancelledError error) implements Outcome<T> {}

    /** The result, or what the work threw as that same object; a cancellation as the coroutine's form of it. */
    default T forCoroutine() throws Exception {
        return switch (this) {
            case Returned<T>(T value) -> value;
            case Threw<T>(Throwable error) -> throw asThrown(error);
            case Cancelled<T>(CancelledError error) -> {
                // A new one for each who waits: it has its own stack, and what is suppressed in it is its own.
                var own = new CancelledError(error.reason());
                own.initCause(error);
                throw own;
            }
        };
    }

    /** The result, or what the work threw as that same object; a cancellation as the JDK's form of it. */
    default T forThread() throws Exception {
        if (this instanceof Cancelled<T>(CancelledError error)) {
            throw cancellation(error);
        }
        return forCoroutine();
    }

    private static CancellationException cancellation(CancelledError error) {
        var exception = new CancellationException(error.getMessage());
        exception.initCause(error);
        return exception;
    }

    private static Exception asThrown(Throwable error) {
        return switch (error) {
            case Exception e -> e;
            case Error e -> throw e;
            // Only foreign byte code gets here: the language knows no other kind.
            default -> new TaskFailedException("?", error);
        };
    }
}
