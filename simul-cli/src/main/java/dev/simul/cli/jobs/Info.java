package dev.simul.cli.jobs;

import dev.simul.cli.ExitCode;
import dev.simul.cli.Terminal;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.QueueInfo;
import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.WorkerInfo;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul info}: queues and workers as {@code rq info} shows them. */
@Command(
        name = "info",
        description = "Shows queues and workers, in Java and in Python, as rq info does; looking changes nothing.")
public final class Info implements Callable<Integer> {
    private static final DateTimeFormatter UPDATED = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");
    private static final int[] SCALES = {20, 50, 100, 200, 400, 600, 800, 1000};
    private static final int BAR = 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "QUEUE", arity = "0..*", description = "The queues to show (default: all).")
    private List<String> queues = List.of();

    @Mixin
    private final RedisOption redis = new RedisOption();

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "SECONDS",
            converter = SecondsOption.class,
            description = "Show it again and again until Ctrl-C.")
    private @Nullable Duration interval;

    @Option(
            names = {"-r", "--raw"},
            description = "Plain lines without bars and totals, for other programs.")
    private boolean raw;

    @Option(
            names = {"-Q", "--only-queues"},
            description = "Show no workers.")
    private boolean onlyQueues;

    @Option(
            names = {"-W", "--only-workers"},
            description = "Show no queues.")
    private boolean onlyWorkers;

    @Option(
            names = {"-R", "--by-queue"},
            description = "Show the workers of each queue.")
    private boolean byQueue;

    @Option(
            names = "--json",
            description =
                    "Print one JSON object, with all registries and every field of a worker; one a line for each of"
                            + " several servers.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (onlyQueues && onlyWorkers) {
            throw new ParameterException(
                    spec.commandLine(), "--only-queues and --only-workers together leave nothing to show");
        }
        var servers = redis.settings().servers();
        try (var clients = new Clients()) {
            int exitCode = show(servers, clients);
            while (interval != null && !System.out.checkError()) { // head has read enough
                Thread.sleep(interval);
                if (!json && Terminal.current().out()) {
                    out().print("\033[H\033[2J");
                }
                exitCode = show(servers, clients);
            }
            return exitCode;
        }
    }

    /** The connections to several servers, opened when a server is there. */
    private static final class Clients implements AutoCloseable {
        private final Map<JobSettings, JobClient> open = new HashMap<>();

        JobClient of(JobSettings server) {
            return open.computeIfAbsent(server, JobClient::connect);
        }

        @Override
        public void close() {
            open.values().forEach(JobClient::close);
        }
    }

    /** Shows one after the other; of several, one that is away is named on stderr. */
    private int show(List<JobSettings> servers, Clients clients) {
        int exitCode = ExitCode.OK;
        for (var server : servers) {
            boolean several = servers.size() > 1;
            try {
                var client = clients.of(server);
                if (several && !raw && !json) {
                    out().println(server + ":");
                }
                show(client, several ? Optional.of(server) : Optional.empty());
                if (several && !raw && !json) {
                    out().println();
                }
            } catch (RedisUnavailableException e) {
                if (!several) {
                    throw e;
                }
                spec.commandLine().getErr().println("simul info: " + e.getMessage());
                exitCode = ExitCode.FAILED;
            }
        }
        return exitCode;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void show(JobClient client, Optional<JobSettings> server) {
        var counted = queues.isEmpty()
                ? client.queues()
                : queues.stream().map(name -> client.queue(name).info()).toList();
        var workers = queues.isEmpty()
                ? client.workers()
                : queues.stream()
                        .flatMap(queue -> client.workers(queue).stream())
                        .collect(Collectors.toMap(WorkerInfo::name, worker -> worker, (a, _) -> a))
                        .values()
                        .stream()
                        .sorted((a, b) -> a.name().compareTo(b.name()))
                        .toList();
        if (json) {
            out().println(InfoJson.of(counted, workers, client.isSuspended(), server.map(JobSettings::toString)));
        } else {
            print(counted, workers, client.isSuspended());
        }
        out().flush();
        for (var worker : workers) {
            for (var problem : worker.problems()) {
                spec.commandLine().getErr().println("simul info: worker " + worker.name() + ": " + problem);
            }
        }
    }

    private void print(List<QueueInfo> counted, List<WorkerInfo> workers, boolean suspended) {
        if (!onlyWorkers) {
            printQueues(counted);
        }
        if (!onlyQueues) {
            if (byQueue) {
                counted.forEach(queue -> out().println(queue.name() + ": " + workersOf(queue.name(), workers)));
            } else {
                workers.forEach(this::print);
            }
            if (!raw) {
                out().println(workers.size() + " workers, " + counted.size() + " queues");
            }
        }
        if (!raw) {
            out().println();
            if (suspended) {
                out().println("Workers are suspended; simul resume ends that.");
            }
            out().println("Updated: " + UPDATED.format(LocalDateTime.now(ZoneId.systemDefault())));
        }
    }

    private void printQueues(List<QueueInfo> counted) {
        long most = counted.stream().mapToLong(QueueInfo::queued).max().orElse(0);
        long total = counted.stream().mapToLong(QueueInfo::queued).sum();
        for (var queue : counted) {
            var counts = queue.queued() + ", " + queue.started() + " executing, " + queue.finished() + " finished, "
                    + queue.failed() + " failed" + (queue.paused() ? ", paused" : "");
            out().println(
                            raw
                                    ? "queue " + queue.name() + " " + counts
                                    : "%-12s |%s %s".formatted(queue.name(), bar(queue.queued(), most), counts));
        }
        if (!raw) {
            out().println(counted.size() + " queues, " + total + " jobs total");
            out().println();
        }
    }

    private static String bar(long count, long most) {
        long scale = most;
        for (int i = SCALES.length - 1; i >= 0; i--) {
            if (SCALES[i] >= most) {
                scale = SCALES[i];
            }
        }
        var bar = "█".repeat((int) (Math.max(count, 0) * BAR / Math.max(scale, 1)));
        var terminal = Terminal.current();
        return terminal.out() && terminal.colour() && !bar.isEmpty() ? "\033[32m" + bar + "\033[0m" : bar;
    }

    private void print(WorkerInfo worker) {
        var where = Stream.of(
                        worker.hostname().orElse("?"),
                        worker.ipAddress().orElse("?"),
                        worker.pid().isPresent() ? Long.toString(worker.pid().getAsLong()) : "?")
                .collect(Collectors.joining(" ", "(", ")"));
        var does = worker.state() + " " + String.join(",", worker.queues()) + ". jobs: " + worker.successfulJobs()
                + " finished, " + worker.failedJobs() + " failed";
        out().println(
                        raw
                                ? "worker " + worker.name() + " " + where + " " + does
                                : worker.name() + " " + where + ": " + does);
    }

    private static String workersOf(String queue, List<WorkerInfo> workers) {
        var serving = workers.stream()
                .filter(worker -> worker.queues().contains(queue))
                .map(worker -> worker.name() + " (" + worker.state() + ")")
                .collect(Collectors.joining(", "));
        return serving.isEmpty() ? "–" : serving;
    }
}
