package dev.simul;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One live loop, as it was when somebody looked.
 *
 * @param id which of all loops of this process it is
 * @param thread the name of the thread that runs it, null if none does at the moment
 * @param activity what it was doing, in words
 * @param exact whether the loop itself has answered, or did not run; otherwise it was looked at while it went on, and its
 *     tasks may not fit together
 * @param statistics its counts
 * @param tasks its tasks that have not ended, oldest first
 * @param more how many more there are than are listed
 */
public record LoopInfo(
        long id,
        @Nullable String thread,
        String activity,
        boolean exact,
        LoopStatistics statistics,
        List<TaskInfo> tasks,
        int more) {

    /** One line, without the tasks. */
    @Override
    public String toString() {
        return "loop " + id + (thread == null ? "" : " in thread " + thread) + ": " + activity + ", "
                + statistics.tasks() + (statistics.tasks() == 1 ? " task, " : " tasks, ")
                + statistics.timers() + (statistics.timers() == 1 ? " timer" : " timers");
    }
}
