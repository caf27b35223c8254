package dev.simul.sync;

/**
 * A number of permits that coroutines of one loop take in the order in which they asked.
 *
 * <p>A released permit belongs to the first waiter from that moment: nobody overtakes. A waiter that is cancelled after it
 * was given a permit passes it on. Permits have no owner, so any coroutine or callback may release, also more than there
 * were; {@link BoundedSemaphore} refuses that. Taking a free permit does not let others run.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.Semaphore}.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html#asyncio.Semaphore">asyncio.Semaphore</a>
 * @see CapacityLimiter
 */
public sealed class Semaphore permits BoundedSemaphore {

    /**
     * A semaphore at some moment.
     *
     * @param permits how many are free
     * @param waiting how many coroutines wait for one
     */
    public record Statistics(int permits, int waiting) {}

    private final Home home = new Home();
    private final Waiters waiters = new Waiters(this);
    private final Hold hold = this::release;
    private int permits;

    /** A semaphore with one permit. */
    public Semaphore() {
        this(1);
    }

    /**
     * A semaphore with some permits.
     *
     * @param permits 0 or more
     */
    public Semaphore(int permits) {
        if (permits < 0) {
            throw new IllegalArgumentException("permits must be 0 or more, was " + permits);
        }
        this.permits = permits;
    }

    /** Takes a permit; waits while there is none or others wait. */
    public final void acquire() {
        home.enter(this, "acquire()", "java.util.concurrent.Semaphore");
        if (isLocked()) {
            awaitPermit();
        } else {
            permits--;
        }
    }

    private void awaitPermit() {
        var waiter = waiters.add();
        try {
            waiter.await();
        } catch (Throwable e) {
            leave(waiter, waiter.isChosen());
            throw e;
        }
        leave(waiter, false);
    }

    /** For a place that some select has here. */
    final void enrol(Waiter waiter) {
        waiters.add(waiter);
    }

    /** Leaves the queue, with the permit if one was given, or without and giving it back. */
    final void leave(Waiter waiter, boolean givingBack) {
        if (givingBack) {
            permits++;
        }
        waiters.remove(waiter);
        while (permits > 0 && wakeNext()) {
            // Those who came while a permit was free but others stood before them.
        }
    }

    /** Gives a free permit to the next waiter. */
    private boolean wakeNext() {
        if (waiters.wakeNext()) {
            permits--;
            return true;
        }
        return false;
    }

    /** Takes a permit if that needs no waiting. */
    public final boolean tryAcquire() {
        home.check(this);
        if (isLocked()) {
            return false;
        }
        permits--;
        return true;
    }

    /** {@link #acquire} for try-with-resources, whose end releases. */
    public final Hold hold() {
        acquire();
        return hold;
    }

    /** Gives a permit to the next waiter, or to whoever asks next. */
    public void release() {
        home.check(this);
        permits++;
        wakeNext();
    }

    /** Whether {@link #acquire} would wait: there is no permit, or others wait. */
    public final boolean isLocked() {
        return permits == 0 || waiters.hasLive();
    }

    /** How many permits are free. Some may be on their way to coroutines that wait. */
    public final int permits() {
        return permits;
    }

    /** How it is at this moment. */
    public final Statistics statistics() {
        return new Statistics(permits, waiters.asleep());
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + permits + " free" + waiters.shown() + "]";
    }
}
