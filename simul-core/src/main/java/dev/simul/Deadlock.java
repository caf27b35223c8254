package dev.simul;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Tasks that wait for each other in a ring, so that none can go on unless one of them is cancelled.
 *
 * @param tasks each waits for the next, the last one for the first
 */
public record Deadlock(List<TaskInfo> tasks) {

    @Override
    public String toString() {
        return tasks.stream()
                .map(task -> task.name() + " waits for " + task.waitsFor())
                .collect(Collectors.joining(", ", "deadlock: ", ""));
    }
}
