package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Reply;
import java.util.List;

/**
 * An execution that its worker has left, as {@code abandoned.lua} tells it.
 *
 * @param worker who ran it; empty if nobody knows
 * @param ours whether that is a worker of Simul
 * @param host of a worker in Python that seems to be at it nevertheless, else empty
 * @param pid the process id there
 */
record AbandonedExecution(String jobId, String executionId, String worker, boolean ours, String host, String pid) {

    static AbandonedExecution of(List<?> entry) {
        return new AbandonedExecution(
                text(entry, 0),
                text(entry, 1),
                text(entry, 2),
                (Long) entry.get(3) == 1,
                text(entry, 4),
                text(entry, 5));
    }

    private static String text(List<?> entry, int index) {
        return index < entry.size() ? Reply.text(entry.get(index)) : "";
    }

    /**
     * Whether the worker still looks busy with it, although it has let the execution expire. On our own host we can see
     * whether its process is there; elsewhere its entry in Redis tells it within a minute and a half.
     */
    boolean mayBeRunning(String ourHost) {
        if (host.isEmpty()) {
            return false;
        }
        try {
            return !host.equals(ourHost)
                    || ProcessHandle.of(Long.parseLong(pid)).isPresent();
        } catch (NumberFormatException e) {
            return true;
        }
    }
}
