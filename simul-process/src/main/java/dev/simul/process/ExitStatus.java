package dev.simul.process;

import java.util.Map;
import java.util.Optional;

/**
 * How a process ended.
 *
 * @param code its exit code; 128 + n when signal n ended it, as shells and the JDK count
 */
public record ExitStatus(int code) {
    private static final int SIGNALLED = 128;

    // POSIX numbers them so; the others differ between systems and stay numbers.
    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP",
            2, "SIGINT",
            3, "SIGQUIT",
            4, "SIGILL",
            6, "SIGABRT",
            8, "SIGFPE",
            9, "SIGKILL",
            11, "SIGSEGV",
            13, "SIGPIPE",
            15, "SIGTERM");

    /** The name of the signal that ended the process, such as {@code SIGKILL}; empty when it ended by itself. */
    public Optional<String> signal() {
        return Optional.ofNullable(SIGNALS.get(code - SIGNALLED));
    }

    /** For people: {@code exit code 3}, {@code killed by SIGKILL (exit code 137)}. */
    @Override
    public String toString() {
        return signal().map(name -> "killed by " + name + " (exit code " + code + ")")
                .orElse("exit code " + code);
    }
}
