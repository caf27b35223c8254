package dev.simul.cli.chess;

import static dev.simul.cli.ClockTime.clock;
import static dev.simul.cli.chess.Comparison.seconds;

import dev.simul.cli.Timeline;
import dev.simul.cli.Timeline.Kind;
import dev.simul.cli.Timeline.Lane;
import dev.simul.cli.Timeline.Row;
import dev.simul.cli.Timeline.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link Comparison} as a picture: the master's row, and below it a row for each board. */
final class ChessTimeline {
    /** More spans than this make a browser slow: then only the first boards get a row. */
    private static final int MOST_MOVES = 10_000;

    private ChessTimeline() {}

    static Timeline of(Comparison comparison) {
        var exhibition = comparison.exhibition();
        int boards = Math.clamp(MOST_MOVES / exhibition.moves(), 1, exhibition.games());
        var intro =
                Figures.intro(exhibition) + (boards < exhibition.games() ? " Drawn: the first " + boards + "." : "");
        return new Timeline(
                "One master, " + exhibition.games() + (exhibition.games() == 1 ? " board" : " boards"),
                intro,
                Map.of(
                        Kind.WORK,
                        "master thinks",
                        Kind.WAIT,
                        "opponent thinks",
                        Kind.QUEUED,
                        "board waits for the master"),
                List.of(
                        lane("One board after the other", comparison.sequential(), boards),
                        lane("By turns", comparison.turns(), boards)),
                Figures.COLUMNS,
                Figures.rows(comparison),
                comparison.verdict());
    }

    private static Lane lane(String name, Scoresheet sheet, int boards) {
        var master = new ArrayList<Span>();
        var rows = new ArrayList<List<Span>>();
        for (int board = 0; board < boards; board++) {
            rows.add(new ArrayList<>());
        }
        for (var move : sheet.moves()) {
            var label = "move " + move.number();
            double begun = seconds(move.begun());
            double made = seconds(move.made());
            if (move.board() > boards) {
                continue;
            }
            master.add(new Span("board " + move.board() + ", " + label, begun, made, Kind.WORK));
            var row = rows.get(move.board() - 1);
            if (!move.waited().isZero()) {
                row.add(new Span(label, seconds(move.ready()), begun, Kind.QUEUED));
            }
            row.add(new Span(label, begun, made, Kind.WORK));
            row.add(new Span(label, made, seconds(move.replied()), Kind.WAIT));
        }
        var drawn = new ArrayList<Row>();
        drawn.add(new Row("master", 3, master));
        for (int board = 0; board < boards; board++) {
            drawn.add(new Row("board " + (board + 1), rows.get(board)));
        }
        var note = "last move made at " + clock(sheet.lastMove()) + ", last reply at " + clock(sheet.lastReply());
        return new Lane(name, clock(sheet.lastReply()), note, seconds(sheet.lastReply()), drawn);
    }
}
