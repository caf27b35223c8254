package dev.simul;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists tasks in columns of text. */
final class TaskTable {

    private static final List<String> HEAD = List.of("LOOP", "TASK", "NAME", "STATE", "WAITS FOR", "AWAITED BY", "AT");

    private TaskTable() {}

    static String of(TaskTree tree) {
        Map<Long, String> names = new HashMap<>();
        tree.tasks().forEach(task -> names.put(task.id(), task.name()));
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (var loop : tree.loops()) {
            for (var task : loop.tasks()) {
                rows.add(row(loop, task, names));
            }
        }
        var table = lines(rows);
        for (var loop : tree.loops()) {
            if (!loop.exact()) {
                table.append(loop).append('\n');
            }
            if (loop.more() > 0) {
                table.append("loop ")
                        .append(loop.id())
                        .append(": ")
                        .append(loop.more())
                        .append(" more tasks\n");
            }
        }
        tree.deadlocks().forEach(deadlock -> table.append(deadlock).append('\n'));
        return table.toString();
    }

    private static List<String> row(LoopInfo loop, TaskInfo task, Map<Long, String> names) {
        var awaiters = new ArrayList<String>();
        task.awaitedBy().forEach(id -> awaiters.add(names.getOrDefault(id, "?")));
        task.awaitedByThreads().forEach(thread -> awaiters.add("thread " + thread));
        var waitsFor = task.waitsFor();
        return List.of(
                Long.toString(loop.id()),
                Long.toString(task.id()),
                task.name(),
                task.state().toString(),
                waitsFor == null ? "-" : waitsFor,
                awaiters.isEmpty() ? "-" : String.join(", ", awaiters),
                task.stack().isEmpty() ? "-" : task.stack().getFirst().toString());
    }

    private static StringBuilder lines(List<List<String>> rows) {
        var widths = new int[HEAD.size()];
        for (var row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        var lines = new StringBuilder();
        for (var row : rows) {
            var cells = new ArrayList<String>();
            for (int i = 0; i < widths.length; i++) {
                var cell = row.get(i);
                cells.add(cell + " ".repeat(widths[i] - cell.length()));
            }
            lines.append(cells.stream().collect(Collectors.joining("  ")).stripTrailing())
                    .append('\n');
        }
        return lines;
    }
}
