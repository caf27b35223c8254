package dev.simul;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The handle of work that runs away from the asker: in a coroutine, a thread, a process or on another machine.
 *
 * <p>Thread: any, for every method.
 *
 * @param <T> what the work returns
 */
public interface Task<T extends @Nullable Object> {

    /** Where a task stands. The last three states are final. */
    enum State {
        /** Not started, or parked until something happens. */
        WAITING,
        /** Being executed now, or blocked in a call of the JDK. */
        RUNNING,
        /** Ended with a result. */
        DONE,
        /** Ended with an exception. */
        FAILED,
        /** Ended because it was asked to. */
        CANCELLED
    }

    /**
     * Waits for the end of the work. In a loop coroutine this parks the coroutine, elsewhere the thread.
     *
     * <p>Cancelling a coroutine while it waits here cancels this task too, as in asyncio; {@link Async#shield} prevents that.
     *
     * @return the result
     * @throws Exception what the work threw, the same object; {@link InterruptedException} if the waiting thread was
     *     interrupted
     * @throws CancelledError if the task was cancelled and the caller is a loop coroutine
     * @throws java.util.concurrent.CancellationException if the task was cancelled and the caller is not
     */
    T await() throws Exception;

    /**
     * {@link #await()} for lambdas and streams: checked exceptions come wrapped.
     *
     * @return the result
     * @throws TaskFailedException with the checked exception as its cause; unchecked ones are thrown as they are
     */
    T join();

    /**
     * Asks the work to end. It decides itself: clean-up may take time, and it may refuse.
     *
     * @return whether the request was accepted; false if the task has ended
     */
    default boolean cancel() {
        return cancel("");
    }

    /**
     * {@link #cancel()} with a reason, which becomes the message of the {@link CancelledError}.
     *
     * @param reason for people; empty for none
     */
    boolean cancel(String reason);

    /**
     * How many requests to cancel this task were accepted and not taken back. What a request meant to end can be told by it:
     * a time-out or a group counts before and after. Only coroutines count; 0 for every other task.
     *
     * <p>Thread: the loop's; elsewhere it is the count as it was at some moment.
     *
     * @see <a href="https://docs.python.org/3/library/asyncio-task.html#asyncio.Task.cancelling">asyncio.Task.cancelling</a>
     */
    default int cancelRequests() {
        return 0;
    }

    /**
     * Takes one request to cancel back; with the last one, also the {@link CancelledError} that has not come yet. For whoever
     * made the request and has seen it arrive. Does nothing to a task that has ended.
     *
     * <p>Thread: the loop's.
     *
     * @return how many requests are left
     */
    default int uncancel() {
        return 0;
    }

    /**
     * How the task ended, null while it has not. Does not wait. A failure counts as seen when its
     * {@link Outcome.Threw#error} is asked for.
     */
    @Nullable
    Outcome<T> outcome();

    /**
     * The result of a task that has ended; what {@link #await} does without waiting.
     *
     * @throws Exception what the work threw, or its cancellation as {@code await} has it
     * @throws IllegalStateException if the task has not ended
     */
    default T result() throws Exception {
        return Completion.ended(this).get();
    }

    /**
     * What a task that has ended threw, null if it returned. Counts as having seen it.
     *
     * @throws CancelledError if the task was cancelled and the caller is a loop coroutine or a callback of a loop
     * @throws java.util.concurrent.CancellationException if the task was cancelled and the caller is not
     * @throws IllegalStateException if the task has not ended
     */
    default @Nullable Throwable exception() {
        return switch (Completion.ended(this)) {
            case Outcome.Returned<T> _ -> null;
            case Outcome.Threw<T> threw -> threw.error();
            case Outcome.Cancelled<T> cancelled -> throw Completion.cancellation(cancelled.error());
        };
    }

    /** Where the task stands at this moment. */
    State state();

    /** Whether the task has ended, in whatever way. */
    default boolean isDone() {
        return switch (state()) {
            case WAITING, RUNNING -> false;
            case DONE, FAILED, CANCELLED -> true;
        };
    }

    /** Whether the task has ended as cancelled. A request alone does not make it so: see {@link #cancelRequests}. */
    default boolean isCancelled() {
        return state() == State.CANCELLED;
    }

    /** A name for people: logs, dumps, error texts. */
    String name();

    /**
     * Where the work is at this moment: the innermost call first, without frames of Simul and of the JDK's threads. Empty
     * for what is no coroutine, has not begun, or has returned; where the failure came from, for what has failed.
     *
     * <p>Compared with asyncio's {@code get_stack}, which has the outermost frame of a suspended coroutine, this has all.
     */
    default List<StackTraceElement> stack() {
        return switch (outcome()) {
            case Outcome.Threw<T> threw -> Frames.withoutKernel(threw.peek().getStackTrace());
            case null, default -> List.of();
        };
    }

    /**
     * A part of {@link #stack()}.
     *
     * @param limit so many frames next to the entry of the work; if negative, so many of the innermost
     */
    default List<StackTraceElement> stack(int limit) {
        return Frames.limited(stack(), limit);
    }

    /**
     * Calls back once after the end of the task, at the latest when this method is called.
     *
     * <p>Registered on a loop's thread, the callback runs there, in its turn: never inside this call. Registered
     * elsewhere, it runs in the thread that ends the task, or in the caller's if the task has ended. Callbacks run in the order
     * of their registration. What they throw is logged.
     */
    void onDone(Consumer<? super Task<T>> callback);

    /**
     * Takes back what was given to {@link #onDone}: every callback that is equal to this one and has not had its turn arranged,
     * which happens when the task ends.
     *
     * @return how many there were
     */
    int removeOnDone(Consumer<? super Task<T>> callback);

    /** The JDK's view of this task. Cancelling it asks the task to cancel. */
    CompletableFuture<T> toCompletableFuture();
}
