package dev.simul.cli.compare;

import java.io.IOException;
import java.util.UUID;

/**
 * Ends whatever a command started and left running, even if this JVM is killed.
 *
 * <p>Commands and all they start inherit a mark in their environment. A shell waits for the end of its input, which comes
 * when we close it or die, and then kills what carries the mark. Linux only: elsewhere the marks cannot be read.
 */
final class Strays implements AutoCloseable {
    /** The environment variable. */
    static final String MARK = "SIMUL_COMPARE_ID";

    private static final String GUARD = """
            trap '' HUP INT TERM
            read -r _
            for process in /proc/[0-9]*; do
              if grep -qsaF "$MARK_AND_ID" "$process/environ"; then kill -9 "${process#/proc/}"; fi
            done 2>/dev/null
            """;

    private final String id = UUID.randomUUID().toString();
    private final Process guard;

    Strays() throws IOException {
        // The guard itself carries the text inside another variable's name, so that it does not find itself.
        guard = new ProcessBuilder("sh", "-c", "MARK_AND_ID=$1=$2\n" + GUARD, "sh", MARK, id)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** The mark of this comparison. */
    String id() {
        return id;
    }

    /** The shell that cleans up. */
    long guardPid() {
        return guard.pid();
    }

    @Override
    public void close() {
        try {
            guard.getOutputStream().close();
        } catch (IOException _) {
            // the guard is gone; so is what it would have ended, or it cannot be helped
        }
    }
}
