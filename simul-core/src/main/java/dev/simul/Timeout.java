package dev.simul;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

// asyncio.timeout. The timer cancels the task; on the way out the time-out takes its own request back, and only if no
// other request is left over from inside does it turn the CancelledError into a TimeoutException. Who else wanted the
// task to end gets his way.

/**
 * A limit for what a coroutine does, which can be moved while it does it.
 *
 * <pre>{@code
 * var timeout = Timeout.after(ofSeconds(5));
 * timeout.run(() -> {
 *     for (var line : lines) {
 *         upload(line);
 *         timeout.reschedule(ofSeconds(5)); // five seconds without progress are too many
 *     }
 * });
 * }</pre>
 *
 * <p>When the time is over the coroutine gets one {@link CancelledError} out of the call in which it waits, and what leaves the
 * body as that becomes a {@link TimeoutException}. Another exception stays what it is, with the TimeoutException
 * {@linkplain Throwable#getSuppressed suppressed} in it. A body that catches the cancellation and returns keeps its
 * value. If the coroutine was cancelled by somebody else, too, it stays cancelled.
 *
 * <p>Thread: coroutines of one loop. Used once.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-task.html#asyncio.timeout">asyncio.timeout, whose rules these
 *     are</a>
 * @see CancelScope
 */
public final class Timeout {

    private enum State {
        NEW,
        ACTIVE,
        EXPIRING,
        EXPIRED,
        FINISHED
    }

    private @Nullable Duration limit;
    private Deadline when;
    private State state = State.NEW;
    private @Nullable LoopTask<?> task;
    private @Nullable Timer timer;

    /** The one around. */
    private @Nullable CancelScope scope;

    private @Nullable TimeoutException thrown;

    private Timeout(@Nullable Duration limit, Deadline when) {
        this.limit = limit;
        this.when = when;
    }

    /**
     * A time-out that ends some time from now. Zero or less ends the body at its first wait.
     *
     * @param limit null for no limit
     * @throws IllegalStateException if no loop runs here
     */
    public static Timeout after(@Nullable Duration limit) {
        return new Timeout(limit, limit == null ? Deadline.NEVER : Deadline.after(limit));
    }

    /** A time-out that ends at a moment. */
    public static Timeout at(Deadline when) {
        return new Timeout(null, when);
    }

    /**
     * Runs {@code body} in this coroutine, and cancels it if it is not done in time.
     *
     * @return what {@code body} returns
     * @throws TimeoutException if the limit ended it
     * @throws IllegalStateException if the time-out has been used already
     * @throws Exception what {@code body} throws
     */
    public <T extends @Nullable Object> T run(Callable<? extends T> body) throws Exception {
        var task = LoopTask.current("a Timeout", "use Future.get(time, unit)");
        if (state != State.NEW) {
            throw new IllegalStateException("the Timeout has already been entered: make one for each use");
        }
        this.task = task;
        state = State.ACTIVE;
        scope = task.scope();
        int requestsBefore = task.admittedRequests();
        start(task);
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            throw leaveWith(task.asCancellation(e), task, requestsBefore);
        }
        leave(task, requestsBefore);
        return result;
    }

    /** {@link #run(Callable)} for work without a result. */
    public void run(Action body) throws Exception {
        run(Async.callable(body));
    }

    /**
     * Runs {@code body} as {@link #run(Callable)} does.
     *
     * @return what {@code body} returns, null if the limit ended it
     * @throws Exception what {@code body} throws, a {@link TimeoutException} of its own included
     */
    @SuppressWarnings("ReferenceEquality") // this very exception
    public <T extends @Nullable Object> @Nullable T runOrNull(Callable<? extends T> body) throws Exception {
        try {
            return run(body);
        } catch (TimeoutException e) {
            if (e == thrown) {
                return null;
            }
            throw e;
        } finally {
            thrown = null;
        }
    }

    /** When the body will be, or was, cancelled; {@link Deadline#NEVER} without a limit. */
    public Deadline when() {
        return when;
    }

    /** Whether the limit has been reached while the body ran. */
    public boolean expired() {
        return state == State.EXPIRING || state == State.EXPIRED;
    }

    /**
     * Moves the limit; a moment that has passed ends the body at its next wait.
     *
     * @throws IllegalStateException if the body does not run, or the limit has been reached
     */
    public void reschedule(Deadline when) {
        var running = task;
        if (state == State.NEW) {
            throw new IllegalStateException("the Timeout has not been entered: reschedule it in its body");
        }
        if (running == null || state != State.ACTIVE) {
            throw new IllegalStateException(
                    "cannot reschedule a Timeout that is " + state() + ": only one that is active can be moved");
        }
        stop(running);
        limit = null; // error texts would be wrong
        this.when = when;
        start(running);
    }

    /** Moves the limit to some time from now. */
    public void reschedule(Duration fromNow) {
        reschedule(Deadline.after(fromNow));
    }

    private void start(LoopTask<?> task) {
        if (when.isNever()) {
            return;
        }
        var expiry = new Expiry(when.nanos());
        timer = expiry;
        if (when.nanos() <= task.loop.clock.nanos()) {
            task.loop.enqueue(expiry);
        } else {
            task.loop.timers.add(expiry);
        }
    }

    private void stop(LoopTask<?> task) {
        if (timer != null) {
            task.loop.timers.cancel(timer);
            timer = null;
        }
    }

    /** Whether the cancellation, if there is one, is this time-out's alone. */
    private boolean leave(LoopTask<?> task, int requestsBefore) {
        stop(task);
        this.task = null;
        if (state != State.EXPIRING) {
            state = State.FINISHED;
            return false;
        }
        state = State.EXPIRED;
        task.uncancel();
        return task.admittedRequests() <= requestsBefore && (scope == null || scope.cancelledBy() == null);
    }

    private Exception leaveWith(Throwable error, LoopTask<?> task, int requestsBefore) {
        if (!leave(task, requestsBefore)) {
            return Completion.asThrown(error);
        }
        var timeout =
                new TimeoutException(limit != null ? "not done after " + limit : "not done by the deadline, " + when);
        if (error instanceof CancelledError) {
            timeout.initCause(error);
            thrown = timeout;
            return timeout;
        }
        error.addSuppressed(timeout);
        return Completion.asThrown(error);
    }

    private String state() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "Timeout[" + state() + (state == State.ACTIVE ? ", when " + when : "") + "]";
    }

    private final class Expiry extends Timer {

        Expiry(long when) {
            super(when);
        }

        @Override
        @Nullable
        LoopTask<?> limits() {
            return task;
        }

        @Override
        void fire() {
            var running = task;
            if (running != null) {
                timer = null;
                state = State.EXPIRING;
                running.cancelFrom(scope, limit != null ? "timed out after " + limit : "timed out at " + when);
            }
        }
    }
}
