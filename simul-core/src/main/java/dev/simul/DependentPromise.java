package dev.simul;

import java.util.Collection;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A promise of which it is known whose doing ends it. */
final class DependentPromise<T extends @Nullable Object> extends Promise<T> {

    private final Supplier<? extends Collection<? extends Task<?>>> tasks;
    private final boolean all;

    /** @param all whether it takes all the tasks to end it; otherwise any one can */
    DependentPromise(String name, Supplier<? extends Collection<? extends Task<?>>> tasks, boolean all) {
        super(name);
        this.tasks = tasks;
        this.all = all;
    }

    @Override
    public Collection<? extends Task<?>> dependsOn() {
        return tasks.get();
    }

    @Override
    public boolean needsAll() {
        return all;
    }
}
