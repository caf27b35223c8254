package dev.simul;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

// asyncio.wait_for. With time left it is a time-out around an await. Without, the task is cancelled, and its end
// awaited through a promise: if this coroutine is cancelled meanwhile, it goes at once and does not wait.

/** Awaiting a task for a limited time. Loop thread only. */
final class WaitFor {

    private WaitFor() {}

    static <T extends @Nullable Object> T task(LoopTask<?> waiter, Duration limit, Task<T> task) throws Exception {
        if (limit.isPositive()) {
            return Async.timeout(limit, () -> task.await());
        }
        if (task.isDone()) {
            return task.result();
        }
        cancelAndWait(waiter.loop, task);
        try {
            return task.result();
        } catch (CancelledError e) {
            throw tooLate(limit, e);
        }
    }

    static TimeoutException tooLate(Duration limit, @Nullable CancelledError cause) {
        var error = new TimeoutException("not done after " + limit);
        error.initCause(cause);
        return error;
    }

    private static void cancelAndWait(EventLoop loop, Task<?> task) {
        var ended = new DependentPromise<@Nullable Void>("the end of " + task.name(), () -> List.of(task), true);
        var callback = new LoopCallback(loop, () -> ended.complete(null));
        callback.register(task);
        try {
            task.cancel();
            ended.join();
        } finally {
            callback.takeBack(task);
        }
    }
}
