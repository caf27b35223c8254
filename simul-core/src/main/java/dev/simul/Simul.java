package dev.simul;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows what goes on in the loops of this process.
 *
 * <p>Thread: any. Each loop is asked, and answers in its next turn; one that does not within 100 ms, because a step holds
 * it, is looked at without its help, and said so. A call costs some µs for each task, and nothing is paid between calls.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-graph.html">asyncio's call graph introspection</a>
 */
public final class Simul {

    private Simul() {}

    /** All live tasks of all live loops: what each waits for, and where it is. Of a loop with very many, the newest 10,000. */
    public static TaskTree tasks() {
        return TaskTree.of(LoopSight.ofAll(true));
    }

    /**
     * The rings of tasks that wait for each other, over all loops: directly, for locks, through gathers and groups. A task
     * that has a deadline is in none.
     */
    public static List<Deadlock> deadlocks() {
        return TaskTree.of(LoopSight.ofAll(false)).deadlocks();
    }

    /**
     * Where the present task is, and who waits for it. Null in a callback of a loop.
     *
     * @throws IllegalStateException if no loop runs here
     */
    public static @Nullable CallGraph callGraph() {
        var task = Async.currentTask();
        return task == null ? null : callGraph(task);
    }

    /** Where a task is, and who waits for it. */
    public static CallGraph callGraph(Task<?> task) {
        return callGraph(task, Integer.MAX_VALUE);
    }

    /**
     * {@link #callGraph(Task)} with shorter stacks.
     *
     * @param limit so many frames next to the entry of each coroutine; if negative, so many of the innermost; if 0, none
     */
    public static CallGraph callGraph(Task<?> task, int limit) {
        return CallGraph.of(task, new WaitGraph(LoopSight.ofAll(false)), limit);
    }
}
