package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.cli.Main;
import dev.simul.jobs.WorkerPool;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simul worker-pool}: keeps a number of worker processes alive. */
@Command(
        name = "worker-pool",
        description = "Runs several worker processes, and replaces those that die (not in a burst). All options but"
                + " --num-workers are the workers'. Signals are passed on to them.")
public final class WorkerPoolCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = {"-n", "--num-workers"},
            paramLabel = "N",
            defaultValue = "1",
            description = "How many workers, 1 to 1000 (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Mixin
    private final WorkerOptions options = new WorkerOptions();

    @Override
    public Integer call() throws InterruptedException {
        options.configureLog();
        var _ = options.worker().build(); // refuses here what every worker would refuse
        var pool = WorkerPool.of(workers, command()).burst(options.burst());
        var err = spec.commandLine().getErr();
        if (options.areSuspended(spec.commandLine())) { // and refuses here a Redis that no worker would reach
            return ExitCode.FAILED;
        }
        err.println("simul worker-pool runs " + workers + " workers on " + options.queues());
        try (var _ = new StopSignals("simul worker-pool", err, pool::signal)) {
            int failures = pool.run();
            err.println("simul worker-pool ended");
            return failures == 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    /** This command once more, as {@code simul worker}. */
    private List<String> command() {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "worker"));
        var given = spec.commandLine().getParseResult();
        for (var option : given.matchedOptions()) {
            if (option.longestName().equals("--num-workers")) {
                continue;
            }
            if (option.arity().max() == 0) {
                command.add(option.longestName());
            } else {
                option.originalStringValues().forEach(value -> command.addAll(List.of(option.longestName(), value)));
            }
        }
        given.matchedPositionals().forEach(queues -> command.addAll(queues.originalStringValues()));
        return command;
    }
}
