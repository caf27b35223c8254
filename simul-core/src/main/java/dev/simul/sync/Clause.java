package dev.simul.sync;

import org.jspecify.annotations.Nullable;

// The life of a clause within one select: tryNow(); if no clause could, enrol() with a place of its own, and then
// either withdraw(), or, for the one that was chosen, finish() or giveBack().

/**
 * One of the things for which {@link Select#select} waits, and what is to be done then.
 *
 * @param <R> what that returns
 */
public abstract sealed class Clause<R extends @Nullable Object>
        permits EventClause, LockClause, ReceiveClause, SemaphoreClause, SendClause, TaskClause, TimeClause {

    /**
     * What is done with what a clause has brought.
     *
     * @param <T> what the clause brings
     * @param <R> what is returned
     */
    @FunctionalInterface
    public interface Handler<T extends @Nullable Object, R extends @Nullable Object> {
        /**
         * Does it.
         *
         * @throws Exception whatever it throws comes out of the select
         */
        R handle(T value) throws Exception;
    }

    Clause() {}

    /** Lets the clause take effect if that needs no waiting. */
    abstract boolean tryNow();

    /** Stands in the queue: the waiter is chosen when the clause takes effect. */
    abstract void enrol(Waiter waiter);

    /** Leaves the queue: another clause was chosen, or none. */
    abstract void withdraw(Waiter waiter);

    /**
     * For a clause that was chosen, and whose select was cancelled before it could run: as if it had not been.
     *
     * @return false if that cannot be: the clause has taken effect
     */
    abstract boolean giveBack(Waiter waiter);

    /** What follows when the clause has taken effect: by {@code waiter}, or at once if there is none. */
    abstract R finish(@Nullable Waiter waiter) throws Exception;
}
