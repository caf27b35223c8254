package dev.simul;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A user's callback at the end of a task. */
final class Callback {

    private Callback() {}

    private static final System.Logger LOG = System.getLogger("dev.simul");

    /** Calls the callback. What it throws is logged: nobody waits for it. */
    static <T extends @Nullable Object> void call(Consumer<? super Task<T>> callback, Task<T> task) {
        try {
            callback.accept(task);
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.ERROR, "a callback of task " + task.name() + " failed", e);
        }
    }
}
