package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobRegistry;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul requeue}: lets failed jobs run again. */
@Command(name = "requeue", description = "Puts failed jobs back on their queue. Exit code 1 if some of them cannot be.")
public final class Requeue implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "JOB", arity = "0..*", description = "The ids of failed jobs.")
    private List<String> jobs = List.of();

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "Q",
            description = "Their queue; needed with --all, else each job knows its own.")
    private @Nullable String queue;

    @Option(
            names = {"-a", "--all"},
            description = "All failed jobs of the queue.")
    private boolean all;

    @Option(names = "--at-front", description = "To the front of the queue.")
    private boolean atFront;

    @Override
    public Integer call() {
        if (all && queue == null) {
            throw new ParameterException(spec.commandLine(), "--all needs --queue Q: say of which queue");
        }
        if (all && !jobs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--all or ids of jobs, not both");
        }
        var out = spec.commandLine().getOut();
        try (var client = JobClient.connect(redis.settings())) {
            if (queue != null) {
                var _ = client.queue(queue); // refuses a name that is none
            }
            var ids = all && queue != null
                    ? client.queue(queue).servers().stream()
                            .flatMap(part -> part.registry(JobRegistry.Kind.FAILED).ids().stream())
                            .toList()
                    : jobs;
            if (ids.isEmpty()) {
                out.println("Nothing to do");
                return ExitCode.OK;
            }
            out.println("Requeueing " + ids.size() + " jobs from failed queue");
            long failures = ids.stream().filter(id -> !requeue(client, id)).count();
            if (failures > 0) {
                out.println("Unable to requeue " + failures + " jobs from failed job registry");
            }
            return failures == 0 ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private boolean requeue(JobClient client, String id) {
        try {
            var from = queue != null
                    ? queue
                    : client.job(id)
                            .orElseThrow(() -> new IllegalStateException("there is no job " + id))
                            .queue();
            var parts = client.queue(from).servers();
            var holder = parts.stream()
                    .map(part -> part.registry(JobRegistry.Kind.FAILED))
                    .filter(failed -> parts.size() == 1 || failed.contains(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("job " + id + " is not among the failed ones"));
            holder.requeue(id, atFront);
            return true;
        } catch (IllegalStateException e) {
            spec.commandLine().getErr().println("simul requeue: " + e.getMessage());
            return false;
        }
    }
}
