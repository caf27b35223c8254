package dev.simul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

// AbstractExecutorService does invokeAll with futures made here: they are tasks of the loop, so that who waits for
// one in a coroutine parks the coroutine, on either back end, and cancelling one cancels a coroutine and does not
// interrupt a thread. Its invokeAny would wait in a queue of the JDK, and there hold the loop on the default back
// end.

/**
 * A loop as the JDK's executor: each piece of work is a coroutine.
 *
 * <p>Shutting it down does not close the loop. Thread: any.
 */
final class LoopExecutor extends AbstractExecutorService {

    private final EventLoop loop;
    private final Promise<@Nullable Void> terminated = new Promise<>("the end of a loop's executor");

    /** Guarded by itself, and {@link #shutdown} with it. */
    private final Set<LoopFuture<?>> unfinished = new LinkedHashSet<>();

    private boolean shutdown;

    LoopExecutor(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Runnable work, T value) {
        return newTaskFor(() -> {
            work.run();
            return value;
        });
    }

    @Override
    protected <T extends @Nullable Object> RunnableFuture<T> newTaskFor(Callable<T> work) {
        return new LoopFuture<>(LoopTask.of(loop, null, work));
    }

    @Override
    public void execute(Runnable work) {
        var future = work instanceof LoopFuture<?> own ? own : new LoopFuture<>(LoopTask.of(loop, null, work::run));
        synchronized (unfinished) {
            if (shutdown) {
                throw new RejectedExecutionException("this executor of a loop is shut down");
            }
            unfinished.add(future);
        }
        future.task.react(_ -> ended(future));
        try {
            loop.startFromAnywhere(future.task);
        } catch (RejectedExecutionException e) {
            future.task.end(new Outcome.Cancelled<>(new CancelledError("the loop is closed")));
            throw e;
        }
    }

    private void ended(LoopFuture<?> future) {
        boolean last;
        synchronized (unfinished) {
            unfinished.remove(future);
            last = shutdown && unfinished.isEmpty();
        }
        if (last) {
            terminated.complete(null);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> work)
            throws InterruptedException, ExecutionException {
        try {
            return firstOf(work, null);
        } catch (TimeoutException e) {
            throw new AssertionError("there is no limit", e);
        }
    }

    @Override
    public <T extends @Nullable Object> T invokeAny(Collection<? extends Callable<T>> work, long timeout, TimeUnit unit)
            throws InterruptedException, ExecutionException, TimeoutException {
        return firstOf(work, Duration.ofNanos(unit.toNanos(timeout)));
    }

    private <T extends @Nullable Object> T firstOf(Collection<? extends Callable<T>> work, @Nullable Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (work.isEmpty()) {
            throw new IllegalArgumentException("invokeAny(…) needs at least one piece of work");
        }
        var winner = new Promise<T>("the first of " + work.size() + " to succeed");
        var left = new AtomicInteger(work.size());
        List<LoopFuture<T>> futures = new ArrayList<>();
        try {
            for (var part : work) {
                var future = new LoopFuture<T>(LoopTask.of(loop, null, part));
                futures.add(future);
                execute(future);
                future.task.react(_ -> {
                    switch (future.task.ended()) {
                        case Outcome.Returned<T>(T value) -> winner.complete(value);
                        case Outcome.Threw<T> threw when left.decrementAndGet() == 0 -> winner.fail(threw.error());
                        case Outcome.Threw<T> threw -> threw.error(); // seen: another may succeed
                        case Outcome.Cancelled<T>(CancelledError error)
                        when left.decrementAndGet() == 0 -> winner.fail(error);
                        case Outcome.Cancelled<T> _ -> {}
                    }
                });
            }
            return LoopFuture.await(winner, limit);
        } finally {
            futures.forEach(future -> future.cancel(true));
        }
    }

    @Override
    public void shutdown() {
        boolean last;
        synchronized (unfinished) {
            shutdown = true;
            last = unfinished.isEmpty();
        }
        if (last) {
            terminated.complete(null);
        }
    }

    /** Returns what has not begun, which then never does. */
    @Override
    public List<Runnable> shutdownNow() {
        List<LoopFuture<?>> left;
        synchronized (unfinished) {
            shutdown = true;
            left = List.copyOf(unfinished);
        }
        var neverBegun = new ArrayList<Runnable>();
        for (var future : left) {
            if (!future.task.isBegun()) {
                neverBegun.add(future);
            }
            future.task.cancel("the loop's executor was shut down");
        }
        shutdown();
        return neverBegun;
    }

    @Override
    public boolean isShutdown() {
        synchronized (unfinished) {
            return shutdown;
        }
    }

    @Override
    public boolean isTerminated() {
        return terminated.isDone();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            LoopFuture.await(terminated, Duration.ofNanos(unit.toNanos(timeout)));
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError("it does not fail", e);
        }
    }

    @Override
    public String toString() {
        return "LoopExecutor[" + (isTerminated() ? "terminated" : isShutdown() ? "shut down" : "running") + "]";
    }

    /** A coroutine as the JDK's future. */
    private static final class LoopFuture<T extends @Nullable Object> implements RunnableFuture<T> {

        final LoopTask<T> task;

        LoopFuture(LoopTask<T> task) {
            this.task = task;
        }

        /** For who got it back from {@link #shutdownNow}: it was cancelled. */
        @Override
        public void run() {}

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return task.cancel();
        }

        @Override
        public boolean isCancelled() {
            return task.state() == Task.State.CANCELLED;
        }

        @Override
        public boolean isDone() {
            return task.isDone();
        }

        @Override
        public T get() throws InterruptedException, ExecutionException {
            try {
                return await(task, null);
            } catch (TimeoutException e) {
                throw new AssertionError("there is no limit", e);
            }
        }

        @Override
        public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
            return await(task, Duration.ofNanos(unit.toNanos(timeout)));
        }

        /** Waits and does not cancel the task if the wait is cut short. */
        static <T extends @Nullable Object> T await(Completion<T> task, @Nullable Duration limit)
                throws InterruptedException, ExecutionException, TimeoutException {
            var ended = new Promise<@Nullable Void>(task.name());
            task.react(_ -> ended.complete(null));
            try {
                if (limit == null) {
                    ended.await();
                } else if (LoopTask.current() != null) {
                    Async.timeout(limit, ended::await);
                } else {
                    EventLoop.refuseToBlock("get(timeout)");
                    ended.toCompletableFuture().get(limit.toNanos(), TimeUnit.NANOSECONDS);
                }
                return switch (task.ended()) {
                    case Outcome.Returned<T>(T value) -> value;
                    case Outcome.Threw<T> threw -> throw new ExecutionException(threw.error());
                    case Outcome.Cancelled<T>(CancelledError error) -> {
                        var cancellation = new CancellationException(error.getMessage());
                        cancellation.initCause(error);
                        throw cancellation;
                    }
                };
            } catch (InterruptedException | ExecutionException | TimeoutException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError("a promise that is only kept throws nothing", e);
            }
        }
    }
}
