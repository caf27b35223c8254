package dev.simul.sync;

/**
 * A flag for whose setting coroutines of one loop wait.
 *
 * <p>Setting it wakes all who wait, in the order in which they came; clearing it right afterwards does not send them back.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.CountDownLatch}.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html#asyncio.Event">asyncio.Event</a>
 */
public final class Event {

    /**
     * An event at some moment.
     *
     * @param set whether the flag is set
     * @param waiting how many coroutines wait for it
     */
    public record Statistics(boolean set, int waiting) {}

    private final Home home = new Home();
    private final Waiters waiters;
    private boolean set;

    /** An event that has not happened. */
    public Event() {
        waiters = new Waiters(this);
    }

    /** An event of something that is shown to those who ask what is being waited for. */
    Event(Object subject) {
        waiters = new Waiters(subject);
    }

    /** Waits until the flag is set; not at all if it is. */
    public void await() {
        home.enter(this, "await()", "java.util.concurrent.CountDownLatch");
        if (!set) {
            var waiter = waiters.add();
            try {
                waiter.await();
            } finally {
                waiters.remove(waiter);
            }
        }
    }

    /** For a place that some select has here. */
    void enrol(Waiter waiter) {
        waiters.add(waiter);
    }

    /** Sets the flag, and wakes all who wait. */
    public void set() {
        home.check(this);
        if (!set) {
            set = true;
            waiters.wakeAll();
        }
    }

    /** Takes the flag down. Who was woken goes on all the same. */
    public void clear() {
        home.check(this);
        set = false;
    }

    /** Whether the flag is set. */
    public boolean isSet() {
        return set;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(set, waiters.asleep());
    }

    @Override
    public String toString() {
        return "Event[" + (set ? "set" : "not set") + waiters.shown() + "]";
    }
}
