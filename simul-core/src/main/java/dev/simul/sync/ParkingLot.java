package dev.simul.sync;

import dev.simul.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A queue in which coroutines of one loop wait until somebody lets them go, for locks and queues of one's own.
 *
 * <p>It has no state but who is parked: letting nobody go is not remembered. A coroutine that was let go returns normally
 * from {@link #park}, also when it was cancelled before it could run: the cancellation is delivered at its next wait. So
 * whoever lets one go can rely on it.
 *
 * <p>If it depends on a task that somebody is let go, the lot can be {@linkplain #addBreaker broken} with the end of that
 * task: who is parked then, or comes later, gets {@link BrokenResourceException} instead of waiting for ever.
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
    private final List<Task<?>> brokenBy = new ArrayList<>();
    private final List<EndWatch<?>> breakers = new ArrayList<>();

    /** A lot in which nobody is parked. */
    public ParkingLot() {}

    /**
     * Waits until {@link #unpark} has come to this coroutine.
     *
     * @throws BrokenResourceException if the lot is broken, also while this waits
     */
    public void park() {
        home.enter(this, "park()", "java.util.concurrent.locks.LockSupport");
        if (isBroken()) {
            throw broken();
        }
        var waiter = waiters.add();
        try {
            waiter.awaitFirmly();
        } finally {
            Waiters.leave(waiter);
        }
        if (waiter.item != null) {
            throw (BrokenResourceException) waiter.item;
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
     * @throws BrokenResourceException if the other lot is broken
     */
    public int repark(ParkingLot to, int most) {
        home.check(this);
        to.home.check(to);
        if (to.isBroken()) {
            throw to.broken();
        }
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

    /** {@link #breakLot(Task)} by the present coroutine. */
    public void breakLot() {
        breakLot(home.enter(this, "breakLot()", "java.util.concurrent.Phaser"));
    }

    /**
     * Lets nobody park here any more: who is parked or comes later gets {@link BrokenResourceException}. It may be done again,
     * by the same or another task.
     *
     * @param by the task because of which nobody would be let go, for error texts; it may have ended
     */
    public void breakLot(Task<?> by) {
        home.check(this);
        brokenBy.add(by);
        for (var next = waiters.pollNext(); next != null; next = waiters.pollNext()) {
            next.item = broken();
        }
    }

    /**
     * Has the lot broken when a task ends, because only that one would have let others go. Doing it twice needs two
     * {@link #removeBreaker}.
     *
     * @throws BrokenResourceException if the task has ended
     */
    public void addBreaker(Task<?> task) {
        home.check(this);
        if (task.isDone()) {
            throw new BrokenResourceException(task.name() + " has ended already: use breakLot(task)");
        }
        breakers.add(EndWatch.over(task, this::breakerEnded));
    }

    private void breakerEnded(EndWatch<?> breaker) {
        if (breakers.remove(breaker)) {
            breakLot(breaker.task());
        }
    }

    /**
     * Takes {@link #addBreaker} back: the task may end.
     *
     * @throws IllegalStateException if the task is not registered
     */
    public void removeBreaker(Task<?> task) {
        home.check(this);
        for (var breaker : breakers) {
            if (breaker.task().equals(task)) {
                breakers.remove(breaker);
                breaker.callOff();
                return;
            }
        }
        throw new IllegalStateException(task.name() + " does not break this ParkingLot: addBreaker(…) comes first");
    }

    /** The tasks because of which the lot is broken, in the order in which they broke it; empty if it is not. */
    public List<Task<?>> brokenBy() {
        return List.copyOf(brokenBy);
    }

    /** Whether nobody can park here any more. */
    public boolean isBroken() {
        return !brokenBy.isEmpty();
    }

    private BrokenResourceException broken() {
        return new BrokenResourceException("nobody can park in a ParkingLot that was broken by "
                + brokenBy.stream().map(Task::name).collect(Collectors.joining(", ")));
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
        return "ParkingLot[" + size() + " waiting" + (isBroken() ? ", broken]" : "]");
    }
}
