package dev.simul;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

// asyncio.timeout. The timer cancels the task; on the way out the time-out takes its own request back, and only if no
// other request is left over from inside does it turn the CancelledError into a TimeoutException. Who else wanted the
// task to end gets his way.

/** A limit for what a coroutine does. Loop thread only. */
final class Timeout extends Timer {

    private final LoopTask<?> task;
    private final Duration limit;
    private final int requestsBefore;
    private boolean expired;

    private Timeout(LoopTask<?> task, Duration limit, long when) {
        super(when);
        this.task = task;
        this.limit = limit;
        this.requestsBefore = task.cancelRequests();
    }

    static <T extends @Nullable Object> T run(LoopTask<?> task, Duration limit, Callable<? extends T> body)
            throws Exception {
        var loop = task.loop;
        var timeout = new Timeout(task, limit, loop.timeAfter(limit));
        if (timeout.when <= loop.clock.nanos()) {
            loop.enqueue(timeout);
        } else {
            loop.timers.add(timeout);
        }
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            throw timeout.leaveWith(task.asCancellation(e));
        }
        timeout.leave();
        return result;
    }

    @Override
    void fire() {
        expired = true;
        task.cancel("timed out after " + limit);
    }

    @Override
    LoopTask<?> limits() {
        return task;
    }

    /** Whether the cancellation, if there is one, is this time-out's alone. */
    private boolean leave() {
        task.loop.timers.cancel(this);
        return expired && task.uncancel() <= requestsBefore;
    }

    private Exception leaveWith(Throwable error) {
        if (!leave()) {
            return Completion.asThrown(error);
        }
        var timeout = new TimeoutException("not done after " + limit);
        if (error instanceof CancelledError) {
            timeout.initCause(error);
            return timeout;
        }
        error.addSuppressed(timeout);
        return Completion.asThrown(error);
    }
}
