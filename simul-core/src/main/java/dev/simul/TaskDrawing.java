package dev.simul;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

// A task stands below the owner of its group, and below everyone who waits for it. It is drawn in full once; where it
// comes up again, in a ring or because several wait for it, its name has to do.

/** Draws a tree of tasks with lines of text. */
final class TaskDrawing {

    private final Map<Long, TaskInfo> tasks = new LinkedHashMap<>();
    private final Map<Long, Set<Long>> below = new LinkedHashMap<>();
    private final Set<Long> hasAbove = new HashSet<>();
    private final Set<Long> drawn = new HashSet<>();
    private final StringBuilder text = new StringBuilder();

    private TaskDrawing(TaskTree tree) {
        for (var task : tree.tasks()) {
            tasks.put(task.id(), task);
        }
        for (var task : tree.tasks()) {
            if (task.owner() != null) {
                link(task.owner(), task.id());
            }
            for (var awaited : task.awaits()) {
                link(task.id(), awaited);
            }
        }
    }

    private void link(long above, long task) {
        if (tasks.containsKey(above) && tasks.containsKey(task)) {
            below.computeIfAbsent(above, _ -> new LinkedHashSet<>()).add(task);
            hasAbove.add(task);
        }
    }

    static String of(TaskTree tree) {
        var drawing = new TaskDrawing(tree);
        if (tree.loops().isEmpty()) {
            return "no loop is open\n";
        }
        for (var loop : tree.loops()) {
            drawing.draw(loop);
        }
        for (var deadlock : tree.deadlocks()) {
            drawing.text.append(deadlock).append('\n');
        }
        return drawing.text.toString();
    }

    private void draw(LoopInfo loop) {
        text.append(loop).append('\n');
        Set<Long> reached = new HashSet<>(drawn);
        List<TaskInfo> roots = new ArrayList<>();
        for (var task : loop.tasks()) {
            if (!hasAbove.contains(task.id())) {
                roots.add(task);
                reach(task.id(), reached);
            }
        }
        for (var task : loop.tasks()) { // what only hangs in a ring
            if (!reached.contains(task.id())) {
                roots.add(task);
                reach(task.id(), reached);
            }
        }
        drawAll(roots, "");
        if (loop.more() > 0) {
            text.append("    and ").append(loop.more()).append(" more\n");
        }
    }

    private void reach(long root, Set<Long> reached) {
        Deque<Long> left = new ArrayDeque<>(List.of(root));
        while (!left.isEmpty()) {
            var task = left.remove();
            if (reached.add(task)) {
                left.addAll(below.getOrDefault(task, Set.of()));
            }
        }
    }

    private void drawAll(List<TaskInfo> siblings, String margin) {
        for (int i = 0; i < siblings.size(); i++) {
            boolean last = i == siblings.size() - 1;
            draw(siblings.get(i), margin + (last ? "└── " : "├── "), margin + (last ? "    " : "│   "));
        }
    }

    private void draw(TaskInfo task, String first, String margin) {
        text.append(first);
        if (!drawn.add(task.id())) {
            text.append(task.name()).append(" (above)\n");
            return;
        }
        text.append(task).append('\n');
        List<TaskInfo> children = new ArrayList<>();
        for (var id : below.getOrDefault(task.id(), Set.of())) {
            children.add(Objects.requireNonNull(tasks.get(id)));
        }
        for (var frame : task.stack()) {
            text.append(margin)
                    .append(children.isEmpty() ? "    at " : "│   at ")
                    .append(frame)
                    .append('\n');
        }
        drawAll(children, margin);
    }
}
