package dev.simul.sync;

import dev.simul.Async;
import dev.simul.Contended;
import dev.simul.Limiter;
import dev.simul.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A number of tokens that are lent, first come first served, to borrowers who are known.
 *
 * <p>Unlike a {@link Semaphore} it knows who has one: nobody borrows two, nobody gives back what he has not got, and its
 * total can be changed while it is in use. The borrower is the coroutine itself, or any object on whose behalf it asks.
 *
 * <p>Thread: the loop's.
 *
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#trio.CapacityLimiter">trio.CapacityLimiter</a>
 */
public final class CapacityLimiter implements Contended, Limiter {

    /**
     * A limiter at some moment.
     *
     * @param totalTokens how many may be lent at a time
     * @param borrowers who has one, longest first
     * @param waiting how many coroutines wait for one
     */
    public record Statistics(int totalTokens, List<Object> borrowers, int waiting) {

        /** How many are lent. */
        public int borrowedTokens() {
            return borrowers.size();
        }
    }

    /** The total of a limiter that never makes anybody wait. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    private final Home home = new Home();
    private final Waiters waiters = new Waiters(this);
    private final Set<Object> borrowers = new LinkedHashSet<>();
    private final Hold hold = this::release;
    private int totalTokens;

    /**
     * A limiter that lends {@code totalTokens} at a time.
     *
     * @param totalTokens 0 or more; see {@link #UNLIMITED}
     */
    public CapacityLimiter(int totalTokens) {
        this.totalTokens = checked(totalTokens);
    }

    /**
     * Borrows a token for this coroutine; waits while all are lent or others wait.
     *
     * @throws IllegalStateException if it has one
     */
    public void acquire() {
        acquireFor(home.enter(this, "acquire()", "java.util.concurrent.Semaphore"));
    }

    /**
     * Borrows a token for somebody; waits while all are lent or others wait.
     *
     * @param borrower whose {@code equals} says who is who
     * @throws IllegalStateException if the borrower has one, or waits for one
     */
    @Override
    public void acquireFor(Object borrower) {
        home.enter(this, "acquireFor(…)", "java.util.concurrent.Semaphore");
        if (!tryAcquireFor(borrower)) {
            awaitToken(borrower);
        }
    }

    private void awaitToken(Object borrower) {
        if (waiters.any(waiter -> borrower.equals(waiter.item))) {
            throw new IllegalStateException(
                    Home.nameOf(borrower) + " waits for a token of this CapacityLimiter already");
        }
        var waiter = waiters.add();
        waiter.item = borrower;
        try {
            waiter.await();
        } catch (Throwable e) {
            waiters.remove(waiter);
            if (waiter.isChosen()) {
                takeBack(borrower);
            }
            throw e;
        }
    }

    /**
     * Borrows a token for this coroutine if that needs no waiting.
     *
     * @throws IllegalStateException if it has one
     */
    public boolean tryAcquire() {
        return tryAcquireFor(self("tryAcquire()", "tryAcquireFor(…)"));
    }

    /**
     * Borrows a token for somebody if that needs no waiting.
     *
     * @throws IllegalStateException if the borrower has one
     */
    public boolean tryAcquireFor(Object borrower) {
        home.check(this);
        if (borrowers.contains(borrower)) {
            throw new IllegalStateException(
                    Home.nameOf(borrower) + " has a token of this CapacityLimiter already, and may not have two");
        }
        if (borrowers.size() >= totalTokens || !waiters.isEmpty()) {
            return false;
        }
        borrowers.add(borrower);
        return true;
    }

    /** {@link #acquire} for try-with-resources, whose end gives the token back. */
    public Hold hold() {
        acquire();
        return hold;
    }

    /**
     * Gives back the token of this coroutine.
     *
     * @throws IllegalStateException if it has none
     */
    public void release() {
        releaseFor(self("release()", "releaseFor(…)"));
    }

    /**
     * Gives back somebody's token.
     *
     * @throws IllegalStateException if the borrower has none
     */
    @Override
    public void releaseFor(Object borrower) {
        home.check(this);
        takeBack(borrower);
    }

    private void takeBack(Object borrower) {
        if (!borrowers.remove(borrower)) {
            throw new IllegalStateException(Home.nameOf(borrower) + " has no token of this CapacityLimiter");
        }
        lend();
    }

    private void lend() {
        while (borrowers.size() < totalTokens) {
            var next = waiters.pollNext();
            if (next == null) {
                break;
            }
            borrowers.add(Objects.requireNonNull(next.item));
        }
    }

    /** How many tokens may be lent at a time. */
    public int totalTokens() {
        return totalTokens;
    }

    /**
     * Changes how many tokens may be lent at a time. More tokens go to those who wait; fewer are reached when enough have
     * been given back.
     *
     * @param totalTokens 0 or more; see {@link #UNLIMITED}
     */
    public void totalTokens(int totalTokens) {
        home.check(this);
        this.totalTokens = checked(totalTokens);
        lend();
    }

    /** How many tokens are lent; more than the total if that was lowered. */
    public int borrowedTokens() {
        return borrowers.size();
    }

    /** How many tokens could be lent; negative if the total was lowered below what is lent. */
    public int availableTokens() {
        return totalTokens - borrowers.size();
    }

    @Override
    public List<Task<?>> holders() {
        List<Task<?>> tasks = new ArrayList<>();
        for (var borrower : borrowers) {
            if (borrower instanceof Task<?> task) {
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(totalTokens, List.copyOf(borrowers), waiters.asleep());
    }

    @Override
    public String toString() {
        var total = totalTokens == UNLIMITED ? "unlimited" : totalTokens;
        return "CapacityLimiter[" + borrowers.size() + " of " + total + " lent" + waiters.shown() + "]";
    }

    private static Task<?> self(String call, String forOthers) {
        var task = Async.currentTask();
        if (task == null) {
            throw new IllegalStateException(
                    call + " is for coroutines, which are their own borrowers: use " + forOthers);
        }
        return task;
    }

    private static int checked(int totalTokens) {
        if (totalTokens < 0) {
            throw new IllegalArgumentException("totalTokens must be 0 or more, was " + totalTokens);
        }
        return totalTokens;
    }
}
