package dev.simul;

import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Writes a tree of tasks as JSON. */
final class TaskJson {

    private final StringBuilder json = new StringBuilder();

    private TaskJson() {}

    static String of(TaskTree tree) {
        var writer = new TaskJson();
        writer.json.append("{\"loops\":");
        writer.array(tree.loops(), writer::loop);
        writer.json.append(",\"deadlocks\":");
        writer.array(
                tree.deadlocks(), deadlock -> writer.array(deadlock.tasks(), task -> writer.json.append(task.id())));
        return writer.json.append('}').toString();
    }

    private void loop(LoopInfo loop) {
        json.append("{\"id\":").append(loop.id());
        field("thread", loop.thread());
        field("activity", loop.activity());
        json.append(",\"exact\":").append(loop.exact());
        json.append(",\"switches\":").append(loop.statistics().switches());
        json.append(",\"spawned\":").append(loop.statistics().spawned());
        json.append(",\"timers\":").append(loop.statistics().timers());
        json.append(",\"more\":").append(loop.more());
        json.append(",\"tasks\":");
        array(loop.tasks(), this::task);
        json.append('}');
    }

    private void task(TaskInfo task) {
        json.append("{\"id\":").append(task.id());
        field("name", task.name());
        field("state", task.state().name());
        field("waitsFor", task.waitsFor());
        json.append(",\"awaits\":");
        array(task.awaits(), json::append);
        json.append(",\"awaitedBy\":");
        array(task.awaitedBy(), json::append);
        json.append(",\"awaitedByThreads\":");
        array(task.awaitedByThreads(), this::string);
        json.append(",\"owner\":").append(task.owner());
        json.append(",\"cancelRequests\":").append(task.cancelRequests());
        json.append(",\"deadlineMillis\":")
                .append(task.deadline() == null ? null : task.deadline().toMillis());
        json.append(",\"stack\":");
        array(task.stack(), frame -> string(frame.toString()));
        json.append('}');
    }

    private void field(String name, @Nullable String value) {
        json.append(",\"").append(name).append("\":");
        if (value == null) {
            json.append("null");
        } else {
            string(value);
        }
    }

    private <T> void array(List<T> values, Consumer<T> writer) {
        json.append('[');
        for (Iterator<T> rest = values.iterator(); rest.hasNext(); ) {
            writer.accept(rest.next());
            if (rest.hasNext()) {
                json.append(',');
            }
        }
        json.append(']');
    }

    private void string(String value) {
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\n' -> json.append("\\n");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ' || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                        json.append(String.format("\\u%04x", (int) c));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }
}
