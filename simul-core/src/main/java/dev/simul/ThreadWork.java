package dev.simul;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

// A thread cannot be cancelled, only asked. So a request interrupts it, and the task ends when the work has: whatever
// it throws then counts as the cancellation, as it does for a coroutine that is blocked in the JDK; what it returns
// is its result all the same. Work that was not begun is not begun. Abandoned work is left alone, and nobody hears of
// it again.
//
// The thread is interrupted under the lock and only while it does this work, so that no interrupt reaches what the
// thread does next.

/** Blocking work on a thread of a loop's own. Thread: any. */
final class ThreadWork<T extends @Nullable Object> extends Completion<T> implements Runnable {

    private final EventLoop loop;
    private final Callable<? extends T> work;
    private final ThreadOptions options;
    private final @Nullable Bindings context = Context.snapshot();

    /** Who does the work now. Guarded by this. */
    private @Nullable Thread thread;

    /** What the work does in the loop now. Guarded by this. */
    private @Nullable LoopTask<?> inLoop;

    /** Whether a thread has taken it. Guarded by this. */
    private boolean begun;

    /** The reason of the latest request to cancel; null if there was none. */
    private volatile @Nullable String cancelled;

    ThreadWork(EventLoop loop, ThreadOptions options, Callable<? extends T> work) {
        this.loop = loop;
        this.options = options;
        this.work = work;
        loop.outsideWork++;
        loop.threads().begin(this);
    }

    @Override
    public void run() {
        if (!begin()) {
            return;
        }
        Worker.within(new Worker(loop, this), () -> Context.runIn(context, () -> end(outcomeOfWork())));
        var limiter = options.limiter();
        if (limiter != null) {
            loop.enqueue(() -> limiter.releaseFor(this));
        }
    }

    private synchronized boolean begin() {
        if (isDone()) {
            return false;
        }
        begun = true;
        thread = Thread.currentThread();
        return true;
    }

    private Outcome<T> outcomeOfWork() {
        try {
            T value = work.call();
            leave();
            return new Outcome.Returned<>(value);
        } catch (Throwable e) {
            leave();
            var reason = cancelled;
            if (e instanceof CancelledError error) {
                return new Outcome.Cancelled<>(error);
            }
            return reason == null ? new Outcome.Threw<>(e) : new Outcome.Cancelled<>(new CancelledError(reason, e));
        }
    }

    private synchronized void leave() {
        thread = null;
        if (cancelled != null) {
            Thread.interrupted();
        }
    }

    @Override
    public boolean cancel(String reason) {
        synchronized (this) {
            if (isDone()) {
                return false;
            }
            if (begun && !options.abandonOnCancel()) {
                cancelled = reason;
                if (inLoop != null) {
                    inLoop.cancel(reason);
                } else if (thread != null) {
                    thread.interrupt();
                }
                return true;
            }
            cancelled = reason;
        }
        return end(new Outcome.Cancelled<>(new CancelledError(reason)));
    }

    /** Whether a thread has begun it; then its limiter's permission is given back by that. */
    synchronized boolean isBegun() {
        return begun;
    }

    /** The thread's side: from now on a request to cancel goes to {@code task}. */
    synchronized void enterLoop(LoopTask<?> task) {
        throwIfCancelled();
        inLoop = task;
    }

    synchronized void leaveLoop() {
        inLoop = null;
    }

    /** The thread's side. */
    void throwIfCancelled() {
        var reason = cancelled;
        if (reason != null) {
            throw new CancelledError(reason);
        }
    }

    /** After those who waited were told: between the two, nobody seems to be able to run. */
    @Override
    void reactionsCalled() {
        loop.enqueue(() -> {
            loop.outsideWork--;
            loop.threads().end(this);
        });
    }

    @Override
    public State state() {
        return stateOr(begun ? State.RUNNING : State.WAITING);
    }

    @Override
    public String name() {
        return "work on a thread";
    }
}
