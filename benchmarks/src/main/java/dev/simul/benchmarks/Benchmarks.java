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

/** Runs a group of rows, Simul beside its peers; {@code benchmarks/run} builds what it needs and starts it. */
public final class Benchmarks {
    private static final Map<String, List<Row>> GROUPS = Map.of("core", CoreRows.ROWS, "scale", ScaleRows.ROWS);
    private static final String USAGE = "benchmarks/run GROUP [--quick] [--json] [--repeat N] [--plot FILE]";

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
        var contest = options.contest();
        var contestants = Contestant.all(built);
        var results = new ArrayList<Result>();
        for (var row : options.rows()) {
            var result = contest.play(row, contestants);
            results.add(result);
            if (options.json()) System.out.println(Report.json(result));
        }
        if (!options.json()) System.out.print(Report.table(results));
        if (options.plot().isPresent()) Files.writeString(options.plot().get(), new Plot(results).svg());
        return results.stream().allMatch(result -> result.simul().isPresent()) ? 0 : 1;
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
     */
    private record Options(List<Row> rows, boolean quick, boolean json, int repeat, Optional<Path> plot) {
        static Options of(List<String> args) {
            if (args.isEmpty()) throw new IllegalArgumentException("which group? " + USAGE);
            var rows = rows(args.getFirst());
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
                    case String unknown -> throw new IllegalArgumentException("no option " + unknown + "; " + USAGE);
                }
            }
            return new Options(rows, quick, json, repeat, plot);
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

        Contest contest() {
            boolean terminal = Boolean.getBoolean("simul.benchmarks.terminal");
            return new Contest(
                    repeat > 0 ? repeat : quick ? 10 : 40,
                    quick ? Duration.ofMillis(800) : Duration.ofSeconds(3),
                    quick ? 200_000 : 1_000_000,
                    step -> {
                        if (terminal) System.err.print("\r\033[K" + step);
                    });
        }
    }
}
