package dev.simul.cli.chess;

import static dev.simul.cli.ClockTime.clock;

import java.time.Duration;
import java.util.Locale;

/** Both ways of playing one exhibition, side by side. */
record Comparison(Exhibition exhibition, Scoresheet sequential, Scoresheet turns) {
    /** The result in words, with the reason. */
    String verdict() {
        var text = "One board after the other the master sits until the last reply: "
                + clock(sequential.lastReply()) + ". By turns his last move is made at " + clock(turns.lastMove())
                + " and the last reply comes at " + clock(turns.lastReply());
        if (exhibition.games() == 1) {
            return text + ": with one board there is nobody else to go to.";
        }
        text += String.format(
                Locale.ROOT,
                ", %.1f times sooner. He thinks no faster, he only ",
                seconds(sequential.lastReply()) / Math.max(1e-9, seconds(turns.lastReply())));
        int idle = (int) Math.round(100 * (1 - seconds(exhibition.masterThinks()) / seconds(turns.lastMove())));
        return text
                + (idle > 0
                        ? "waits less: " + idle + " % of the time no board is ready, the opponents are the bottleneck."
                        : "never waits.");
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
