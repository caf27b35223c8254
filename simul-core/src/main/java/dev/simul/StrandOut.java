package dev.simul;

import org.jspecify.annotations.Nullable;

/** Gives each value to the driver and suspends the strand. */
final class StrandOut<T extends @Nullable Object> extends Out<T> {
    private final Turns<@Nullable Void, T> turns;

    StrandOut(Turns<@Nullable Void, T> turns) {
        this.turns = turns;
    }

    @Override
    public void yield(T value) {
        turns.give(value);
    }

    /** See {@link Turns#handOver}. */
    void handOver(Turns<@Nullable Void, T> other, Object handle) {
        turns.handOver(other, handle, false);
    }

    @Override
    void checkNotClosed() {
        turns.checkNotClosed();
    }
}
