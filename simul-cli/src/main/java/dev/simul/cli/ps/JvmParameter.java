package dev.simul.cli.ps;

import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The JVM to look at, and whether to say all that is seen: as both commands take it. */
final class JvmParameter {
    @Parameters(paramLabel = "PID", description = "The process id of a running JVM of yours; jps lists them.")
    private long pid;

    @Option(names = "--json", description = "Print one JSON object with everything that is known of the tasks.")
    private boolean json;

    /** Prints what is seen, in the command's own form unless JSON was asked for. */
    Look print(CommandSpec command, Function<Look, String> form) throws UnreachableJvmException {
        var look = new RunningJvm(pid).look();
        var text = json ? look.json() : form.apply(look).strip();
        command.commandLine().getOut().println(text);
        return look;
    }
}
