package dev.simul.sync;

/**
 * A queue in which coroutines of one loop wait until somebody lets them go, for locks and queues of one's own.
 *
 * <p>It has no state but who is parked: letting nobody go is not remembered. A coroutine that was let go returns normally
 * from {@link #park}, also when it was cancelled before it could run: the cancellation is delivered at its next wait. So
 * whoever lets one go can rely on it.
 *
 * <p>Thread: the loop's.
 *
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-lowlevel.html#trio.lowlevel.ParkingLot">trio's ParkingLot</a>
 */
public final class ParkingLot {

    /**
     * A lot at some moment.
     *
     * @param waiting how many coroutines are parked
     */
    public record Statistics(int waiting) {}

    private final Home home = new Home();
    private final Waiters waiters = new Waiters(this);

    /** A lot in which nobody is parked. */
    public ParkingLot() {}

    /** Waits until {@link #unpark} has come to this coroutine. */
    public void park() {
        home.enter(this, "park()", "java.util.concurrent.locks.LockSupport");
        var waiter = waiters.add();
        try {
            waiter.awaitFirmly();
        } finally {
            Waiters.leave(waiter);
        }
    }

    /** Lets the one go that has been parked longest; false if there is none. */
    public boolean unpark() {
        return unpark(1) == 1;
    }

    /**
     * Lets those go that have been parked longest.
     *
     * @return how many, at most {@code most}
     */
    public int unpark(int most) {
        home.check(this);
        int count = 0;
        while (count < most && waiters.pollNext() != null) {
            count++;
        }
        return count;
    }

    /** Lets all go; how many that were. */
    public int unparkAll() {
        return unpark(Integer.MAX_VALUE);
    }

    /**
     * Moves those that have been parked longest to the end of another lot, without waking them.
     *
     * @return how many, at most {@code most}
     */
    public int repark(ParkingLot to, int most) {
        home.check(this);
        to.home.check(to);
        int count = 0;
        for (var next = waiters.firstAsleep(); next != null && count < most; next = waiters.firstAsleep()) {
            waiters.remove(next);
            to.waiters.add(next);
            count++;
        }
        return count;
    }

    /** Moves all to another lot; how many that were. */
    public int reparkAll(ParkingLot to) {
        return repark(to, waiters.asleep());
    }

    /** How many coroutines are parked. */
    public int size() {
        return waiters.asleep();
    }

    /** Whether no coroutine is parked. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(size());
    }

    @Override
    public String toString() {
        return "ParkingLot[" + size() + " waiting]";
    }
}
