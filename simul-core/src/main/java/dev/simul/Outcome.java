package dev.simul;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * How a task ended.
 *
 * <p>Thread: any, for every method.
 *
 * @param <T> what the work returns
 * @see Task#outcome()
 */
public sealed interface Outcome<T extends @Nullable Object> {

    /**
     * The work returned.
     *
     * @param value its result
     */
    record Returned<T extends @Nullable Object>(T value) implements Outcome<T> {}

    /** The work threw. Whether somebody has looked at what, is remembered: failures that nobody saw are logged. */
    final class Threw<T extends @Nullable Object> implements Outcome<T> {

        private final Throwable error;
        private volatile boolean seen;

        Threw(Throwable error) {
            this.error = error;
        }

        /** What was thrown. Asking counts as having seen it. */
        public Throwable error() {
            seen = true;
            return error;
        }

        void markSeen() {
            seen = true;
        }

        /** Looks without having seen. */
        Throwable peek() {
            return error;
        }

        /** Whether {@link #error} was ever called. */
        boolean isSeen() {
            return seen;
        }

        /** Does not count as having seen the failure. */
        @Override
        public String toString() {
            return "Threw[" + error + "]";
        }
    }

    /**
     * The work was cancelled.
     *
     * @param error as it came out of the work, with the reason
     */
    record Cancelled<T extends @Nullable Object>(CancelledError error) implements Outcome<T> {}

    /**
     * What whoever waits gets: the result, or what the work threw as that same object.
     *
     * @throws Exception what the work threw
     * @throws CancelledError if it was cancelled and the caller is a loop coroutine or a callback of a loop
     * @throws CancellationException if it was cancelled and the caller is not
     */
    default T get() throws Exception {
        return EventLoop.current() != null ? Completion.forCoroutine(this) : Completion.forThread(this);
    }
}
