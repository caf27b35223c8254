package dev.simul;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All live tasks of all live loops, as they were when somebody looked.
 *
 * <p>{@link #toString} draws the tree: below a task stand the tasks of its groups, and those it waits for.
 *
 * @param loops oldest first
 * @param deadlocks the rings of tasks that wait for each other
 * @see Simul#tasks
 */
public record TaskTree(List<LoopInfo> loops, List<Deadlock> deadlocks) {

    static TaskTree of(List<LoopSight> sights) {
        var graph = new WaitGraph(sights);
        Map<LoopTask<?>, TaskInfo> infos = new HashMap<>();
        List<LoopInfo> loops = new ArrayList<>();
        for (var sight : sights) {
            List<TaskInfo> tasks = new ArrayList<>();
            for (var seen : sight.tasks()) {
                var info = info(seen, graph);
                infos.put(seen.task(), info);
                tasks.add(info);
            }
            loops.add(new LoopInfo(
                    sight.loop().number(),
                    sight.thread(),
                    sight.activity(),
                    sight.exact(),
                    sight.statistics(),
                    List.copyOf(tasks),
                    sight.more()));
        }
        var deadlocks = graph.rings().stream()
                .map(ring ->
                        new Deadlock(ring.stream().<TaskInfo>map(infos::get).toList()))
                .toList();
        return new TaskTree(List.copyOf(loops), deadlocks);
    }

    private static TaskInfo info(LoopSight.Seen seen, WaitGraph graph) {
        var awaits = seen.below().stream()
                .filter(LoopTask.class::isInstance)
                .map(task -> (long) ((LoopTask<?>) task).number())
                .toList();
        var awaitedBy = graph.awaitersOf(seen.task()).stream()
                .map(task -> (long) task.number())
                .toList();
        var owner = seen.owner();
        return new TaskInfo(
                seen.task().number(),
                seen.name(),
                seen.state(),
                seen.waitsFor(),
                awaits,
                awaitedBy,
                List.copyOf(seen.threads()),
                owner == null ? null : (long) owner.number(),
                seen.cancelRequests(),
                seen.deadline(),
                seen.stack());
    }

    /** The ring in which a task is. */
    Deadlock deadlockOf(LoopTask<?> task) {
        return deadlocks.stream()
                .filter(ring -> ring.tasks().stream().anyMatch(each -> each.id() == task.number()))
                .findFirst()
                .orElseGet(() -> new Deadlock(List.of()));
    }

    /** The tasks of all loops. */
    public List<TaskInfo> tasks() {
        return loops.stream().flatMap(loop -> loop.tasks().stream()).toList();
    }

    /** The oldest task of that name. */
    public Optional<TaskInfo> find(String name) {
        return tasks().stream().filter(task -> task.name().equals(name)).findFirst();
    }

    /** A table: one line for each task, with what it waits for, who waits for it, and its innermost call. */
    public String toTable() {
        return TaskTable.of(this);
    }

    /** One JSON object with everything that is in here. */
    public String toJson() {
        return TaskJson.of(this);
    }

    @Override
    public String toString() {
        return TaskDrawing.of(this);
    }
}
