package dev.simul.cli.chess;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The exhibition by turns as an operations researcher would simulate it: a list of arrivals in order of time and one
 * server. Shares no code with the coroutines it checks.
 */
final class EventList {
    private record Arrival(long at, long order, int board, int move) {}

    private EventList() {}

    static List<Move> byTurns(Exhibition exhibition) {
        long master = exhibition.master().toNanos();
        long opponent = exhibition.opponent().toNanos();
        var arrivals =
                new PriorityQueue<Arrival>(Comparator.comparingLong(Arrival::at).thenComparingLong(Arrival::order));
        long order = 0;
        for (int board = 1; board <= exhibition.games(); board++) {
            arrivals.add(new Arrival(0, order++, board, 1));
        }
        var moves = new ArrayList<Move>();
        long free = 0;
        while (!arrivals.isEmpty()) {
            var next = arrivals.remove();
            long begun = Math.max(free, next.at());
            free = begun + master;
            long replied = free + opponent;
            moves.add(new Move(next.board(), next.move(), nanos(next.at()), nanos(begun), nanos(free), nanos(replied)));
            if (next.move() < exhibition.moves()) {
                arrivals.add(new Arrival(replied, order++, next.board(), next.move() + 1));
            }
        }
        return moves;
    }

    private static Duration nanos(long nanos) {
        return Duration.ofNanos(nanos);
    }
}
