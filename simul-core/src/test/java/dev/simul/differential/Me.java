package dev.simul.differential;

import dev.simul.TaskGroup;
import org.jspecify.annotations.Nullable;

/** Who runs a statement: a task or a callback, and what surrounds it. */
final class Me {

    final String name;

    @Nullable
    TaskGroup<Object> group;

    @Nullable
    Throwable caught;

    Me(String name, @Nullable TaskGroup<Object> group) {
        this.name = name;
        this.group = group;
    }
}
