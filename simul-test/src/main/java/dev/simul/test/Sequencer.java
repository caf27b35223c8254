package dev.simul.test;

import dev.simul.CancelledError;
import dev.simul.Promise;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Numbered places of a test's coroutines, which are passed in the order of their numbers: 0, 1, 2, …
 *
 * <pre>{@code
 * try (var _ = sequencer.at(1)) {
 *     …           // begins when the block at 0 has ended
 * }
 * }</pre>
 *
 * <p>Each number is good for one place. When a coroutine is cancelled that waits for its turn, the sequence is broken: nobody
 * passes any more.
 *
 * <p>Thread: the coroutines of one loop.
 *
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-testing.html#trio.testing.Sequencer">trio.testing.Sequencer</a>
 */
public final class Sequencer {

    /** A coroutine's turn, which ends with the block. */
    @FunctionalInterface
    public interface Turn extends AutoCloseable {

        /** Lets the next one begin. */
        @Override
        void close();
    }

    private final Map<Integer, Promise<Boolean>> turns = new HashMap<>();
    private final Set<Integer> taken = new HashSet<>();
    private boolean broken;

    /** A sequence that begins at 0. */
    public Sequencer() {}

    /**
     * Waits until the block at the number before has ended.
     *
     * @throws IllegalStateException if the number was used before, or the sequence is broken, also by the cancellation of this
     *     coroutine
     */
    public Turn at(int number) {
        if (number < 0) {
            throw new IllegalArgumentException("a sequence begins at 0, number was " + number);
        }
        if (broken) {
            throw new IllegalStateException("the sequence is broken");
        }
        if (!taken.add(number)) {
            throw new IllegalStateException(
                    "place " + number + " of the sequence was taken before: use each number once");
        }
        if (number > 0) {
            await(number);
        }
        return () -> turn(number + 1).complete(true);
    }

    private void await(int number) {
        try {
            turn(number).join();
        } catch (CancelledError e) {
            broken = true;
            turns.values().forEach(turn -> turn.complete(true));
            throw new IllegalStateException(
                    "cancelled while waiting for place " + number + ": the sequence is broken", e);
        }
        if (broken) {
            throw new IllegalStateException("the sequence is broken");
        }
    }

    private Promise<Boolean> turn(int number) {
        return turns.computeIfAbsent(number, _ -> new Promise<>("place " + number + " of the sequence"));
    }
}
