package dev.simul.process;

import java.io.Serial;
import java.util.List;

/**
 * The child JVM died in the middle of a task, or before it could take one.
 *
 * <p>Only the task that ran in it fails with this; the pool puts a new child in its place. Unchecked, so that
 * {@link dev.simul.Task#join()} and {@link ProcessPool#map} throw it as itself.
 */
public final class ProcessDiedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    private final long pid;
    private final int exitCode;
    private final String[] lastLines;

    ProcessDiedException(String what, long pid, ExitStatus status, List<String> lastLines) {
        super(message(what, pid, status, lastLines));
        this.pid = pid;
        this.exitCode = status.code();
        this.lastLines = lastLines.toArray(String[]::new);
    }

    /** The process that died. */
    public long pid() {
        return pid;
    }

    /** How it ended: its exit code, or the signal that killed it. */
    public ExitStatus exitStatus() {
        return new ExitStatus(exitCode);
    }

    /** The last lines it wrote to its standard error, oldest first; at most 20. */
    public List<String> lastLines() {
        return List.of(lastLines);
    }

    private static String message(String what, long pid, ExitStatus status, List<String> lastLines) {
        String head = what + ": child JVM " + pid + " ended with " + status;
        return lastLines.isEmpty()
                ? head + ", nothing on its stderr"
                : head + ", last on its stderr:\n  " + String.join("\n  ", lastLines);
    }
}
