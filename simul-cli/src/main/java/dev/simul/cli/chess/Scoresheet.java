package dev.simul.cli.chess;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** What was played in one of the two ways, move by move, and what follows from it. */
final class Scoresheet {
    private final boolean masterStays;
    private final List<Move> moves = new ArrayList<>();

    /** @param masterStays whether the master sits at a board until the reply, or leaves it when he has moved */
    Scoresheet(boolean masterStays) {
        this.masterStays = masterStays;
    }

    void write(Move move) {
        moves.add(move);
    }

    /** In the order in which the replies came. */
    List<Move> moves() {
        return moves;
    }

    /** The master made his last move. */
    Duration lastMove() {
        return latest(Move::made);
    }

    /** The last opponent replied: the exhibition is over. */
    Duration lastReply() {
        return latest(Move::replied);
    }

    /** The master may go home: after his last move, or after the last reply if he waits for each. */
    Duration masterDone() {
        return masterStays ? lastReply() : lastMove();
    }

    /** The longest that a board waited for the master. */
    Duration longestWait() {
        return latest(Move::waited);
    }

    /** How long a board waited for the master, on average over all moves. */
    Duration meanWait() {
        var nanos = BigDecimal.ZERO;
        for (var move : moves) {
            nanos = nanos.add(BigDecimal.valueOf(move.waited().toNanos()));
        }
        var mean = nanos.divide(BigDecimal.valueOf(Math.max(1, moves.size())), RoundingMode.HALF_UP);
        return Duration.ofNanos(mean.longValueExact());
    }

    private Duration latest(Function<Move, Duration> moment) {
        return moves.stream().map(moment).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
    }
}
