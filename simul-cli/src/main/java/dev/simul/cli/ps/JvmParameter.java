package dev.simul.cli.ps;

import picocli.CommandLine.Parameters;

/** The JVM to look at, as both commands take it. */
final class JvmParameter {
    @Parameters(paramLabel = "PID", description = "The process id of a running JVM of yours; jps lists them.")
    private long pid;

    Look look() throws UnreachableJvmException {
        return new RunningJvm(pid).look();
    }
}
