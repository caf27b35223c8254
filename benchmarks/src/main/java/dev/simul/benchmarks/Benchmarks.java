package dev.simul.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs a group of rows, Simul beside its peers; {@code benchmarks/run} builds what it needs and starts it. */
public final class Benchmarks {
    private static final Map<String, List<Row>> GROUPS =
            Map.of("core", CoreRows.ROWS, "scale", ScaleRows.ROWS, "jobs", List.of());
    private static final String USAGE =
            "benchmarks/run GROUP [--quick] [--json] [--repeat N] [--plot FILE] [--only NAME,…]";

    private Benchmarks() {}

    public static void main(String[] args) throws IOException {
        System.exit(run(List.of(args)));
    }

    private static int run(List<String> args) throws IOException {
        Options options;
        try {
            options = Options.of(args);
        } catch (IllegalArgumentException e) {
            System.err.println("benchmarks: " + e.getMessage());
            return 2;
        }
        System.err.println(conditions());
        var built = Path.of(System.getProperty("simul.benchmarks.built"));
        var results = options.isJobs() ? playJobs(options, built) : play(options, built);
        if (!options.json()) System.out.print(Report.table(results));
        if (options.plot().isPresent()) {
            var plot = options.isJobs() ? new Plot(JobRows.plotted(results), "jobs at a time") : new Plot(results);
            Files.writeString(options.plot().get(), plot.svg());
        }
        return results.stream().allMatch(result -> result.simul().isPresent()) ? 0 : 1;
    }

    private static List<Result> play(Options options, Path built) throws IOException {
        var contest = options.contest();
        var contestants = Contestant.all(built);
        var results = new ArrayList<Result>();
        for (var row : options.rows()) {
            var result = contest.play(row, contestants);
            results.add(result);
            if (options.json()) System.out.println(Report.json(result));
        }
        return results;
    }

    private static List<Result> playJobs(Options options, Path built) throws IOException {
        var contest = options.jobContest();
        var contestants = Contestant.jobs(built);
        var results = new ArrayList<Result>();
        for (var event : options.events()) {
            var played = contest.play(event, JobRows.peers(options.quick()), contestants);
            results.addAll(played);
            if (options.json()) played.forEach(result -> System.out.println(Report.json(result)));
        }
        return results;
    }

    private static String conditions() {
        return String.format(
                Locale.ROOT,
                "conditions: %s %s, flags %s; %d CPUs, load %.1f, %s %s",
                System.getProperty("java.vm.name"),
                System.getProperty("java.runtime.version"),
                String.join(" ", Contestant.JVM_FLAGS),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    /**
     * The command line.
     *
     * @param repeat how many rounds count; 0 for the usual
     * @param plot where a picture of the rows goes
     * @param only rows to be played whether the run is quick or not; empty for the usual
     */
    private record Options(
            String group, boolean quick, boolean json, int repeat, Optional<Path> plot, List<String> only) {
        static Options of(List<String> args) {
            if (args.isEmpty()) throw new IllegalArgumentException("which group? " + USAGE);
            var _ = rows(args.getFirst());
            List<String> only = List.of();
            boolean quick = false;
            boolean json = false;
            int repeat = 0;
            Optional<Path> plot = Optional.empty();
            var rest = args.listIterator(1);
            while (rest.hasNext()) {
                switch (rest.next()) {
                    case "--quick" -> quick = true;
                    case "--json" -> json = true;
                    case "--plot" -> plot = Optional.of(Path.of(rest.hasNext() ? rest.next() : "plot.svg"));
                    case "--repeat" -> repeat = repeat(rest.hasNext() ? rest.next() : "nothing");
                    case "--only" -> only = List.of((rest.hasNext() ? rest.next() : "nothing").split(","));
                    case String unknown -> throw new IllegalArgumentException("no option " + unknown + "; " + USAGE);
                }
            }
            var options = new Options(args.getFirst(), quick, json, repeat, plot, only);
            if (options.rows().isEmpty() && options.events().isEmpty())
                throw new IllegalArgumentException("no row called " + only + " in group " + options.group());
            return options;
        }

        boolean isJobs() {
            return group.equals("jobs");
        }

        List<Row> rows() {
            return rows(group).stream()
                    .filter(row -> only.isEmpty() || only.contains(row.label()))
                    .toList();
        }

        List<JobEvent> events() {
            if (!isJobs()) return List.of();
            return (only.isEmpty() ? JobRows.of(quick) : JobRows.EVENTS.stream())
                    .filter(event -> only.isEmpty() || only.contains(event.name()))
                    .toList();
        }

        private static List<Row> rows(String group) {
            var rows = GROUPS.get(group);
            if (rows == null) throw new IllegalArgumentException("no group " + group + ", only " + GROUPS.keySet());
            return rows;
        }

        private static int repeat(String value) {
            try {
                int repeat = Integer.parseInt(value);
                if (repeat >= 1 && repeat <= 1_000) return repeat;
            } catch (NumberFormatException e) {
                // said below
            }
            throw new IllegalArgumentException("--repeat must be a number from 1 to 1000, was " + value);
        }

        JobContest jobContest() {
            return new JobContest(
                    repeat > 0 ? repeat : quick ? 3 : 10,
                    quick ? Duration.ofSeconds(4) : Duration.ofSeconds(10),
                    quick ? Duration.ofMillis(400) : Duration.ofSeconds(1),
                    progress());
        }

        Contest contest() {
            return new Contest(
                    repeat > 0 ? repeat : quick ? 10 : 40,
                    quick ? Duration.ofMillis(800) : Duration.ofSeconds(3),
                    quick ? 200_000 : 1_000_000,
                    progress());
        }

        private static Consumer<String> progress() {
            boolean terminal = Boolean.getBoolean("simul.benchmarks.terminal");
            return step -> {
                if (terminal) System.err.print("\r\033[K" + step);
            };
        }
    }
}
