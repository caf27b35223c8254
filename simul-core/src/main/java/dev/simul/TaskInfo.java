package dev.simul;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One live task, as it was when somebody looked.
 *
 * @param id which of all tasks of this process it is
 * @param name for people
 * @param state where it stood
 * @param waitsFor what it waits for, in words; null if it runs
 * @param awaits the ids of the tasks whose end it waits for, directly or through a gather, a shield or a group's end, and of
 *     those that hold what it waits for
 * @param awaitedBy the ids of the tasks that wait for it
 * @param awaitedByThreads the names of the threads that wait for it
 * @param owner the id of the task that owns its group, null if it is in none
 * @param cancelRequests how many requests to cancel it were not taken back
 * @param deadline how long until it is cancelled by the nearest of its limits, null if it has none
 * @param stack where its coroutine is, innermost call first, without frames of Simul and of the JDK's threads; empty if it
 *     has not begun
 */
public record TaskInfo(
        long id,
        String name,
        Task.State state,
        @Nullable String waitsFor,
        List<Long> awaits,
        List<Long> awaitedBy,
        List<String> awaitedByThreads,
        @Nullable Long owner,
        int cancelRequests,
        @Nullable Duration deadline,
        List<StackTraceElement> stack) {

    /** One line: the name, where it stands, what is asked of it. */
    @Override
    public String toString() {
        var line = new StringBuilder(name);
        line.append(waitsFor == null ? " runs" : " waits for " + waitsFor);
        if (deadline != null) {
            line.append(", deadline in ").append(Timing.text(deadline));
        }
        if (cancelRequests > 0) {
            line.append(", asked to cancel");
            if (cancelRequests > 1) {
                line.append(' ').append(cancelRequests).append(" times");
            }
        }
        if (!awaitedByThreads.isEmpty()) {
            line.append(", awaited by thread ").append(String.join(", ", awaitedByThreads));
        }
        return line.toString();
    }
}
