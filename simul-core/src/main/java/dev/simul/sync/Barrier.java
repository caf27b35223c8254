package dev.simul.sync;

import java.util.concurrent.BrokenBarrierException;

// asyncio.Barrier, state by state. While a round is let out nobody comes in: who calls await() again at once waits at
// the door for the next round. So a fast coroutine cannot be counted twice in one round.

/**
 * A place where coroutines of one loop wait until as many as agreed have come.
 *
 * <p>When the last one comes all go on, and the barrier can be used for the next round. A waiter that is cancelled leaves,
 * and the others wait for another to come in its place; it does not break the barrier as in the JDK.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.CyclicBarrier}.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html#asyncio.Barrier">asyncio.Barrier</a>
 */
public final class Barrier {

    /**
     * A barrier at some moment.
     *
     * @param parties how many coroutines make a round
     * @param waiting how many of the present round have come
     * @param broken whether {@link Barrier#abort} was called
     */
    public record Statistics(int parties, int waiting, boolean broken) {}

    private enum State {
        FILLING,
        DRAINING,
        RESETTING,
        BROKEN
    }

    private final Condition changed = new Condition(new Lock(), this);
    private final int parties;
    private State state = State.FILLING;
    private int inside;

    /**
     * A barrier for rounds of {@code parties} coroutines.
     *
     * @param parties 1 or more
     */
    public Barrier(int parties) {
        if (parties < 1) {
            throw new IllegalArgumentException("parties must be 1 or more, was " + parties);
        }
        this.parties = parties;
    }

    /**
     * Waits until {@link #parties} coroutines have called this.
     *
     * @return a number from 0 to {@code parties - 1}, different for each of the round
     * @throws BrokenBarrierException if {@link #abort} was called, or {@link #reset} while this waited
     */
    public int await() throws BrokenBarrierException {
        try (var _ = changed.hold()) {
            changed.awaitFor(() -> state == State.FILLING || state == State.BROKEN);
            if (state == State.BROKEN) {
                throw new BrokenBarrierException("the barrier was aborted: reset() makes it usable again");
            }
            int place = inside++;
            try {
                if (inside == parties) {
                    state = State.DRAINING;
                    changed.signalAll();
                } else {
                    changed.awaitFor(() -> state != State.FILLING);
                    if (state != State.DRAINING) {
                        throw new BrokenBarrierException(
                                state == State.BROKEN ? "the barrier was aborted" : "the barrier was reset");
                    }
                }
                return place;
            } finally {
                inside--;
                if (inside == 0 && (state == State.DRAINING || state == State.RESETTING)) {
                    state = State.FILLING;
                    changed.signalAll();
                }
            }
        }
    }

    /**
     * Makes the barrier as new. Who waits in the present round, or has not left the last one, gets
     * {@link BrokenBarrierException}; who waits at the door for the next round is in it.
     */
    public void reset() {
        try (var _ = changed.hold()) {
            state = inside > 0 ? State.RESETTING : State.FILLING;
            changed.signalAll();
        }
    }

    /** Breaks the barrier until the next {@link #reset}: all who wait and all who come get {@link BrokenBarrierException}. */
    public void abort() {
        try (var _ = changed.hold()) {
            state = State.BROKEN;
            changed.signalAll();
        }
    }

    /** How many coroutines make a round. */
    public int parties() {
        return parties;
    }

    /** How many of the present round have come; 0 while the last one is let out. */
    public int waiting() {
        return state == State.FILLING ? inside : 0;
    }

    /** Whether it was aborted, and not reset. */
    public boolean isBroken() {
        return state == State.BROKEN;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(parties, waiting(), isBroken());
    }

    @Override
    public String toString() {
        return "Barrier[" + inside + " of " + parties + (state == State.FILLING ? "" : ", " + shown()) + "]";
    }

    private String shown() {
        return switch (state) {
            case FILLING -> "filling";
            case DRAINING -> "draining";
            case RESETTING -> "resetting";
            case BROKEN -> "broken";
        };
    }
}
