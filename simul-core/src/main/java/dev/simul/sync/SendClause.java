package dev.simul.sync;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Sends an item. */
final class SendClause<T, R extends @Nullable Object> extends Clause<R> {

    private final Channel<T> channel;
    private final T item;
    private final Callable<? extends R> onSent;

    SendClause(Channel<T> channel, T item, Callable<? extends R> onSent) {
        this.channel = channel;
        this.item = item;
        this.onSent = onSent;
    }

    @Override
    boolean tryNow() {
        return channel.trySend(item);
    }

    @Override
    void enrol(Waiter waiter) {
        waiter.item = item;
        channel.enrolSender(waiter);
    }

    @Override
    void withdraw(Waiter waiter) {
        Waiters.leave(waiter);
    }

    @Override
    boolean giveBack(Waiter waiter) {
        return !channel.hasTaken(waiter);
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        if (waiter != null) {
            channel.sent(waiter);
        }
        return onSent.call();
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
