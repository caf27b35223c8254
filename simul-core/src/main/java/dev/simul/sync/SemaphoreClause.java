package dev.simul.sync;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Takes a permit. */
final class SemaphoreClause<R extends @Nullable Object> extends Clause<R> {

    private final Semaphore semaphore;
    private final Callable<? extends R> onAcquired;

    SemaphoreClause(Semaphore semaphore, Callable<? extends R> onAcquired) {
        this.semaphore = semaphore;
        this.onAcquired = onAcquired;
    }

    @Override
    boolean tryNow() {
        return semaphore.tryAcquire();
    }

    @Override
    void enrol(Waiter waiter) {
        semaphore.enrol(waiter);
    }

    @Override
    void withdraw(Waiter waiter) {
        semaphore.leave(waiter, false);
    }

    @Override
    boolean giveBack(Waiter waiter) {
        semaphore.leave(waiter, true);
        return true;
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        if (waiter != null) {
            semaphore.leave(waiter, false);
        }
        return onAcquired.call();
    }

    @Override
    public String toString() {
        return semaphore.toString();
    }
}
