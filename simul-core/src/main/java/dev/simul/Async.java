package dev.simul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What coroutines say, to be imported statically: {@code import static dev.simul.Async.*}.
 *
 * <p>A coroutine is a plain method that runs on an event loop. It may call anything; where it waits (here, for a
 * {@link Task}, in a call of the JDK) the other coroutines of its loop run, and nowhere else.
 *
 * <p>Thread: coroutines of a running loop, except {@link #run}, {@link #on} and {@link #await(Task)}, which may be called
 * anywhere. Each method that waits throws {@link CancelledError} if the coroutine is cancelled.
 */
public final class Async {

    private Async() {}

    /**
     * Runs {@code main} as a coroutine on a new loop on this thread, and closes the loop: tasks that are left are
     * cancelled, and waited for.
     *
     * @return what {@code main} returns
     * @throws KeyboardInterrupt if Ctrl-C ended it, on the JVM's main thread: see {@link EventLoop#run(Callable)}
     * @throws Exception what {@code main} throws
     */
    public static <T extends @Nullable Object> T run(Callable<? extends T> main) throws Exception {
        try (var loop = EventLoop.open()) {
            return loop.run(main);
        }
    }

    /** {@link #run(Callable)} for work without a result. */
    public static void run(Action main) throws Exception {
        run(callable(main));
    }

    /**
     * Starts a coroutine, which runs when the present one waits. A failure that nobody looks at is logged; what must not
     * be left behind belongs into a {@link TaskGroup}.
     */
    public static <T extends @Nullable Object> Task<T> spawn(Callable<? extends T> work) {
        return loopFor("spawn(…)").spawn(null, work);
    }

    /** {@link #spawn(Callable)} for work without a result. */
    public static Task<@Nullable Void> spawn(Action work) {
        return loopFor("spawn(…)").spawn(null, work);
    }

    /** {@link #spawn(Callable)} with a name for people. */
    public static <T extends @Nullable Object> Task<T> spawn(String name, Callable<? extends T> work) {
        return loopFor("spawn(…)").spawn(name, work);
    }

    /** {@link #spawn(String, Callable)} for work without a result. */
    public static Task<@Nullable Void> spawn(String name, Action work) {
        return loopFor("spawn(…)").spawn(name, work);
    }

    /**
     * The task in whose coroutine the caller runs, null in a callback of a loop.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static @Nullable Task<?> currentTask() {
        var task = LoopTask.current();
        if (task == null) {
            loopFor("currentTask()");
        }
        return task;
    }

    /**
     * The loop in whose coroutine or callback the caller runs; {@link EventLoop#current} where there may be none.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static EventLoop currentLoop() {
        return loopFor("currentLoop()");
    }

    /** Waits for a time of the loop's clock. With zero or less, lets everything run that can run now. */
    public static void sleep(Duration time) {
        var task = LoopTask.current("sleep(Duration)", "use Thread.sleep");
        if (time.isPositive()) {
            task.sleepUntil(task.loop.timeAfter(time));
        } else {
            task.passTurn();
        }
    }

    /** Lets everything run that can run now, and hears of a cancellation: for loops that would not wait otherwise. */
    public static void checkpoint() {
        LoopTask.current("checkpoint()", "use Thread.yield").passTurn();
    }

    /** Hears of a cancellation, and does not wait if there is none. */
    public static void checkpointIfCancelled() {
        LoopTask.current("checkpointIfCancelled()", "use Thread.interrupted").throwIfCancelled();
    }

    /** Lets everything run that can run now, and hears of no cancellation: that comes out at the next wait. */
    public static void shieldedCheckpoint() {
        LoopTask.current("shieldedCheckpoint()", "use Thread.yield").passTurnShielded();
    }

    /** {@link Task#await()}. */
    public static <T extends @Nullable Object> T await(Task<T> task) throws Exception {
        return task.await();
    }

    /**
     * Waits for the JDK's kind of promise. Cancelling the coroutine meanwhile cancels it.
     *
     * @throws Exception what the stage failed with, out of its {@link CompletionException}
     */
    public static <T extends @Nullable Object> T await(CompletionStage<? extends T> stage) throws Exception {
        Promise<T> promise = Promise.outside(stage.toString());
        stage.whenComplete((value, error) -> {
            switch (error) {
                case null -> promise.complete(value);
                case CompletionException e when e.getCause() != null -> promise.fail(e.getCause());
                case CancellationException e -> promise.cancel(Objects.requireNonNullElse(e.getMessage(), ""));
                default -> promise.fail(error);
            }
        });
        promise.onCancel(_ -> stage.toCompletableFuture().cancel(true));
        return promise.await();
    }

    /**
     * Runs several coroutines at the same time and waits for all of them.
     *
     * <p>The first failure is thrown at once, and the others go on; use a {@link TaskGroup} where they should not.
     *
     * @return the results in the order of the arguments
     * @throws Exception the first failure
     */
    @SafeVarargs
    public static <T extends @Nullable Object> List<T> gather(Callable<? extends T>... parts) throws Exception {
        var loop = loopFor("gather(…)");
        List<LoopTask<T>> tasks = new ArrayList<>(parts.length);
        for (var part : parts) {
            tasks.add(loop.spawn(null, part));
        }
        return new Gather<>(loop, tasks).await();
    }

    /**
     * Runs several coroutines at the same time until one succeeds; the others are cancelled, and waited for.
     *
     * @return the result of the first that succeeded
     * @throws Exception if none did: the first failure, with the others suppressed
     */
    @SafeVarargs
    public static <T extends @Nullable Object> T race(Callable<? extends T>... runners) throws Exception {
        if (runners.length == 0) {
            throw new IllegalArgumentException("race(…) needs at least one runner");
        }
        List<Callable<? extends T>> contenders = new ArrayList<>(runners.length);
        for (var runner : runners) {
            contenders.add(runner);
        }
        return Race.run(contenders);
    }

    /**
     * Cancels {@code body}, which runs in this coroutine, if it is not done in time. A {@link Timeout} of one's own can be
     * moved meanwhile.
     *
     * @param limit null for none; zero or less ends the body at its first wait
     * @return what {@code body} returns
     * @throws TimeoutException if the limit ended it
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> T timeout(@Nullable Duration limit, Callable<? extends T> body)
            throws Exception {
        return Timeout.after(limit).run(body);
    }

    /** {@link #timeout(Duration, Callable)} for work without a result. */
    public static void timeout(@Nullable Duration limit, Action body) throws Exception {
        timeout(limit, callable(body));
    }

    /**
     * {@link #timeout(Duration, Callable)} that tells by null that the limit ended the body.
     *
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> @Nullable T timeoutOrNull(
            @Nullable Duration limit, Callable<? extends T> body) throws Exception {
        return Timeout.after(limit).runOrNull(body);
    }

    /**
     * {@link #timeout(Duration, Callable)} with the moment by which the body has to be done.
     *
     * @return what {@code body} returns
     * @throws TimeoutException if the deadline ended it
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> T deadline(Deadline deadline, Callable<? extends T> body)
            throws Exception {
        return Timeout.at(deadline).run(body);
    }

    /** {@link #deadline(Deadline, Callable)} for work without a result. */
    public static void deadline(Deadline deadline, Action body) throws Exception {
        deadline(deadline, callable(body));
    }

    /**
     * Runs {@code body} as a task of its own that is not cancelled when this coroutine is: the coroutine ends, the body
     * goes on. If it then fails, that is logged.
     *
     * @return what {@code body} returns
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> T shield(Callable<? extends T> body) throws Exception {
        var loop = loopFor("shield(…)");
        LoopTask<T> inner = loop.spawn(null, body);
        var outer = new DependentPromise<T>("shielded " + inner.name(), () -> List.of(inner), true);
        inner.react(new LoopCallback(loop, () -> outer.end(inner.ended())));
        return outer.await();
    }

    /** {@link #shield(Callable)} for work without a result. */
    public static void shield(Action body) throws Exception {
        shield(callable(body));
    }

    /**
     * Runs blocking work on a thread of {@code executor}. Cancelling the task interrupts that thread, or takes the work
     * out of the executor's hands if it has not begun.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the executor does not take it
     */
    public static <T extends @Nullable Object> Task<T> on(Executor executor, Callable<? extends T> work) {
        var task = new ExecutorWork<T>(work);
        executor.execute(task);
        return task.promise();
    }

    /** {@link #on(Executor, Callable)} for work without a result. */
    public static Task<@Nullable Void> on(Executor executor, Action work) {
        return on(executor, callable(work));
    }

    static Callable<@Nullable Void> callable(Action work) {
        return () -> {
            work.run();
            return null;
        };
    }

    private static EventLoop loopFor(String caller) {
        return EventLoop.current(caller, "use EventLoop.submit");
    }
}
