package dev.simul;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The JDK's view of a task: ends as the task does, and asks it to cancel when it is cancelled itself. */
final class TaskFuture<T extends @Nullable Object> extends CompletableFuture<T> implements Reaction {

    private final Completion<T> task;

    TaskFuture(Completion<T> task) {
        this.task = task;
    }

    Task<T> task() {
        return task;
    }

    @Override
    public void ended(Completion<?> ended) {
        switch (task.ended()) {
            case Outcome.Returned<T>(T value) -> complete(value);
            case Outcome.Threw<T> threw -> completeExceptionally(threw.error());
            case Outcome.Cancelled<T> _ -> super.cancel(false);
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        task.cancel();
        return super.cancel(mayInterruptIfRunning);
    }

    @Override
    public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
