package dev.simul.sync;

import dev.simul.Task;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Something that is done when a task ends, unless it is called off before. */
final class EndWatch<T extends @Nullable Object> implements Consumer<Task<T>> {

    private final Task<T> task;
    private final Consumer<EndWatch<?>> whenEnded;

    private EndWatch(Task<T> task, Consumer<EndWatch<?>> whenEnded) {
        this.task = task;
        this.whenEnded = whenEnded;
    }

    static <T extends @Nullable Object> EndWatch<T> over(Task<T> task, Consumer<EndWatch<?>> whenEnded) {
        var watch = new EndWatch<>(task, whenEnded);
        task.onDone(watch);
        return watch;
    }

    Task<T> task() {
        return task;
    }

    void callOff() {
        task.removeOnDone(this);
    }

    @Override
    public void accept(Task<T> ended) {
        whenEnded.accept(this);
    }
}
