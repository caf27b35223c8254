package dev.simul;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

// Who can never go on
//
// A task can go on if it runs, has a deadline, or waits for something that may end: the clock, the JDK, a promise of
// which nobody knows who ends it. One that waits for tasks can go on if they can: all of them if it needs all (a
// gather, the end of a group), at least one if any will do (a lock with several holders, a race). So we first take
// everybody who waits for tasks to be stuck, and then take those out who can go on, until nobody is left to take out.
// Whoever remains waits for somebody who remains: following that leads into a ring.
//
// That another task cancels one of the ring cannot be seen; therefore a ring under a real clock is a report, and not an
// error.

/** Which tasks wait for which. */
final class WaitGraph {

    private final Map<LoopTask<?>, LoopSight.Seen> seen = new LinkedHashMap<>();
    private final Map<Task<?>, List<LoopTask<?>>> awaiters = new HashMap<>();

    WaitGraph(List<LoopSight> loops) {
        for (var loop : loops) {
            for (var task : loop.tasks()) {
                seen.put(task.task(), task);
                for (var below : task.below()) {
                    awaiters.computeIfAbsent(below, _ -> new ArrayList<>()).add(task.task());
                }
            }
        }
    }

    /** The tasks that wait for {@code task}, directly or through a gather, a shield, a group. Oldest first. */
    List<LoopTask<?>> awaitersOf(Task<?> task) {
        return awaiters.getOrDefault(task, List.of());
    }

    /** The rings of tasks that wait for each other, each once. */
    List<List<LoopTask<?>>> rings() {
        var stuck = stuck();
        List<List<LoopTask<?>>> rings = new ArrayList<>();
        Set<LoopTask<?>> visited = new HashSet<>();
        for (var start : stuck) {
            Set<LoopTask<?>> path = new LinkedHashSet<>();
            var task = start;
            while (visited.add(task)) {
                path.add(task);
                task = nextOf(task, stuck);
            }
            if (path.contains(task)) {
                List<LoopTask<?>> ring = new ArrayList<>(path);
                rings.add(List.copyOf(ring.subList(ring.indexOf(task), ring.size())));
            }
        }
        return rings;
    }

    private LoopTask<?> nextOf(LoopTask<?> task, Set<LoopTask<?>> stuck) {
        for (var below : sight(task).below()) {
            if (below instanceof LoopTask<?> next && stuck.contains(next)) {
                return next;
            }
        }
        throw new AssertionError(task.name() + " is stuck, but waits for none that is");
    }

    private Set<LoopTask<?>> stuck() {
        Set<LoopTask<?>> stuck = new LinkedHashSet<>();
        Deque<LoopTask<?>> free = new ArrayDeque<>();
        for (var task : seen.values()) {
            if (task.awaited() != null && task.deadline() == null) {
                stuck.add(task.task());
            }
        }
        free.addAll(stuck);
        while (!free.isEmpty()) {
            var task = free.remove();
            if (stuck.contains(task) && !isStuck(sight(task).awaited(), stuck, new HashSet<>())) {
                stuck.remove(task);
                free.addAll(awaitersOf(task));
            }
        }
        return stuck;
    }

    private static boolean isStuck(@Nullable Object awaited, Set<LoopTask<?>> stuck, Set<Object> path) {
        if (awaited instanceof LoopTask<?> task) {
            return stuck.contains(task);
        }
        if (!(awaited instanceof Awaited wait) || wait.isDone() || !path.add(wait)) {
            return false;
        }
        var tasks = wait.dependsOn();
        return wait.needsAll()
                ? tasks.stream().anyMatch(task -> isStuck(task, stuck, path))
                : !tasks.isEmpty() && tasks.stream().allMatch(task -> isStuck(task, stuck, path));
    }

    private LoopSight.Seen sight(LoopTask<?> task) {
        return Objects.requireNonNull(seen.get(task));
    }
}
