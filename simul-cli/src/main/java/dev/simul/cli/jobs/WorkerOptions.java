package dev.simul.cli.jobs;

import dev.simul.jobs.DequeueStrategy;
import dev.simul.jobs.Isolation;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.RescuePolicy;
import dev.simul.jobs.Worker;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What can be said of a worker on the command line, in RQ's words where RQ has them. */
final class WorkerOptions {
    @Parameters(paramLabel = "QUEUE", description = "The queues, the most urgent first (default: default).")
    private List<String> queues = List.of("default");

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = {"-b", "--burst"},
            description = "End when the queues are empty.")
    private boolean burst;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            description = "How many jobs run at a time, 1 to 1000 (default: 1).")
    private @Nullable Integer concurrency;

    @Option(
            names = "--isolation",
            paramLabel = "WHERE",
            description = "Where jobs run: ${COMPLETION-CANDIDATES} (default: THREAD). PROCESS lets a job crash alone.")
    private @Nullable Isolation isolation;

    @Option(
            names = "--child-option",
            paramLabel = "OPTION",
            description = "An option for the JVMs of --isolation process, such as -Xmx200m; may be repeated.")
    private List<String> childOptions = List.of();

    @Option(names = "--max-jobs", paramLabel = "N", description = "End after so many jobs.")
    private @Nullable Long maxJobs;

    @Option(
            names = "--max-idle-time",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "End after so long without a job.")
    private @Nullable Duration maxIdleTime;

    @Option(
            names = {"-s", "--with-scheduler"},
            description = "Also move jobs to their queues whose time has come.")
    private boolean withScheduler;

    @Option(
            names = {"-ds", "--dequeue-strategy"},
            paramLabel = "STRATEGY",
            description = "Which queue is served next: default, round_robin or random (default: default).")
    private @Nullable String strategy;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description =
                    "How long running jobs have when the worker is to end; what needs longer goes back to the front"
                            + " of its queue (default: as long as it takes).")
    private @Nullable Duration grace;

    @Option(
            names = "--interrupt-grace",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description =
                    "How long a job may ignore a time-out before it is recorded as failed without it (default: 10).")
    private @Nullable Duration interruptGrace;

    @Option(
            names = "--results-ttl",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "How long results are kept of jobs that do not say it, -1 for ever (default: 500).")
    private @Nullable Duration resultsTtl;

    @Option(
            names = "--failure-ttl",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "How long failures are kept of jobs that do not say it, -1 for ever (default: a year).")
    private @Nullable Duration failureTtl;

    @Option(
            names = "--worker-ttl",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "How long an idle worker may be silent before RQ's tools take it for dead (default: 420).")
    private @Nullable Duration workerTtl;

    @Option(
            names = "--job-monitoring-interval",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "How often running jobs show that they are alive (default: 30).")
    private @Nullable Duration monitoringInterval;

    @Option(
            names = "--maintenance-interval",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "How often to clean up behind others (default: 600).")
    private @Nullable Duration maintenanceInterval;

    @Option(
            names = "--rescue",
            paramLabel = "requeue|fail",
            description =
                    "What becomes of jobs whose worker has died: back to the front of their queue, or, as in RQ, tried"
                            + " again if they have retries left, else failed (default: requeue).")
    private @Nullable RescuePolicy rescue;

    @Option(
            names = "--rescue-after",
            paramLabel = "SECONDS",
            converter = RqDurationOption.class,
            description = "How long this worker may be silent before others take it for dead, 1 to 60 (default: 5).")
    private @Nullable Duration rescueAfter;

    @Option(
            names = "--max-rescues",
            paramLabel = "N",
            description = "How often --rescue requeue puts a job back before it fails (default: 3).")
    private @Nullable Integer maxRescues;

    @Option(
            names = {"-d", "--disable-default-exception-handler"},
            description = "Do not keep failed jobs in the registry of failed jobs.")
    private boolean disableDefaultExceptionHandler;

    @Option(
            names = "--publish-current-job",
            description =
                    "Show in the worker's entry which job it runs; rq-dashboard up to 0.9 cannot show such a worker.")
    private boolean publishCurrentJob;

    @Option(
            names = "--disable-job-desc-logging",
            description = "Accepted, as rq's scripts say it: jobs are logged by their ids alone, never with arguments.")
    @SuppressWarnings("UnusedVariable")
    private boolean withoutDescriptions;

    @Mixin
    private final LogOption log = new LogOption();

    @Mixin
    private final CodeOptions code = new CodeOptions();

    /** The queues, for people. */
    String queues() {
        return String.join(", ", queues);
    }

    boolean burst() {
        return burst;
    }

    JobSettings settings() {
        return redis.settings();
    }

    /**
     * Whether all workers are to pause, which the command then says; of several servers, one that is away or suspended is
     * no reason not to serve the others.
     */
    boolean areSuspended(CommandLine command) {
        var settings = settings();
        if (settings.servers().size() > 1) {
            return false;
        }
        try (var client = JobClient.connect(settings)) {
            if (!client.isSuspended()) {
                return false;
            }
        }
        command.getErr()
                .println(command.getCommandSpec().qualifiedName()
                        + ": all workers are suspended, so none is started; simul resume lets them go on");
        return true;
    }

    void configureLog() {
        log.configure();
    }

    /** A worker as the options describe it. */
    Worker.Builder worker() {
        code.requireSomethingToRun();
        return described(Worker.on(settings()));
    }

    private Worker.Builder described(Worker.Builder worker) {
        code.giveTo(worker);
        worker.queues(queues.toArray(String[]::new)).burst(burst);
        if (withScheduler) {
            worker.scheduler(true);
        }
        if (disableDefaultExceptionHandler) {
            worker.disableDefaultExceptionHandler();
        }
        if (publishCurrentJob) {
            worker.publishCurrentJob(true);
        }
        worker.childOptions(childOptions.toArray(String[]::new));
        set(concurrency, worker::concurrency);
        set(isolation, worker::isolation);
        set(maxJobs, worker::maxJobs);
        set(maxIdleTime, worker::maxIdleTime);
        set(strategy, name -> worker.strategy(DequeueStrategy.of(name)));
        set(grace, worker::gracePeriod);
        set(interruptGrace, worker::interruptGrace);
        set(resultsTtl, worker::resultTtl);
        set(failureTtl, worker::failureTtl);
        set(workerTtl, worker::workerTtl);
        set(monitoringInterval, worker::heartbeatInterval);
        set(maintenanceInterval, worker::maintenanceInterval);
        set(rescue, worker::rescue);
        set(rescueAfter, worker::rescueAfter);
        set(maxRescues, worker::maxRescues);
        return worker;
    }

    private static <T> void set(@Nullable T value, Consumer<T> setting) {
        if (value != null) {
            setting.accept(value);
        }
    }
}
