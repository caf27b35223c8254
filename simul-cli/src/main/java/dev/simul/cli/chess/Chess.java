package dev.simul.cli.chess;

import dev.simul.EventLoop;
import dev.simul.LoopClock;
import dev.simul.TaskGroup;
import dev.simul.VirtualClock;
import dev.simul.cli.ExitCode;
import dev.simul.cli.Terminal;
import dev.simul.cli.TimelinePage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code simul chess}: plays the exhibition both ways and says how long each took. */
@Command(
        name = "chess",
        description = "One master plays many boards: one after the other, and by turns. The same coroutines play both,"
                + " on the event loop, with a clock that jumps over the thinking.")
public final class Chess implements Callable<Integer> {
    private static final int MOST_MOVES = 1_000_000;
    /** Times are counted in nanoseconds in a long, which ends after 292 years. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--games",
            paramLabel = "N",
            defaultValue = "24",
            description = "Boards (default: ${DEFAULT-VALUE}).")
    private int games;

    @Option(
            names = "--moves",
            paramLabel = "N",
            defaultValue = "30",
            description = "Moves of each game (default: ${DEFAULT-VALUE}).")
    private int moves;

    @Option(
            names = "--master",
            paramLabel = "TIME",
            defaultValue = "5s",
            description =
                    "How long the master thinks about a move: 5s, 500ms, 1m30s, PT5S (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration master;

    @Option(
            names = "--opponent",
            paramLabel = "TIME",
            defaultValue = "55s",
            description = "How long an opponent thinks about a reply (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration opponent;

    @Option(names = "--json", description = "Print one JSON object; times in seconds.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Draw the timeline of every board as one HTML page.")
    private @Nullable Path html;

    @Option(names = "--real", description = "Play by the real clock, with a view of the boards; see --speed.")
    private boolean real;

    @Option(
            names = "--speed",
            paramLabel = "N",
            description = "How many times faster than real time --real plays (default: 1000).")
    private @Nullable Integer speed;

    @Override
    public Integer call() throws Exception {
        var exhibition = exhibition();
        var comparison = real ? playReal(exhibition, realSpeed()) : playVirtual(exhibition);
        if (html != null) {
            TimelinePage.write(ChessTimeline.of(comparison), html);
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(ChessJson.of(comparison, real));
        } else {
            out.println(Figures.text(comparison));
            out.println(
                    real
                            ? "By the real clock, which is late where the machine is busy. Exactly: "
                                    + playVirtual(exhibition).verdict()
                            : comparison.verdict());
        }
        return ExitCode.OK;
    }

    private Exhibition exhibition() {
        check("--games", games, MOST_MOVES);
        check("--moves", moves, MOST_MOVES);
        if ((long) games * moves > MOST_MOVES) {
            throw refused("--games times --moves must be at most %d, was %d * %d".formatted(MOST_MOVES, games, moves));
        }
        var exhibition = new Exhibition(games, moves, master, opponent);
        if (exhibition.oneAfterTheOther().compareTo(LONGEST) > 0) {
            throw refused("--master and --opponent make this last longer than a hundred years; give shorter times");
        }
        if (speed != null) {
            if (!real) {
                throw refused("--speed is for --real; give both or none");
            }
            check("--speed", speed, MOST_MOVES);
        }
        return exhibition;
    }

    private int realSpeed() {
        return speed == null ? 1000 : speed;
    }

    private static Comparison playVirtual(Exhibition exhibition) throws Exception {
        return new Comparison(exhibition, playVirtual(exhibition, false), playVirtual(exhibition, true));
    }

    private static Scoresheet playVirtual(Exhibition exhibition, boolean byTurns) throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            return loop.run(() -> new Play(exhibition, clock, byTurns).play());
        }
    }

    private Comparison playReal(Exhibition exhibition, int speed) throws Exception {
        var clock = LoopClock.scaled(speed);
        try (var loop = EventLoop.open(clock)) {
            return loop.run(() -> {
                var sequential = new Play(exhibition, clock, false);
                var turns = new Play(exhibition, clock, true);
                var view = new LiveView(
                        List.of(sequential, turns),
                        clock,
                        speed,
                        spec.commandLine().getErr());
                try (var group = TaskGroup.<Scoresheet>open()) {
                    group.fork(sequential::play);
                    group.fork(turns::play);
                    view.watch(Terminal.current());
                    group.join();
                }
                return new Comparison(exhibition, sequential.sheet(), turns.sheet());
            });
        }
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw refused("%s must be between 1 and %d, was %d".formatted(option, most, value));
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
