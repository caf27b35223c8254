package dev.simul.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command as a test runs it: in this JVM with both streams caught, or as a process of its own. */
public final class Command {
    /** How it ended and what it said. */
    public record Result(int exitCode, String out, String err) {}

    private Command() {}

    /** Runs it here. */
    public static Result run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** Starts it as a process, stderr in stdout. */
    public static Process start(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                "env", // which gives Ctrl-C its meaning back where a shell has started us in the background
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens",
                "java.base/java.lang=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.simul.cli.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
