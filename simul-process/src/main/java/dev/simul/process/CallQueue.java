package dev.simul.process;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Calls that wait for a child, first come first served. */
final class CallQueue {
    private final String pool;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Call<?>> calls = new ArrayDeque<>();
    private boolean closed;
    private volatile boolean aborted;

    CallQueue(String pool) {
        this.pool = pool;
    }

    void add(Call<?> call) {
        lock.lock();
        try {
            if (closed) {
                throw new RejectedExecutionException(pool + " is closed and takes no more tasks; open another pool");
            }
            calls.addLast(call);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a call that did not begin back to where it was, also when no new ones are taken. */
    void putBack(Call<?> call) {
        lock.lock();
        try {
            calls.addFirst(call);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next call; null when the waiter shall look after something else, or nothing will come. */
    @Nullable
    Call<?> take(BooleanSupplier lookElsewhere) {
        lock.lock();
        try {
            while (calls.isEmpty() && !closed && !lookElsewhere.getAsBoolean()) {
                changed.awaitUninterruptibly();
            }
            return calls.pollFirst();
        } finally {
            lock.unlock();
        }
    }

    /** Has everybody who waits look whether there is something else to do. */
    void wakeAll() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more calls. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether it is closed and empty. */
    boolean isFinished() {
        lock.lock();
        try {
            return closed && calls.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more calls and gives up those that wait. */
    List<Call<?>> abort() {
        lock.lock();
        try {
            aborted = true;
            close();
            var waiting = List.copyOf(calls);
            calls.clear();
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    boolean isAborted() {
        return aborted;
    }
}
