package dev.simul;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A way for ordinary threads to have coroutines run, and to wait for them.
 *
 * <pre>{@code
 * try (var portal = BlockingPortal.start()) {
 *     var page = portal.call(() -> fetch(url));        // waits, as any method does
 *     var other = portal.startTaskSoon(() -> fetch(url2)); // a Task
 * } // waits for what still runs
 * }</pre>
 *
 * <p>{@link #start} makes a loop on a thread of its own; {@link #open} opens a portal into the loop in which it is called.
 *
 * <p>Thread: any.
 *
 * @see <a href="https://anyio.readthedocs.io/en/stable/threads.html">anyio's BlockingPortal</a>
 */
public final class BlockingPortal implements AutoCloseable {

    private static final String STOPPED = "the portal is stopped";

    private final EventLoop loop;
    private final Promise<@Nullable Void> stopped = Promise.outside("the end of a BlockingPortal");

    /** Loop thread only. */
    private final Set<Task<?>> running = new LinkedHashSet<>();

    /** Kept when the last of them has ended. Loop thread only. */
    private @Nullable Promise<@Nullable Void> idle;

    /** Null if the loop is somebody else's. */
    private @Nullable Thread thread;

    private BlockingPortal(EventLoop loop) {
        this.loop = loop;
    }

    /** A portal into a loop of its own, on a thread of its own. */
    public static BlockingPortal start() {
        var started = new CompletableFuture<@Nullable Void>();
        var portal = new BlockingPortal(EventLoop.open());
        portal.thread = Thread.ofPlatform().name("simul-portal").start(() -> portal.run(started));
        started.join();
        return portal;
    }

    /**
     * A portal into the present loop, for threads that the coroutine starts. The coroutine closes it.
     *
     * @throws IllegalStateException if not called in a coroutine
     */
    public static BlockingPortal open() {
        return new BlockingPortal(LoopTask.current("BlockingPortal.open()", "use BlockingPortal.start()").loop);
    }

    private void run(CompletableFuture<@Nullable Void> started) {
        try (loop) {
            loop.run(() -> {
                started.complete(null);
                sleepUntilStopped();
                awaitTasks();
            });
        } catch (Throwable e) {
            started.completeExceptionally(e);
            loop.report(ErrorContext.of("a BlockingPortal's loop ended", e));
        } finally {
            stopped.complete(null);
        }
    }

    /** The loop behind it. */
    public EventLoop loop() {
        return loop;
    }

    /**
     * Runs a coroutine in the portal's loop and waits for it. An interrupt of this thread cancels the coroutine.
     *
     * @return what the coroutine returns
     * @throws Exception what the coroutine throws; {@link InterruptedException} if an interrupt ended it
     * @throws java.util.concurrent.CancellationException if the coroutine was cancelled
     * @throws IllegalStateException if the portal is stopped, or this is the thread of its own loop
     */
    public <T extends @Nullable Object> T call(Callable<? extends T> work) throws Exception {
        if (loop.isCurrent()) {
            throw new IllegalStateException(
                    "call(…) in the portal's own loop would wait for itself: call the work itself");
        }
        Task<T> task = startTaskSoon(work);
        if (LoopTask.current() != null) {
            return task.await();
        }
        return Completion.forThread(Worker.awaitEnd((LoopTask<T>) task));
    }

    /** {@link #call(Callable)} for work without a result. */
    public void call(Action work) throws Exception {
        call(Async.callable(work));
    }

    /**
     * Starts a coroutine in the portal's loop and does not wait for it.
     *
     * @throws IllegalStateException if the portal is stopped
     */
    public <T extends @Nullable Object> Task<T> startTaskSoon(Callable<? extends T> work) {
        if (stopped.isDone()) {
            throw new IllegalStateException("this portal is stopped: start another");
        }
        try {
            Task<T> task = loop.submit(work);
            loop.execute(() -> {
                if (!task.isDone()) {
                    running.add(task);
                    task.onDone(this::ended);
                }
            });
            return task;
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException("this portal's loop is closed: start another", e);
        }
    }

    /** {@link #startTaskSoon(Callable)} for work without a result. */
    public Task<@Nullable Void> startTaskSoon(Action work) {
        return startTaskSoon(Async.callable(work));
    }

    /** Waits until the portal is stopped. In a coroutine of its loop. */
    public void sleepUntilStopped() {
        var own = new Promise<@Nullable Void>("the end of a BlockingPortal");
        stopped.react(_ -> own.complete(null)); // cancelling one who waits does not stop the portal
        own.join();
    }

    /** Takes no more calls; what runs goes on. */
    public void stop() {
        stop(false);
    }

    /**
     * Takes no more calls.
     *
     * @param cancelRemaining whether what runs is cancelled
     */
    public void stop(boolean cancelRemaining) {
        stopped.complete(null);
        if (cancelRemaining) {
            if (loop.isCurrent()) {
                cancelAll(STOPPED);
            } else if (!loop.isClosed()) {
                loop.execute(() -> cancelAll(STOPPED));
            }
        }
    }

    /** Stops it, and waits for what still runs. */
    @Override
    public void close() {
        stop();
        var own = thread;
        if (own == null) {
            awaitTasks();
        } else {
            join(own);
        }
    }

    /** A cancellation meanwhile is passed on to the tasks, and thrown when they have ended. */
    private void awaitTasks() {
        CancelledError cancelled = null;
        Async.sleep(Duration.ZERO); // what was started before comes in …
        Async.sleep(Duration.ZERO); // … and begins
        while (!running.isEmpty()) {
            idle = new Promise<>("the tasks of a BlockingPortal");
            try {
                idle.join();
            } catch (CancelledError e) {
                cancelled = e;
                cancelAll(e.reason());
            }
        }
        if (cancelled != null) {
            throw cancelled;
        }
    }

    private void ended(Task<?> task) {
        running.remove(task);
        if (running.isEmpty() && idle != null) {
            idle.complete(null);
        }
    }

    private void cancelAll(String reason) {
        List.copyOf(running).forEach(task -> task.cancel(reason));
    }

    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
