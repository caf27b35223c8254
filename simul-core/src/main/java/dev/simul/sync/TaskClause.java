package dev.simul.sync;

import dev.simul.Task;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Waits for the end of a task, without cancelling it when the select is cancelled. */
final class TaskClause<T extends @Nullable Object, R extends @Nullable Object> extends Clause<R> {

    private final Task<T> task;
    private final Handler<? super Task<T>, ? extends R> onEnded;

    TaskClause(Task<T> task, Handler<? super Task<T>, ? extends R> onEnded) {
        this.task = task;
        this.onEnded = onEnded;
    }

    @Override
    boolean tryNow() {
        return task.isDone();
    }

    @Override
    void enrol(Waiter waiter) {
        Consumer<Task<T>> callback = _ -> waiter.choose();
        waiter.item = callback;
        task.onDone(callback);
    }

    @Override
    @SuppressWarnings("unchecked") // enrol put it there
    void withdraw(Waiter waiter) {
        task.removeOnDone((Consumer<Task<T>>) Objects.requireNonNull(waiter.item));
    }

    @Override
    boolean giveBack(Waiter waiter) {
        return true;
    }

    @Override
    R finish(@Nullable Waiter waiter) throws Exception {
        return onEnded.handle(task);
    }

    @Override
    public String toString() {
        return task.name();
    }
}
