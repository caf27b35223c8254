package dev.simul.sync;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Waits until a flag is set. */
final class EventClause<R extends @Nullable Object> extends Clause<R> {

    private final Event event;
    private final Callable<? extends R> onSet;

    EventClause(Event event, Callable<? extends R> onSet) {
        this.event = event;
        this.onSet = onSet;
    }

    @Override
    boolean tryNow() {
        return event.isSet();
    }

    @Override
    void enrol(Waiter waiter) {
        event.enrol(waiter);
    }

    @Override
    void withdraw(Waiter waiter) {
        Waiters.leave(waiter);
    }

    @Override
    boolean giveBack(Waiter waiter) {
        Waiters.leave(waiter);
        return true;
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        if (waiter != null) {
            Waiters.leave(waiter);
        }
        return onSet.call();
    }

    @Override
    public String toString() {
        return event.toString();
    }
}
