package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code simul suspend}: lets workers pause. */
@Command(
        name = "suspend",
        description = "Lets all workers, in Java and in Python, pause when their running jobs have ended.")
public final class Suspend implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            converter = SecondsOption.class,
            description = "For how long (default: until simul resume).")
    private @Nullable Duration duration;

    @Option(
            names = {"-q", "--queue"},
            paramLabel = "Q",
            description = "Only hold this queue back; Python's workers do not know of that and go on.")
    private @Nullable String queue;

    @Override
    public Integer call() {
        try (var client = JobClient.connect(redis.settings())) {
            if (queue == null) {
                suspend(client);
            } else {
                pause(client, queue);
            }
        }
        return ExitCode.OK;
    }

    private void suspend(JobClient client) {
        var out = spec.commandLine().getOut();
        if (duration == null) {
            client.suspend();
            out.println("Suspending workers.  No new jobs will be started.  But current jobs will be completed");
        } else {
            client.suspend(duration);
            out.println("Suspending workers for " + seconds(duration) + " seconds. No new jobs will be started during"
                    + " that time, but then will\n        automatically resume");
        }
    }

    private void pause(JobClient client, String name) {
        var out = spec.commandLine().getOut();
        if (duration == null) {
            client.queue(name).servers().forEach(JobQueue::pause);
            out.println("Holding queue " + name + " back until simul resume --queue " + name);
        } else {
            var time = duration;
            client.queue(name).servers().forEach(part -> part.pause(time));
            out.println("Holding queue " + name + " back for " + seconds(duration) + " seconds");
        }
    }

    private static long seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }
}
