package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.QueueInfo;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul empty}: deletes the jobs that wait in queues. */
@Command(
        name = "empty",
        description = "Deletes the jobs that wait in the queues. Running, finished, failed and scheduled jobs stay.")
public final class Empty implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", arity = "0..*", description = "The queues.")
    private List<String> queues = List.of();

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = {"-a", "--all"},
            description = "All queues.")
    private boolean all;

    @Override
    public Integer call() {
        if (all && !queues.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--all or names of queues, not both");
        }
        var out = spec.commandLine().getOut();
        try (var client = JobClient.connect(redis.settings())) {
            var chosen = all
                    ? client.queues().stream().map(QueueInfo::name).distinct().toList()
                    : queues;
            if (chosen.isEmpty()) {
                out.println("Nothing to do");
            }
            for (var queue : chosen) {
                long removed = client.queue(queue).servers().stream()
                        .mapToLong(JobQueue::empty)
                        .sum();
                out.println(removed + " jobs removed from " + queue + " queue");
            }
        }
        return ExitCode.OK;
    }
}
