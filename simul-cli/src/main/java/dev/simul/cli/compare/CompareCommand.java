package dev.simul.cli.compare;

import dev.simul.cli.ExitCode;
import dev.simul.cli.Terminal;
import dev.simul.cli.TimelinePage;
import dev.simul.cli.compare.WorkSpec.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code simul compare}: reads its options, has everything run, and shows what came out. */
@Command(
        name = "compare",
        description = "Runs the same work every way, checks that the answers agree, and says which way fits.",
        footerHeading = "%nFor example:%n",
        footer = {
            "  simul compare",
            "  simul compare --urls pages.txt --html compare.html",
            "  simul compare --work cpu --ways sequential,threads,processes --repeat 5",
            "  ls *.pdf | simul compare --urls - --exec 'pdftotext {} - | wc -w'"
        })
public final class CompareCommand implements Callable<Integer> {
    private static final int USUAL_UNITS = 24;
    private static final int MOST_UNITS = 100_000;
    private static final int MOST_REPEATS = 1000;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(20);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(
            paramLabel = "INPUT",
            arity = "0..*",
            description = "URLs; with --work cpu numbers, with --exec and --class any text. One unit of work each.")
    private List<String> arguments = new ArrayList<>();

    @Option(
            names = {"--urls", "--inputs"},
            paramLabel = "FILE",
            description = "More inputs, one on each line; - reads stdin.")
    private @Nullable String inputFile;

    @Option(
            names = "--work",
            paramLabel = "KIND",
            description = "words: count the words at each URL (the default). cpu: count primes. mixed: both.")
    private @Nullable String kind;

    @Option(
            names = "--exec",
            paramLabel = "COMMAND",
            description = "Run a shell command for each input, which takes the place of {}.")
    private @Nullable String command;

    @Option(
            names = "--class",
            paramLabel = "CLASS",
            description = "Call a class of your own for each input: a Callable, or a Function of a String.")
    private @Nullable String className;

    @Option(names = "--classpath", paramLabel = "PATH", description = "Where --class is: jars and folders.")
    private String classPath = "";

    @Option(
            names = "--ways",
            paramLabel = "WAY,...",
            description = "Only these of sequential, processes, threads, turns, loop, jobs.")
    private @Nullable String ways;

    @Option(names = "--units", paramLabel = "N", description = "How many units, 24 unless inputs are given.")
    private @Nullable Integer unitCount;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many units at once at most (default: ${DEFAULT-VALUE}).")
    private int concurrency;

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Run each way so often and show the median, with the spread.")
    private int repeat;

    @Option(
            names = "--delay",
            paramLabel = "TIME",
            defaultValue = "100ms",
            description = "How long the embedded web site takes for a page (default: ${DEFAULT-VALUE}).")
    private Duration delay = Duration.ZERO;

    @Option(names = "--redis", paramLabel = "URL", description = "A Redis for jobs, instead of an embedded one.")
    private @Nullable String redisUrl;

    @Option(names = "--json", description = "Print one JSON object on stdout and nothing else.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with the timeline of every unit.")
    private @Nullable Path html;

