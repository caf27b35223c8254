package dev.simul.cli.chess;

import dev.simul.Async;
import dev.simul.LoopClock;
import java.time.Duration;

/** One board: the coroutine that plays its game, the same one whether the boards play in turn or by turns. */
final class Board {
    /** What happens at a board. */
    enum State {
        READY,
        MASTER_THINKS,
        OPPONENT_THINKS,
        OVER
    }

    private final int number;
    private final Exhibition exhibition;
    private final Master master;
    private final LoopClock clock;
    private final long start;
    private final Scoresheet sheet;
    private State state = State.READY;
    private int move = 1;

    Board(int number, Exhibition exhibition, Master master, LoopClock clock, Scoresheet sheet) {
        this.number = number;
        this.exhibition = exhibition;
        this.master = master;
        this.clock = clock;
        this.start = clock.nanos();
        this.sheet = sheet;
    }

    /** Plays the game to its end. */
    void play() throws Exception {
        var ready = Duration.ZERO;
        while (true) {
            master.comeToBoard();
            var begun = now();
            state = State.MASTER_THINKS;
            Async.sleep(exhibition.master());
            var made = now();
            master.leaveBoard();
            state = State.OPPONENT_THINKS;
            Async.sleep(exhibition.opponent());
            var replied = now();
            sheet.write(new Move(number, move, ready, begun, made, replied));
            if (move == exhibition.moves()) {
                state = State.OVER;
                return;
            }
            move++;
            ready = replied;
            state = State.READY;
        }
    }

    private Duration now() {
        return Duration.ofNanos(clock.nanos() - start);
    }

    State state() {
        return state;
    }

    /** The move being played, from 1. */
    int move() {
        return move;
    }
}
