package dev.simul;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A user's callback at the end of a task: in its turn on the loop where it was registered, else in the thread that ends. */
final class Callback<T extends @Nullable Object> implements Reaction, Step {

    private final Completion<T> task;
    private final Consumer<? super Task<T>> callback;
    private final @Nullable EventLoop loop;
    private final @Nullable Bindings context = Context.snapshot();

    Callback(Completion<T> task, Consumer<? super Task<T>> callback, @Nullable EventLoop loop) {
        this.task = task;
        this.callback = callback;
        this.loop = loop;
    }

    @Override
    public void ended(Completion<?> ended) {
        if (loop == null) {
            step();
        } else {
            loop.enqueue(this);
        }
    }

    @Override
    public void step() {
        Context.runIn(context, () -> call(callback, task));
    }

    Completion<?> cause() {
        return task;
    }

    boolean calls(Object other) {
        return callback.equals(other);
    }

    /** Calls the callback. What it throws goes to the handler of errors: nobody waits for it. */
    static <T extends @Nullable Object> void call(Consumer<? super Task<T>> callback, Task<T> task) {
        try {
            callback.accept(task);
        } catch (Throwable e) {
            var context = ErrorContext.of("a callback of task " + task.name() + " failed", e);
            var loop = EventLoop.current();
            if (loop == null) {
                EventLoop.log(context);
            } else {
                loop.report(context);
            }
        }
    }

    @Override
    public String toString() {
        return callback.toString();
    }
}