    @Override
    public Integer call() throws Exception {
        try {
            return compare(assignment(), chosenWays());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int compare(Assignment assignment, Set<WayName> chosen) throws IOException, InterruptedException {
        checkNumbers();
        checkPlaces();
        var stdout = spec.commandLine().getOut();
        var usualOut = System.out;
        System.setOut(System.err); // what the work prints must not get into the report
        try (var strays = assignment.kind() == Kind.EXEC ? new Strays() : null;
                var site = assignment.needsSite() ? SiteMain.start(delay) : null) {
            var address = site == null ? "" : site.awaitReady();
            var units = assignment.units(address);
            var settings = new Settings(
                    assignment.work(address, strays == null ? "" : strays.id()),
                    Math.min(concurrency, units.size()),
                    Optional.ofNullable(redisUrl));
            var tree = new ProcessTree(site == null ? -1 : site.pid());
            var progress = new Progress(Terminal.current(), System.err);
            var comparison = new Comparison(settings, units, chosen, repeat, tree, progress);
            Runnable showKnown = () -> {
                var known = comparison.soFar();
                progress.close();
                show(Report.of(settings, units, repeat, known), stdout, usualOut.charset());
                comparison.abandon();
            };
            try (var _ = Interruption.watch(showKnown, strays == null ? -1 : strays.guardPid())) {
                comparison.run();
            }
            progress.close();
            var report = Report.of(settings, units, repeat, comparison.soFar());
            show(report, stdout, usualOut.charset());
            return report.isOk() ? ExitCode.OK : ExitCode.FAILED;
        } finally {
            System.setOut(usualOut);
        }
    }

    private void show(Report report, PrintWriter stdout, Charset charset) {
        stdout.print(
                json
                        ? JsonReport.text(report) + System.lineSeparator()
                        : TableReport.text(report, Terminal.current(), charset));
        stdout.flush();
        if (html != null) {
            try {
                TimelinePage.write(TimelineReport.of(report), html);
            } catch (IOException e) {
                throw new UncheckedIOException("--html: cannot write " + html + ": " + e.getMessage(), e);
            }
        }
    }

    private Assignment assignment() {
        var given = Stream.of(named("--work", kind), named("--exec", command), named("--class", className))
                .flatMap(Optional::stream)
                .toList();
        require(given.size() <= 1, String.join(" and ", given) + " exclude each other; give one of them");
        require(classPath.isEmpty() || className != null, "--classpath is for --class, which is missing");
        arguments.forEach(argument -> require(
                command != null || className != null || "cpu".equals(kind) || argument.matches("https?://.+"),
                "INPUT must be an http or https address, was '" + argument + "'"));
        var inputs = Inputs.of(arguments, inputFile, System.in);
        require(
                unitCount == null || inputs.isEmpty(),
                "--units is for work without inputs, but there are " + inputs.size() + "; leave it out");
        return new Assignment(
                kindOfWork(),
                inputs,
                unitCount == null ? USUAL_UNITS : unitCount,
                command != null ? command : className != null ? className : "",
                classPath);
    }

    private static Optional<String> named(String option, @Nullable String value) {
        return value == null ? Optional.empty() : Optional.of(option);
    }

    private Kind kindOfWork() {
        if (command != null) {
            return Kind.EXEC;
        }
        if (className != null) {
            return Kind.CLASS;
        }
        return switch (kind == null ? "words" : kind) {
            case "words" -> Kind.WORDS;
            case "cpu" -> Kind.CPU;
            case "mixed" -> Kind.MIXED;
            default -> throw new IllegalArgumentException("--work must be words, cpu or mixed, was '" + kind + "'");
        };
    }

    private Set<WayName> chosenWays() {
        return ways == null ? EnumSet.allOf(WayName.class) : WayName.parse(ways);
    }

    private void checkNumbers() {
        requireBetween("--concurrency", 1, Settings.MOST_CONCURRENCY, concurrency);
        requireBetween("--repeat", 1, MOST_REPEATS, repeat);
        requireBetween("--units", 1, MOST_UNITS, unitCount == null ? USUAL_UNITS : unitCount);
        require(delay.compareTo(LONGEST_DELAY) <= 0, "--delay must be between 0 and 20s, was " + delay);
    }

    private void checkPlaces() {
        require(
                redisUrl == null || redisUrl.matches("rediss?://.+"),
                "--redis must be a URL such as redis://localhost:6379, was '" + redisUrl + "'");
        if (html != null) {
            var folder = html.toAbsolutePath().getParent();
            require(
                    folder != null && Files.isWritable(folder) && !Files.isDirectory(html),
                    "--html: cannot write a file at " + html + "; name one in a folder that is there");
        }
    }

    private static void requireBetween(String option, int least, int most, int value) {
        require(
                value >= least && value <= most,
                option + " must be between " + least + " and " + most + ", was " + value);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
