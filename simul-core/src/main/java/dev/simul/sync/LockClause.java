package dev.simul.sync;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Takes a lock. */
final class LockClause<R extends @Nullable Object> extends Clause<R> {

    private final Lock lock;
    private final Callable<? extends R> onLocked;

    LockClause(Lock lock, Callable<? extends R> onLocked) {
        this.lock = lock;
        this.onLocked = onLocked;
    }

    @Override
    boolean tryNow() {
        return lock.tryAcquire();
    }

    @Override
    void enrol(Waiter waiter) {
        lock.enrol(waiter);
    }

    @Override
    void withdraw(Waiter waiter) {
        lock.leave(waiter);
    }

    @Override
    boolean giveBack(Waiter waiter) {
        lock.leave(waiter);
        return true;
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        if (waiter != null) {
            lock.takeTurn(waiter);
        }
        return onLocked.call();
    }

    @Override
    public String toString() {
        return lock.toString();
    }
}
