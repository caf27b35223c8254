package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simul worker}: runs jobs from Redis queues until it is stopped. */
@Command(
        name = "worker",
        description =
                "Runs jobs from Redis queues, whoever put them there. Ctrl-C or SIGTERM lets the running jobs finish"
                        + " and then ends with exit code 0; a second one, a second later or more, gives them back to the"
                        + " front of their queues and ends.")
public final class WorkerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final WorkerOptions options = new WorkerOptions();

    @Option(
            names = {"-n", "--name"},
            paramLabel = "NAME",
            description = "The worker's name, unique among the live ones (default: a random one).")
    private @Nullable String name;

    @Option(names = "--pid", paramLabel = "FILE", description = "Write the process id to this file.")
    private @Nullable Path pidFile;

    @Override
    public Integer call() throws InterruptedException, IOException {
        options.configureLog();
        var builder = options.worker();
        if (name != null) {
            builder.name(name);
        }
        var worker = builder.build();
        var err = spec.commandLine().getErr();
        if (options.areSuspended(spec.commandLine())) {
            return ExitCode.FAILED;
        }
        if (pidFile != null) {
            writePid(pidFile);
        }
        var who = "simul worker " + worker.name();
        err.println(who + " serves " + options.queues());
        try (var _ = new StopSignals(who, err, worker::signal)) {
            var tally = worker.run();
            err.println(who + " ended: " + tally.finished() + " jobs finished, " + tally.failed() + " failed"
                    + (tally.stopped() > 0 ? ", " + tally.stopped() + " stopped" : "")
                    + (tally.requeued() > 0 ? ", " + tally.requeued() + " given back" : ""));
            if (tally.unrecorded() > 0) {
                err.println(who + " could not record the end of " + tally.unrecorded()
                        + " jobs, because Redis is away; other workers will find and run them again");
                return ExitCode.FAILED;
            }
            return ExitCode.OK;
        }
    }

    private static void writePid(Path file) throws IOException {
        try {
            Files.writeString(file, ProcessHandle.current().pid() + System.lineSeparator());
        } catch (NoSuchFileException e) {
            throw new IOException("--pid " + file + " cannot be written: there is no such folder", e);
        } catch (IOException e) {
            throw new IOException("--pid " + file + " cannot be written: " + e, e);
        }
    }
}
