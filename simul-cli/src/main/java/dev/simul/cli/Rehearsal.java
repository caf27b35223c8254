package dev.simul.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Runs a little of everything and prints nothing: what this process loads goes into the launcher's AOT cache, and what is
 * not loaded here starts slower later.
 */
@Command(name = "rehearse", hidden = true, description = "Loads what the other commands need; for the launcher.")
final class Rehearsal implements Callable<Integer> {
    @Override
    public Integer call() {
        var nowhere = new PrintWriter(Writer.nullWriter());
        for (var arguments : List.of(
                List.of("--help"),
                List.of("chess"),
                List.of("chess", "--json"),
                List.of("chess", "--no-such-option"),
                List.of("compare", "--units", "2", "--delay", "0"),
                List.of("compare", "--units", "2", "--delay", "0", "--ways", "loop", "--json"))) {
            Main.commandLine().setOut(nowhere).setErr(nowhere).execute(arguments.toArray(String[]::new));
        }
        return ExitCode.OK;
    }
}
