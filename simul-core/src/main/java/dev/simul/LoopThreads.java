package dev.simul;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Where a loop's blocking work is done: its default executor, made when it is needed. Loop thread only. */
final class LoopThreads {

    /** asyncio's number. */
    private static final int MOST = Math.min(32, Runtime.getRuntime().availableProcessors() + 4);

    private static final Duration IDLE = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final Set<ThreadWork<?>> works = new HashSet<>();
    private @Nullable Executor executor;
    private @Nullable ThreadPoolExecutor own;
    private @Nullable Promise<@Nullable Void> allEnded;
    private boolean closed;

    LoopThreads(EventLoop loop) {
        this.loop = loop;
    }

    /** Has another executor do the work from now on; null for threads of the loop's own. */
    void executor(@Nullable Executor other) {
        executor = other;
    }

    <T extends @Nullable Object> Task<T> run(ThreadOptions options, Callable<? extends T> work) {
        if (closed) {
            throw new IllegalStateException("the loop's threads are closed: use on(executor, …)");
        }
        var limiter = options.limiter();
        if (limiter == null) {
            var task = new ThreadWork<T>(loop, options, work);
            start(task);
            return task;
        }
        return loop.spawn(null, (Callable<T>) () -> {
            var task = new ThreadWork<T>(loop, options, work);
            try {
                limiter.acquireFor(task);
            } catch (Throwable e) {
                task.cancel();
                throw e;
            }
            task.onDone(_ -> {
                if (!task.isBegun()) {
                    limiter.releaseFor(task);
                }
            });
            start(task);
            return task.await();
        });
    }

    private void start(ThreadWork<?> task) {
        try {
            var chosen = executor;
            (chosen == null ? own() : chosen).execute(task);
        } catch (Throwable e) {
            task.cancel();
            throw e;
        }
    }

    private Executor own() {
        if (own == null) {
            ThreadFactory threads =
                    Thread.ofPlatform().daemon().name("simul-thread-", 1).factory();
            own = new ThreadPoolExecutor(
                    MOST, MOST, IDLE.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
            own.allowCoreThreadTimeOut(true);
        }
        return own;
    }

    void begin(ThreadWork<?> work) {
        works.add(work);
    }

    void end(ThreadWork<?> work) {
        works.remove(work);
        if (works.isEmpty() && allEnded != null) {
            allEnded.complete(null);
        }
    }

    boolean isIdle() {
        return works.isEmpty();
    }

    /** Takes no more, waits until what was taken has ended, and lets the threads go. In a coroutine. */
    void close(Duration limit) {
        closed = true;
        try {
            if (!works.isEmpty()) {
                var end = new Promise<@Nullable Void>("the end of the loop's threads");
                allEnded = end;
                Async.timeout(limit, end::join);
            }
        } catch (TimeoutException e) {
            System.getLogger("dev.simul")
                    .log(
                            Level.WARNING,
                            works.size() + " pieces of work on the loop's threads did not end within " + limit
                                    + ": the loop goes on without them");
            works.clear();
        } catch (Exception e) {
            throw Completion.unchecked("the end of the loop's threads", e); // there is no other
        } finally {
            if (own != null) {
                own.shutdown();
            }
        }
    }
}
