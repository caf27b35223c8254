package dev.simul.cli.jobs;

import dev.simul.SignalHandler;
import dev.simul.cli.ClassPath;
import dev.simul.cli.ExitCode;
import dev.simul.jobs.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul worker}: runs jobs from Redis queues until it is stopped. */
@Command(
        name = "worker",
        description =
                "Runs jobs from Redis queues, whoever put them there. Ctrl-C or SIGTERM lets the running jobs finish"
                        + " and then ends with exit code 0; a second Ctrl-C ends it at once.")
public final class WorkerCommand implements Callable<Integer> {
    private static final int MOST_CONCURRENT = 1000;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", description = "The queues, the most urgent first (default: default).")
    private List<String> queues = List.of("default");

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(names = "--burst", description = "End when the queues are empty.")
    private boolean burst;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many jobs run at a time (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--classpath",
            paramLabel = "PATH",
            defaultValue = "",
            description = "Jars and folders with the classes of --jobs, written as for java -cp.")
    @SuppressWarnings("NullAway.Init")
    private String classPath;

    @Option(
            names = "--jobs",
            paramLabel = "CLASS",
            split = ",",
            description = "Classes whose @SimulJob methods to offer.")
    private List<String> jobs = List.of();

    @Option(
            names = "--demo",
            description =
                    "Offer demo.add(a, b), demo.count_words_at_url(url), demo.sleep(seconds), demo.fail(message).")
    private boolean demo;

    @Override
    public Integer call() throws InterruptedException {
        var worker = worker();
        var err = spec.commandLine().getErr();
        err.println("simul worker " + worker.name() + " serves " + String.join(", ", queues));
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(worker, ended)));
        try {
            var tally = worker.run();
            err.println("simul worker " + worker.name() + " ended: " + tally.finished() + " jobs finished, "
                    + tally.failed() + " failed");
            return ExitCode.OK;
        } finally {
            ended.countDown();
        }
    }

    private Worker worker() {
        if (jobs.isEmpty() && !demo) {
            throw refused("nothing to run: give --jobs CLASS,... or --demo");
        }
        if (!classPath.isEmpty() && jobs.isEmpty()) {
            throw refused("--classpath " + classPath + " without --jobs: say which classes to take from it");
        }
        if (concurrency < 1 || concurrency > MOST_CONCURRENT) {
            throw refused("--concurrency must be between 1 and " + MOST_CONCURRENT + ", was " + concurrency);
        }
        try {
            var path = ClassPath.open(classPath);
            var classes = new ArrayList<Class<?>>();
            if (demo) {
                classes.add(DemoJobs.class);
            }
            for (var name : jobs) {
                classes.add(path.find(name));
            }
            return Worker.on(redis.settings())
                    .queues(queues.toArray(String[]::new))
                    .functions(classes.toArray(Class<?>[]::new))
                    .concurrency(concurrency)
                    .burst(burst)
                    .build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** The hook of SIGTERM and Ctrl-C: waits until the running jobs are recorded, then ends well. */
    private void stop(Worker worker, CountDownLatch ended) {
        if (ended.getCount() == 0) {
            return;
        }
        spec.commandLine()
                .getErr()
                .println("simul worker " + worker.name() + " finishes its running jobs and ends" + offerSecondCtrlC());
        worker.stop();
        try {
            ended.await();
        } catch (InterruptedException e) {
            return; // nobody interrupts a shutdown hook
        }
        // A JVM that a signal ends has the signal's exit code, unless it is halted with another.
        Runtime.getRuntime().halt(ExitCode.OK);
    }

    /** What to add to the line that says we end. */
    private static String offerSecondCtrlC() {
        try {
            SignalHandler.install("INT", () -> Runtime.getRuntime().halt(ExitCode.INTERRUPTED));
            return "; Ctrl-C again ends it at once";
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            return ""; // the platform keeps the signal to itself
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
