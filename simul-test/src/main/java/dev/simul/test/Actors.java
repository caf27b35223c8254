package dev.simul.test;

import dev.simul.ReadyStep;
import dev.simul.Task;
import java.util.HashMap;
import java.util.Map;

// A schedule can only be played again if "who" means the same in the next run, even when some of it is left out. So a
// coroutine is called after its parent and its place among the parent's children: main is 0, what main spawns first is
// 0.1. A callback is called after the coroutine that was at work when it became ready: 0.1!2; a timer t!3.

/** The names by which schedules know coroutines and callbacks, the same in every run of a test. */
final class Actors {

    static final String MAIN = "0";
    static final String CLOCK = "t";

    private final Map<Task<?>, String> names = new HashMap<>();
    private final Map<String, Integer> children = new HashMap<>();

    /** The name of who takes a step that is seen for the first time, after a step of {@code parent}. */
    String name(ReadyStep step, String parent) {
        if (step.kind() == ReadyStep.Kind.TIME) {
            return CLOCK;
        }
        var task = step.task();
        if (task == null) {
            return parent + next('!', parent);
        }
        return (step.kind() == ReadyStep.Kind.WAKE ? "w" : "") + name(task, parent);
    }

    /** The name of a coroutine. */
    String name(Task<?> task, String parent) {
        var name = names.get(task);
        if (name == null) {
            name = names.isEmpty() ? MAIN : parent + next('.', parent);
            names.put(task, name);
        }
        return name;
    }

    /** The name of a coroutine that has been seen; empty for others. */
    String known(Task<?> task) {
        return names.getOrDefault(task, "");
    }

    /** The coroutine, or the clock, for which an actor works. */
    static String root(String actor) {
        int callback = actor.indexOf('!');
        int from = actor.startsWith("x") || actor.startsWith("w") ? 1 : 0;
        return actor.substring(from, callback < 0 ? actor.length() : callback);
    }

    private String next(char kind, String parent) {
        return kind + Integer.toString(children.merge(kind + parent, 1, Integer::sum));
    }
}
