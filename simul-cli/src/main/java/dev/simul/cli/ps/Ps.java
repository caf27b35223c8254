package dev.simul.cli.ps;

import dev.simul.cli.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code simul ps}: the live tasks of a running JVM as a table. */
@Command(
        name = "ps",
        description = "Lists the live tasks of a running JVM: where each stands, what it waits for, who waits for it.",
        footer = {"", "The JVM needs no preparation but Simul on its class path or module path."})
public final class Ps implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final JvmParameter jvm = new JvmParameter();

    @Override
    public Integer call() throws UnreachableJvmException {
        jvm.print(spec, Look::table);
        return ExitCode.OK;
    }
}
