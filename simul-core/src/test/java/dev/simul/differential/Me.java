package dev.simul.differential;

import dev.simul.TaskGroup;
import dev.simul.TaskLocal;
import dev.simul.Timeout;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Who runs a statement: a task or a callback, and what surrounds it. */
final class Me {

    final String name;

    @Nullable
    TaskGroup<Object> group;

    @Nullable
    Throwable caught;

    final Deque<Timeout> limits = new ArrayDeque<>();
    final Deque<TaskLocal.Token<String>> tokens = new ArrayDeque<>();

    Me(String name, @Nullable TaskGroup<Object> group) {
        this.name = name;
        this.group = group;
    }
}
