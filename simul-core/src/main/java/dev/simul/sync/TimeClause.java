package dev.simul.sync;

import dev.simul.EventLoop;
import dev.simul.Handle;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Waits for a time of the loop's clock. */
final class TimeClause<R extends @Nullable Object> extends Clause<R> {

    private final Duration time;
    private final Callable<? extends R> onTime;

    TimeClause(Duration time, Callable<? extends R> onTime) {
        this.time = time;
        this.onTime = onTime;
    }

    @Override
    boolean tryNow() {
        return !time.isPositive();
    }

    @Override
    void enrol(Waiter waiter) {
        waiter.item = Objects.requireNonNull(EventLoop.current()).callLater(time, waiter::choose);
    }

    @Override
    void withdraw(Waiter waiter) {
        ((Handle) Objects.requireNonNull(waiter.item)).cancel();
    }

    @Override
    boolean giveBack(Waiter waiter) {
        return true;
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        return onTime.call();
    }

    @Override
    public String toString() {
        return time.toString();
    }
}
