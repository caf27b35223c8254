package dev.simul.cli.chess;

import static dev.simul.cli.ClockTime.brief;
import static dev.simul.cli.ClockTime.clock;

import java.util.List;
import java.util.Locale;

/** A {@link Comparison} as a table for people. */
final class Figures {
    static final List<String> COLUMNS =
            List.of("way", "last move made", "last reply", "master done", "longest wait", "mean wait");

    private Figures() {}

    static String text(Comparison comparison) {
        var text = new StringBuilder(intro(comparison.exhibition())).append("\n\n");
        line(text, COLUMNS);
        rows(comparison).forEach(row -> line(text, row));
        return text.toString();
    }

    static String intro(Exhibition exhibition) {
        return exhibition.games() + (exhibition.games() == 1 ? " board, " : " boards, ") + exhibition.moves()
                + (exhibition.moves() == 1 ? " move" : " moves") + " each. The master thinks "
                + brief(exhibition.master()) + " about a move, an opponent " + brief(exhibition.opponent()) + ".";
    }

    static List<List<String>> rows(Comparison comparison) {
        return List.of(row("one after the other", comparison.sequential()), row("by turns", comparison.turns()));
    }

    private static List<String> row(String way, Scoresheet sheet) {
        return List.of(
                way,
                clock(sheet.lastMove()),
                clock(sheet.lastReply()),
                clock(sheet.masterDone()),
                clock(sheet.longestWait()),
                clock(sheet.meanWait()));
    }

    private static void line(StringBuilder text, List<String> cells) {
        text.append(String.format(Locale.ROOT, "%-19s", cells.getFirst()));
        cells.stream().skip(1).forEach(cell -> text.append(String.format(Locale.ROOT, "  %14s", cell)));
        text.append('\n');
    }
}
