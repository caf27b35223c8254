package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.Scheduler;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul scheduler}: puts scheduled jobs on their queues when their time has come. */
@Command(
        name = "scheduler",
        description =
                "Puts scheduled jobs, and jobs that are to be tried again later, on their queues when their time has come,"
                        + " under RQ's locks: any number may run, in Java and in Python. Ctrl-C or SIGTERM gives the locks"
                        + " up and ends with exit code 0.")
public final class SchedulerCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", description = "The queues (default: default).")
    private List<String> queues = List.of("default");

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Mixin
    private final LogOption log = new LogOption();

    @Option(
            names = {"-b", "--burst"},
            description = "End when nothing more is due.")
    private boolean burst;

    @Option(
            names = {"-n", "--name"},
            paramLabel = "NAME",
            description = "The scheduler's name, unlike all others (default: random).")
    private @Nullable String name;

    @Override
    public Integer call() throws InterruptedException {
        log.configure();
        var scheduler = scheduler();
        var err = spec.commandLine().getErr();
        err.println("simul scheduler " + scheduler.name() + " serves " + String.join(", ", queues));
        try (var _ = new StopOnSignal(scheduler::stop)) {
            long moved = scheduler.run();
            err.println("simul scheduler " + scheduler.name() + " ended: " + moved + " jobs put on their queues");
            return ExitCode.OK;
        }
    }

    private Scheduler scheduler() {
        var builder = Scheduler.on(redis.settings())
                .queues(queues.toArray(String[]::new))
                .burst(burst);
        return (name == null ? builder : builder.name(name)).build();
    }
}
