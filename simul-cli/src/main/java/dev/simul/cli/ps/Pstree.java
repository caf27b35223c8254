package dev.simul.cli.ps;

import dev.simul.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code simul pstree}: the live tasks of a running JVM as a tree. */
@Command(
        name = "pstree",
        description =
                "Draws the live tasks of a running JVM as a tree, with their stacks. Exit code 1 if tasks wait for each other.",
        footer = {"", "The JVM needs no preparation but Simul on its class path or module path."})
public final class Pstree implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final JvmParameter jvm = new JvmParameter();

    @Override
    public Integer call() throws UnreachableJvmException {
        var look = jvm.print(spec, Look::tree);
        return look.deadlocks() == 0 ? ExitCode.OK : ExitCode.FAILED;
    }
}
