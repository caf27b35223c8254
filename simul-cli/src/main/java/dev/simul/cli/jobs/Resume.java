package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simul resume}: ends what {@code simul suspend} began. */
@Command(name = "resume", description = "Ends the pause of simul suspend or rq suspend.")
public final class Resume implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "Q",
            description = "Let go of this queue, which simul suspend --queue holds back.")
    private @Nullable String queue;

    @Override
    public Integer call() {
        var out = spec.commandLine().getOut();
        try (var client = JobClient.connect(redis.settings())) {
            if (queue == null) {
                client.resume();
                out.println("Resuming workers.");
            } else {
                client.queue(queue).servers().forEach(JobQueue::resume);
                out.println("Resuming queue " + queue);
            }
        }
        return ExitCode.OK;
    }
}
