package dev.simul.cli.chess;

import dev.simul.Async;
import dev.simul.LoopClock;
import dev.simul.cli.ClockTime;
import dev.simul.cli.Terminal;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows plays while they are played: on a terminal every board, elsewhere a line now and then. Runs on the plays' loop. */
final class LiveView {
    private static final Duration FRAME = Duration.ofMillis(80);
    private static final Duration LINE = Duration.ofSeconds(5);
    private static final int MOST_LINES = 8;
    private static final int CELL = 6;

    private final List<Play> plays;
    private final LoopClock clock;
    private final long start;
    private final int speed;
    private final PrintWriter out;

    LiveView(List<Play> plays, LoopClock clock, int speed, PrintWriter out) {
        this.plays = plays;
        this.clock = clock;
        this.start = clock.nanos();
        this.speed = speed;
        this.out = out;
    }

    /** Returns when all plays are over. */
    void watch(Terminal terminal) {
        if (terminal.err()) {
            int drawn = draw(terminal, 0);
            while (!isOver()) {
                Async.sleep(FRAME.multipliedBy(speed));
                drawn = draw(terminal, drawn);
            }
            out.println();
        } else {
            for (var next = Duration.ZERO; !isOver(); next = next.plus(FRAME)) {
                if (next.toMillis() % LINE.toMillis() == 0) {
                    plays.forEach(play -> out.println(progress(play)));
                    out.flush();
                }
                Async.sleep(FRAME.multipliedBy(speed));
            }
        }
    }

    private boolean isOver() {
        return plays.stream().allMatch(Play::isOver);
    }

    /** Draws over the lines drawn before; returns how many there are now. */
    private int draw(Terminal terminal, int drawn) {
        var lines = lines(terminal);
        out.print(drawn == 0 ? "" : "\033[" + drawn + "A");
        for (var line : lines) {
            out.print(line + "\033[K\n");
        }
        out.flush();
        return lines.size();
    }

    List<String> lines(Terminal terminal) {
        var lines = new ArrayList<String>();
        for (var play : plays) {
            lines.add(progress(play));
            addBoards(play, terminal, lines);
            lines.add("");
        }
        lines.add("* master thinks   . opponent thinks   ? waits for the master   = over");
        return lines;
    }

    private String progress(Play play) {
        var now = play.isOver() ? play.sheet().lastReply() : Duration.ofNanos(clock.nanos() - start);
        return String.format(
                Locale.ROOT,
                "%-19s  %s  %d of %d moves",
                play.name(),
                ClockTime.clock(now.truncatedTo(ChronoUnit.SECONDS)),
                play.sheet().moves().size(),
                play.moves());
    }

    private static void addBoards(Play play, Terminal terminal, List<String> lines) {
        int perLine = Math.max(1, (terminal.columns() - 1) / CELL);
        var boards = play.boards();
        int most = Math.min(boards.size(), perLine * MOST_LINES);
        for (int first = 0; first < most; first += perLine) {
            var line = new StringBuilder();
            for (var board : boards.subList(first, Math.min(first + perLine, most))) {
                line.append(cell(board, terminal.colour()));
            }
            lines.add(line.toString());
        }
    }

    private static String cell(Board board, boolean colour) {
        var look = switch (board.state()) {
            case READY -> new Look('?', "33");
            case MASTER_THINKS -> new Look('*', "1;34");
            case OPPONENT_THINKS -> new Look('.', "32");
            case OVER -> new Look('=', "2");
        };
        var text = String.format(Locale.ROOT, "%c%-4d ", look.symbol(), board.move());
        return colour ? "\033[" + look.colour() + "m" + text + "\033[0m" : text;
    }

    private record Look(char symbol, String colour) {}
}
