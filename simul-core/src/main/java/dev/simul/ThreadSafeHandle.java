package dev.simul;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

// asyncio's _ThreadSafeHandle: the lock is held while the callback runs, so that who has cancelled it knows that it is
// over or will never begin. The callback itself may cancel its handle, hence a lock that is re-entrant.

/**
 * A callback from another thread in the ready queue; {@link #cancel} and {@link #isCancelled} in other threads wait while it
 * runs.
 */
final class ThreadSafeHandle implements Handle, Step {

    private final EventLoop loop;
    private final @Nullable Bindings context = Context.snapshot();
    private final ReentrantLock lock = new ReentrantLock();

    /** Null when it was cancelled. Guarded by {@link #lock}. */
    private @Nullable Runnable callback;

    ThreadSafeHandle(EventLoop loop, Runnable callback) {
        this.loop = loop;
        this.callback = Objects.requireNonNull(callback, "callback");
    }

    @Override
    public void step() {
        lock.lock();
        try {
            if (callback != null) {
                loop.call(callback, context, this);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() {
        lock.lock();
        try {
            callback = null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isCancelled() {
        lock.lock();
        try {
            return callback == null;
        } finally {
            lock.unlock();
        }
    }

    /** Does not wait. */
    @Override
    public String toString() {
        return "Handle[from another thread]";
    }
}
