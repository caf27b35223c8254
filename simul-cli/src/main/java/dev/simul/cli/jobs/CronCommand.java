package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.CronScheduler;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul cron}: enqueues the jobs of a file at their times. */
@Command(
        name = "cron",
        description =
                "Enqueues jobs at times of day or at intervals. Any number may run with the same file: each time is taken by"
                        + " one of them. Ctrl-C or SIGTERM ends it with exit code 0.",
        footer = {
            "",
            "FILE is JSON (comments are allowed), in the words of RQ's cron.register:",
            "  {\"time_zone\": \"Europe/Berlin\",",
            "   \"jobs\": [{\"func\": \"reports.send\", \"cron\": \"0 9 * * mon-fri\", \"args\": [\"daily\"]},",
            "            {\"func\": \"cache.clean\", \"interval\": 300, \"queue_name\": \"low\"}]}",
            "A job may also say name, kwargs, job_timeout, result_ttl, ttl, failure_ttl, meta, webhooks, time_zone",
            "and catch_up (true: one job at the start for times that were missed)."
        })
public final class CronCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The jobs, see below.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Mixin
    private final LogOption log = new LogOption();

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            converter = ZoneOption.class,
            description = "Whose clocks to go by, such as Europe/Berlin (default: what FILE says, else UTC).")
    private @Nullable ZoneId timeZone;

    @Option(
            names = {"-n", "--name"},
            paramLabel = "NAME",
            description = "The cron scheduler's name, unlike all others (default: host:pid:random).")
    private @Nullable String name;

    @Option(names = "--check", description = "Read FILE, print its jobs and end.")
    private boolean check;

    @Override
    public Integer call() throws InterruptedException {
        log.configure();
        var scheduler = scheduler();
        if (check) {
            scheduler.jobs().forEach(spec.commandLine().getOut()::println);
            return ExitCode.OK;
        }
        var err = spec.commandLine().getErr();
        err.println("simul cron " + scheduler.name() + " enqueues "
                + scheduler.jobs().size() + " jobs of " + file);
        try (var _ = new StopOnSignal(scheduler::stop)) {
            long enqueued = scheduler.run();
            err.println("simul cron " + scheduler.name() + " ended: " + enqueued + " jobs enqueued");
            return ExitCode.OK;
        }
    }

    private CronScheduler scheduler() {
        var read = new CronFile(file);
        var builder = CronScheduler.on(redis.settings()).jobs(read.jobs()).configFile(file.toString());
        var zone = timeZone == null ? read.timeZone() : timeZone;
        builder = zone == null ? builder : builder.timeZone(zone);
        return (name == null ? builder : builder.name(name)).build();
    }
}
