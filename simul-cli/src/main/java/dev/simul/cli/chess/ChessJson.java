package dev.simul.cli.chess;

import java.math.BigDecimal;
import java.time.Duration;

/** A {@link Comparison} as one JSON object; all times are seconds, exact to the nanosecond. */
final class ChessJson {
    private ChessJson() {}

    static String of(Comparison comparison, boolean realClock) {
        var exhibition = comparison.exhibition();
        return """
                {"games": %s, "moves": %s, "master": %s, "opponent": %s, "clock": "%s",
                 "sequential": %s,
                 "turns": %s}""".formatted(
                        exhibition.games(),
                        exhibition.moves(),
                        seconds(exhibition.master()),
                        seconds(exhibition.opponent()),
                        realClock ? "real" : "virtual",
                        way(comparison.sequential()),
                        way(comparison.turns()));
    }

    private static String way(Scoresheet sheet) {
        return """
                {"masterDone": %s, "lastMove": %s, "lastReply": %s, "longestWait": %s, "meanWait": %s}""".formatted(
                        seconds(sheet.masterDone()),
                        seconds(sheet.lastMove()),
                        seconds(sheet.lastReply()),
                        seconds(sheet.longestWait()),
                        seconds(sheet.meanWait()));
    }

    private static String seconds(Duration duration) {
        if (duration.isZero()) {
            return "0";
        }
        return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString();
    }
}
