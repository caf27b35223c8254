package dev.simul.cli.chess;

import java.time.Duration;

/**
 * One move on one board, in times since the exhibition began.
 *
 * @param board from 1
 * @param number from 1
 * @param ready the board began to wait for the master
 * @param begun the master sat down
 * @param made the master had moved
 * @param replied the opponent had replied
 */
record Move(int board, int number, Duration ready, Duration begun, Duration made, Duration replied) {
    /** How long the board waited for the master. */
    Duration waited() {
        return begun.minus(ready);
    }
}
