package dev.simul.cli.chess;

import java.time.Duration;

/**
 * What is played: so many games of so many moves, and how long the master and his opponents think about each.
 *
 * <p>In a move the master thinks and moves, then the opponent thinks and replies. All boards are ready for the master's
 * first move when the exhibition begins.
 */
record Exhibition(int games, int moves, Duration master, Duration opponent) {
    /** One board after the other: each game takes both players' time, and nothing overlaps. */
    Duration oneAfterTheOther() {
        return master.plus(opponent).multipliedBy(moves).multipliedBy(games);
    }

    /** The time the master thinks, however the boards are played. */
    Duration masterThinks() {
        return master.multipliedBy(moves).multipliedBy(games);
    }
}
