package dev.simul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
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
     * {@link #spawn(Callable)}, but the coroutine runs within this call until it waits for the first time. If it never waits, it
     * has ended when this returns, and costs the loop no step.
     *
     * @see <a href="https://docs.python.org/3/library/asyncio-task.html#eager-task-factory">asyncio's eager tasks</a>
     */
    public static <T extends @Nullable Object> Task<T> spawnEagerly(Callable<? extends T> work) {
        return loopFor("spawnEagerly(…)").spawnEagerly(null, work);
    }

    /** {@link #spawnEagerly(Callable)} for work without a result. */
    public static Task<@Nullable Void> spawnEagerly(Action work) {
        return loopFor("spawnEagerly(…)").spawnEagerly(null, work);
    }

    /** {@link #spawnEagerly(Callable)} with a name for people. */
    public static <T extends @Nullable Object> Task<T> spawnEagerly(String name, Callable<? extends T> work) {
        return loopFor("spawnEagerly(…)").spawnEagerly(name, work);
    }

    /** {@link #spawnEagerly(String, Callable)} for work without a result. */
    public static Task<@Nullable Void> spawnEagerly(String name, Action work) {
        return loopFor("spawnEagerly(…)").spawnEagerly(name, work);
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

    /** Waits until a moment of the loop's clock. If it is over, lets everything run that can run now. */
    public static void sleepUntil(Deadline deadline) {
        var task = LoopTask.current("sleepUntil(Deadline)", "use Thread.sleep");
        if (deadline.isNever()) {
            sleepForever();
        } else if (deadline.isOver()) {
            task.passTurn();
        } else {
            task.sleepUntil(deadline.nanos());
        }
    }

    /** Waits until this coroutine is cancelled. */
    public static void sleepForever() {
        LoopTask.current("sleepForever()", "use CountDownLatch.await");
        new Promise<@Nullable Void>("its cancellation").join();
    }

    /** {@link #sleep(Duration)}, and then returns {@code result}. */
    public static <T extends @Nullable Object> T sleep(Duration time, T result) {
        sleep(time);
        return result;
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
        return WrappedFuture.<T>of(stage).await();
    }

    /**
     * The JDK's kind of promise as a task. Cancelling the task cancels the future, unless that has ended; what was made by
     * {@link Task#toCompletableFuture} is the task again. Failures come out of their {@link CompletionException}.
     */
    public static <T extends @Nullable Object> Task<T> wrapFuture(CompletionStage<? extends T> stage) {
        return WrappedFuture.of(stage);
    }

    /** {@link #wrapFuture(CompletionStage)}, which a CompletableFuture is. */
    public static <T extends @Nullable Object> Task<T> wrapFuture(CompletableFuture<? extends T> future) {
        return WrappedFuture.of((CompletionStage<? extends T>) future);
    }

    /** {@link #wrapFuture(CompletionStage)} for futures that cannot call back: a virtual thread waits for the end. */
    public static <T extends @Nullable Object> Task<T> wrapFuture(Future<? extends T> future) {
        return WrappedFuture.of(future);
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
        return Gather.resultsOfNew(loop, tasks).await();
    }

    /**
     * Several tasks as one, whose result is the list of their results. It ends with the first failure, cancelled tasks
     * included, and the others go on; cancelling it cancels them all. A task that is given twice is there twice.
     *
     * <p>Everywhere here, what takes tasks returns a task, and what takes code waits.
     */
    public static <T extends @Nullable Object> Task<List<T>> gather(Iterable<? extends Task<? extends T>> tasks) {
        return Gather.results(loopFor("gather(…)"), listOf(tasks));
    }

    /** {@link #gather(Iterable)}. */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<T>> gather(
            Task<? extends T> first, Task<? extends T>... others) {
        List<Task<? extends T>> tasks = new ArrayList<>(others.length + 1);
        tasks.add(first);
        for (var other : others) {
            tasks.add(other);
        }
        return Gather.results(loopFor("gather(…)"), tasks);
    }

    /**
     * Runs several coroutines at the same time, waits for all of them, and says how each ended; failures are not thrown.
     *
     * @return the outcomes in the order of the arguments
     */
    @SafeVarargs
    public static <T extends @Nullable Object> List<Outcome<T>> gatherOutcomes(Callable<? extends T>... parts) {
        var loop = loopFor("gatherOutcomes(…)");
        List<LoopTask<T>> tasks = new ArrayList<>(parts.length);
        for (var part : parts) {
            tasks.add(loop.spawn(null, part));
        }
        return Gather.outcomes(loop, tasks).join();
    }

    /**
     * Several tasks as one, which ends when all have ended, and whose result says how each did. Only cancelling it makes it
     * fail, with {@link CancelledError} and when all have ended.
     */
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherOutcomes(
            Iterable<? extends Task<? extends T>> tasks) {
        return Gather.outcomes(loopFor("gatherOutcomes(…)"), Async.<T>listOf(tasks));
    }

    /** {@link #gatherOutcomes(Iterable)}. */
    @SafeVarargs
    public static <T extends @Nullable Object> Task<List<Outcome<T>>> gatherOutcomes(
            Task<? extends T> first, Task<? extends T>... others) {
        List<Task<? extends T>> tasks = new ArrayList<>(others.length + 1);
        tasks.add(first);
        for (var other : others) {
            tasks.add(other);
        }
        return Gather.outcomes(loopFor("gatherOutcomes(…)"), tasks);
    }

    /**
     * Waits until some or all of several tasks have ended, and cancels none of them, also if this coroutine is cancelled.
     *
     * @throws IllegalArgumentException if there are no tasks
     */
    public static <K extends Task<?>> DoneAndPending<K> awaitUntil(Until until, Iterable<? extends K> tasks) {
        return TaskWait.await(until, tasks, null);
    }

    /** {@link #awaitUntil(Until, Iterable)} for a limited time, whose end is no failure. */
    public static <K extends Task<?>> DoneAndPending<K> awaitUntil(
            Until until, Iterable<? extends K> tasks, Duration timeout) {
        return TaskWait.await(until, tasks, timeout);
    }

    /**
     * What is done with each item in {@link #map}.
     *
     * @param <A> the items
     * @param <B> the results
     */
    @FunctionalInterface
    public interface Mapper<A extends @Nullable Object, B extends @Nullable Object> {
        /**
         * Does the work for one item.
         *
         * @throws Exception whatever the work throws
         */
        B apply(A item) throws Exception;
    }

    /**
     * Does something with each item, with so many at the same time: each in a task of its own, none of which outlives this
     * call. The first failure cancels the others. The items are taken one by one, when there is a place; the iterable may
     * wait.
     *
     * @param atOnce how many at the same time, at least 1
     * @return the results in the order of the items
     * @throws Exception the first failure, with the others suppressed
     */
    public static <A extends @Nullable Object, B extends @Nullable Object> List<B> map(
            int atOnce, Iterable<? extends A> items, Mapper<? super A, ? extends B> mapper) throws Exception {
        return new Mapping<A, B>(loopFor("map(…)"), atOnce, mapper).run(items);
    }

    /** Tasks in the order in which they end: to be iterated, which waits. */
    public static <K extends Task<?>> AsCompleted<K> asCompleted(Iterable<? extends K> tasks) {
        return new AsCompleted<>(loopFor("asCompleted(…)"), tasks, null);
    }

    /** {@link #asCompleted(Iterable)} for a limited time, after which the iteration throws. */
    public static <K extends Task<?>> AsCompleted<K> asCompleted(Iterable<? extends K> tasks, Duration timeout) {
        return new AsCompleted<>(loopFor("asCompleted(…)"), tasks, timeout);
    }

    /** {@link #asCompleted(Iterable)} of new tasks. */
    @SafeVarargs
    public static <T extends @Nullable Object> AsCompleted<Task<T>> asCompleted(Callable<? extends T>... parts) {
        var loop = loopFor("asCompleted(…)");
        List<Task<T>> tasks = new ArrayList<>(parts.length);
        for (var part : parts) {
            tasks.add(loop.spawn(null, part));
        }
        return new AsCompleted<>(loop, tasks, null);
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
     * Starts coroutines one after the other until one succeeds: the next one when the one before has failed or the delay is
     * over. The others are cancelled, and waited for. (Happy eyeballs: several addresses, a short delay.)
     *
     * @param delay null to start the next one only after a failure
     */
    @SafeVarargs
    public static <T extends @Nullable Object> RaceResult<T> staggeredRace(
            @Nullable Duration delay, Callable<? extends T>... runners) throws Exception {
        List<Callable<? extends T>> contenders = new ArrayList<>(runners.length);
        for (var runner : runners) {
            contenders.add(runner);
        }
        return StaggeredRace.run(delay, contenders);
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
     * Awaits a task for a limited time, then cancels it and waits until it has ended. If it refuses and returns or throws
     * something, that counts. Cancelling this coroutine cancels the task, too; a {@link #shield(Task)} prevents both.
     *
     * @param limit null for none; with zero or less only the result of a task that has ended is returned
     * @return the result
     * @throws TimeoutException if the limit ended it
     * @throws Exception what the task threw
     */
    public static <T extends @Nullable Object> T waitFor(@Nullable Duration limit, Task<T> task) throws Exception {
        var waiter = LoopTask.current("waitFor(…)", "use toCompletableFuture().get(time, unit)");
        return limit == null ? task.await() : WaitFor.task(waiter, limit, task);
    }

    /**
     * {@link #timeout(Duration, Callable)}, but with zero or less {@code body} does not start.
     *
     * @param limit null for none
     * @return what {@code body} returns
     * @throws TimeoutException if the limit ended it
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> T waitFor(@Nullable Duration limit, Callable<? extends T> body)
            throws Exception {
        LoopTask.current("waitFor(…)", "use Future.get(time, unit)");
        if (limit == null) {
            return body.call();
        }
        if (!limit.isPositive()) {
            throw WaitFor.tooLate(limit, null);
        }
        return timeout(limit, body);
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
        return Shield.around(loop, inner).await();
    }

    /**
     * A task that ends as another does, and can be cancelled without it: who awaits it does not pass his own cancellation
     * on. If the shielded task then fails, that is reported once. One that has ended needs no shield and is returned.
     */
    public static <T extends @Nullable Object> Task<T> shield(Task<T> task) {
        return Shield.around(loopFor("shield(…)"), task);
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

    /**
     * Runs blocking work on a thread of the loop's own, in a copy of the present {@linkplain Context context}. Cancelling the
     * task takes the work back if it has not begun, else it interrupts the thread, and the task ends when the work does: what
     * it throws then counts as the cancellation.
     *
     * <p>asyncio's {@code to_thread} with trio's rule of cancellation; see {@link ThreadOptions} for asyncio's.
     *
     * @throws IllegalStateException if no loop runs here, or after {@link EventLoop#shutdownDefaultExecutor}
     */
    public static <T extends @Nullable Object> Task<T> onThread(Callable<? extends T> work) {
        return onThread(ThreadOptions.STANDARD, work);
    }

    /** {@link #onThread(Callable)} for work without a result. */
    public static Task<@Nullable Void> onThread(Action work) {
        return onThread(ThreadOptions.STANDARD, callable(work));
    }

    /** {@link #onThread(Callable)} with other rules. */
    public static <T extends @Nullable Object> Task<T> onThread(ThreadOptions options, Callable<? extends T> work) {
        return EventLoop.current("onThread(…)", "use an ExecutorService")
                .threads()
                .run(options, work);
    }

    /** {@link #onThread(ThreadOptions, Callable)} for work without a result. */
    public static Task<@Nullable Void> onThread(ThreadOptions options, Action work) {
        return onThread(options, callable(work));
    }

    /**
     * Back into the loop: runs a coroutine there and waits for it, in a thread that works for a loop by {@link #onThread} or
     * {@link #on}. The coroutine has the thread's context and is cancelled with the task for which the thread works; an
     * interrupt of the thread cancels it too. The thread waits until it has ended, in any case.
     *
     * <p>trio's {@code from_thread.run}. From other threads there are {@link EventLoop#submit} and {@link BlockingPortal}.
     *
     * @return what the coroutine returns
     * @throws Exception what the coroutine throws
     * @throws CancelledError if the task for which the thread works was cancelled
     * @throws IllegalStateException in a thread that does not work for a loop, and in coroutines
     */
    public static <T extends @Nullable Object> T fromThread(Callable<? extends T> work) throws Exception {
        return Worker.current("fromThread(…)").run(work);
    }

    /** {@link #fromThread(Callable)} for work without a result. */
    public static void fromThread(Action work) throws Exception {
        fromThread(callable(work));
    }

    /**
     * Lets long work on a thread end where it is convenient: trio's {@code from_thread.check_cancelled}.
     *
     * @throws CancelledError if the task for which this thread works, by {@link #onThread} or {@link #on}, was cancelled
     * @throws IllegalStateException in a thread that does not work for a loop
     */
    public static void checkCancelled() {
        Worker.current("checkCancelled()").throwIfCancelled();
    }

    static Callable<@Nullable Void> callable(Action work) {
        return () -> {
            work.run();
            return null;
        };
    }

    private static <T extends @Nullable Object> List<Task<? extends T>> listOf(
            Iterable<? extends Task<? extends T>> tasks) {
        List<Task<? extends T>> list = new ArrayList<>();
        tasks.forEach(list::add);
        return list;
    }

    private static EventLoop loopFor(String caller) {
        return EventLoop.current(caller, "use EventLoop.submit");
    }
}
