package dev.simul.process;

import dev.simul.CancelledError;
import dev.simul.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Waits for all of some tasks: their results in order, or the first failure with the others suppressed. */
record Harvest<R extends @Nullable Object>(List<Task<R>> tasks) {
    List<R> results() {
        var results = new ArrayList<R>(tasks.size());
        Throwable first = null;
        for (Task<R> task : tasks) {
            try {
                results.add(task.join());
            } catch (RuntimeException | Error failure) {
                if (failure instanceof CancelledError || Thread.currentThread().isInterrupted()) {
                    tasks.forEach(Task::cancel);
                    throw failure;
                }
                if (first == null) {
                    first = failure;
                } else {
                    first.addSuppressed(failure);
                }
            }
        }
        switch (first) {
            case null -> {}
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            default -> throw new AssertionError(first);
        }
        return results;
    }
}
