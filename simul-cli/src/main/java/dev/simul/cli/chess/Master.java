package dev.simul.cli.chess;

import dev.simul.Promise;
import java.util.ArrayDeque;
import java.util.Deque;

/** The master: at one board at a time, and at the boards in the order in which they asked. Thread: the loop's. */
final class Master {
    private final Deque<Promise<Master>> waiting = new ArrayDeque<>();
    private boolean busy;

    /** Waits until he sits at the caller's board. */
    void comeToBoard() throws Exception {
        if (busy) {
            var turn = new Promise<Master>("the master's next turn");
            waiting.add(turn);
            turn.await();
        }
        busy = true;
    }

    /** Lets him go to the board that has waited longest. */
    void leaveBoard() {
        var next = waiting.poll();
        if (next == null) {
            busy = false;
        } else {
            next.complete(this); // he stays busy: nobody who comes now may pass before the one who waited
        }
    }
}
