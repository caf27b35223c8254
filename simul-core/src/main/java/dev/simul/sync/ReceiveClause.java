package dev.simul.sync;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Receives an item, or comes to the end of the channel. */
final class ReceiveClause<T, R extends @Nullable Object> extends Clause<R> {

    private final Channel<T> channel;
    private final Handler<? super T, ? extends R> onItem;
    private final @Nullable Callable<? extends R> onEnd;
    private @Nullable T item;

    ReceiveClause(Channel<T> channel, Handler<? super T, ? extends R> onItem, @Nullable Callable<? extends R> onEnd) {
        this.channel = channel;
        this.onItem = onItem;
        this.onEnd = onEnd;
    }

    @Override
    boolean tryNow() {
        item = channel.take();
        return item != null || channel.isClosed();
    }

    @Override
    void enrol(Waiter waiter) {
        channel.enrolReceiver(waiter);
    }

    @Override
    void withdraw(Waiter waiter) {
        Waiters.leave(waiter);
    }

    @Override
    boolean giveBack(Waiter waiter) {
        channel.passOn(waiter);
        return true;
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        T received = item;
        item = null;
        if (received == null) {
            received = waiter == null ? channel.end() : channel.received(waiter);
        }
        if (received != null) {
            return onItem.handle(received);
        }
        if (onEnd != null) {
            return onEnd.call();
        }
        throw new EndOfChannelException();
    }

    @Override
    public String toString() {
        return channel.toString();
    }
}
