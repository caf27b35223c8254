package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.jobs.JobClient;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul stop}: stops running jobs, or workers. */
@Command(
        name = "stop",
        description =
                "Stops running jobs, which then stand among the failed ones and are not tried again; or lets workers"
                        + " end. Exit code 1 if a job does not run, or a worker does not hear.")
public final class Stop implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "JOB", arity = "0..*", description = "The ids of running jobs.")
    private List<String> jobs = List.of();

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = "--worker",
            paramLabel = "NAME",
            description =
                    "Let this worker finish its running jobs and end, as SIGTERM does; may be given several times.")
    private List<String> workers = List.of();

    @Option(
            names = "--kill-horse",
            paramLabel = "NAME",
            description = "Let this worker break its running job off, which is then tried again or fails.")
    private List<String> horses = List.of();

    @Override
    public Integer call() {
        if (jobs.isEmpty() && workers.isEmpty() && horses.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nothing to stop: give ids of jobs, or --worker NAME");
        }
        int failures = 0;
        try (var client = JobClient.connect(redis.settings())) {
            for (var id : jobs) {
                failures += stop(client, id);
            }
            for (var worker : workers) {
                failures += told(worker, client.shutdownWorker(worker), "ends when its running jobs have");
            }
            for (var worker : horses) {
                failures += told(worker, client.killHorse(worker), "breaks its running job off");
            }
        }
        return failures == 0 ? ExitCode.OK : ExitCode.FAILED;
    }

    private int stop(JobClient client, String id) {
        var job = client.job(id);
        if (job.isPresent() && job.get().stop()) {
            spec.commandLine().getOut().println("Stopping job " + id);
            return 0;
        }
        spec.commandLine()
                .getErr()
                .println("simul stop: "
                        + (job.isPresent()
                                ? "job " + id + " does not run, it is "
                                        + job.get().status().name().toLowerCase(Locale.ROOT)
                                : "there is no job " + id));
        return 1;
    }

    private int told(String worker, boolean heard, String does) {
        if (heard) {
            spec.commandLine().getOut().println("Worker " + worker + " " + does);
            return 0;
        }
        spec.commandLine()
                .getErr()
                .println("simul stop: no worker " + worker + " hears; simul info lists those that live");
        return 1;
    }
}
