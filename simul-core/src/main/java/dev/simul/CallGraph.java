package dev.simul;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Where a task is, and who waits for it, and where they are.
 *
 * @param task whose graph it is
 * @param callStack where its coroutine is, innermost call first, without frames of Simul; empty for what is no coroutine
 * @param awaitedBy the graphs of the coroutines that wait for it; where a ring closes, nobody is listed
 * @see Simul#callGraph()
 * @see <a href="https://docs.python.org/3/library/asyncio-graph.html">asyncio.capture_call_graph</a>
 */
public record CallGraph(Task<?> task, List<StackTraceElement> callStack, List<CallGraph> awaitedBy) {

    static CallGraph of(Task<?> task, WaitGraph graph, int limit) {
        return of(task, graph, limit, new HashSet<>());
    }

    private static CallGraph of(Task<?> task, WaitGraph graph, int limit, Set<Task<?>> path) {
        List<CallGraph> awaitedBy = new ArrayList<>();
        if (path.add(task)) {
            for (var awaiter : graph.awaitersOf(task)) {
                awaitedBy.add(of(awaiter, graph, limit, path));
            }
            path.remove(task);
        }
        return new CallGraph(task, Frames.limited(task.stack(), limit), List.copyOf(awaitedBy));
    }

    /** The lines of asyncio's {@code format_call_graph}. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        append(text, "");
        return text.toString();
    }

    private void append(StringBuilder text, String margin) {
        text.append(margin).append("* ").append(task).append('\n');
        if (!callStack.isEmpty()) {
            text.append(margin).append("  + Call stack:\n");
            for (var frame : callStack) {
                text.append(margin).append("  |   at ").append(frame).append('\n');
            }
        }
        if (!awaitedBy.isEmpty()) {
            text.append(margin).append("  + Awaited by:\n");
            for (var awaiter : awaitedBy) {
                awaiter.append(text, margin + "     ");
            }
        }
    }
}
