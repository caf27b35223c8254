package dev.simul;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tasks of a loop that have not ended, in the order of their creation: linked through the tasks. Loop thread only. */
final class TaskList {

    private @Nullable LoopTask<?> newest;
    private int size;

    int size() {
        return size;
    }

    void add(LoopTask<?> task) {
        task.older = newest;
        if (newest != null) {
            newest.newer = task;
        }
        newest = task;
        size++;
    }

    void remove(LoopTask<?> task) {
        var older = task.older;
        var newer = task.newer;
        if (older != null) {
            older.newer = newer;
        }
        if (newer != null) {
            newer.older = older;
        } else {
            newest = older;
        }
        task.older = null;
        task.newer = null;
        size--;
    }

    /** The newest ones, newest first. The loop's thread, or another that takes what it gets: see {@link LoopSight}. */
    List<LoopTask<?>> newest(int most) {
        List<LoopTask<?>> tasks = new ArrayList<>();
        for (var task = newest; task != null && tasks.size() < most; task = task.older) {
            tasks.add(task);
        }
        return tasks;
    }

    /** A copy, oldest first. */
    List<LoopTask<?>> snapshot() {
        List<LoopTask<?>> tasks = new ArrayList<>(size);
        for (var task = newest; task != null; task = task.older) {
            tasks.add(task);
        }
        return tasks.reversed();
    }
}
