package dev.simul.cli.chess;

import dev.simul.LoopClock;
import dev.simul.TaskGroup;
import java.util.ArrayList;
import java.util.List;

/** One way of playing an exhibition: its boards, its master, its scoresheet. */
final class Play {
    private final List<Board> boards = new ArrayList<>();
    private final Scoresheet sheet;
    private final boolean byTurns;
    private final int moves;

    Play(Exhibition exhibition, LoopClock clock, boolean byTurns) {
        this.byTurns = byTurns;
        this.moves = exhibition.games() * exhibition.moves();
        this.sheet = new Scoresheet(!byTurns);
        var master = new Master();
        for (int number = 1; number <= exhibition.games(); number++) {
            boards.add(new Board(number, exhibition, master, clock, sheet));
        }
    }

    /** Plays all boards to the end, on the loop that runs the caller. */
    Scoresheet play() throws Exception {
        if (byTurns) {
            try (var group = TaskGroup.<Void>open()) {
                for (var board : boards) {
                    group.fork(() -> {
                        board.play();
                        return null;
                    });
                }
                group.join();
            }
        } else {
            for (var board : boards) {
                board.play();
            }
        }
        return sheet;
    }

    String name() {
        return byTurns ? "by turns" : "one after the other";
    }

    /** All moves that are to be played. */
    int moves() {
        return moves;
    }

    boolean isOver() {
        return sheet.moves().size() == moves;
    }

    List<Board> boards() {
        return boards;
    }

    Scoresheet sheet() {
        return sheet;
    }
}
