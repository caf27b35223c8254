package dev.simul.sync;

import dev.simul.CancelScope;
import dev.simul.CancelledError;
import dev.simul.Task;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A lock whose holder can wait until another holder signals that something has changed.
 *
 * <p>Who waits has given the lock back, and has it again when the waiting ends, in whatever way: also a cancelled waiter
 * comes out only when it holds the lock. A waiter that is cancelled after it was signalled passes the signal on.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.locks.Condition}.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html#asyncio.Condition">asyncio.Condition</a>; the names are
 *     the JDK's, as every object has a {@code wait} and a {@code notify} already
 */
public final class Condition {

    /**
     * A condition at some moment.
     *
     * @param waiting how many coroutines wait for a signal
     * @param lock the lock's
     */
    public record Statistics(int waiting, Lock.Statistics lock) {}

    private final Home home = new Home();
    private final Waiters waiters;
    private final Lock lock;

    /** A condition with a lock of its own. */
    public Condition() {
        this(new Lock());
    }

    /** A condition of a lock, which may have several. */
    public Condition(Lock lock) {
        this.lock = lock;
        this.waiters = new Waiters(this);
    }

    /** A condition of something that is shown to those who ask what is being waited for. */
    Condition(Lock lock, Object subject) {
        this.lock = lock;
        this.waiters = new Waiters(subject);
    }

    /** Takes the lock: {@link Lock#acquire}. */
    public void acquire() {
        lock.acquire();
    }

    /** Takes the lock if that needs no waiting: {@link Lock#tryAcquire}. */
    public boolean tryAcquire() {
        return lock.tryAcquire();
    }

    /** Takes the lock for a block: {@link Lock#hold}. */
    public Hold hold() {
        return lock.hold();
    }

    /** Gives the lock back: {@link Lock#release}. */
    public void release() {
        lock.release();
    }

    /** Whether somebody holds the lock. */
    public boolean isLocked() {
        return lock.isLocked();
    }

    /**
     * Gives the lock back, waits for a signal, and takes the lock again.
     *
     * @throws IllegalStateException if nobody holds the lock
     */
    public void await() {
        home.enter(this, "await()", "java.util.concurrent.locks.Condition");
        requireLocked("await()");
        var waiter = waiters.add();
        try {
            lock.release();
            try {
                waiter.await();
            } finally {
                waiters.remove(waiter);
                acquireWhateverHappens();
            }
        } catch (Throwable e) {
            waiters.remove(waiter);
            waiters.wake(1); // the one that was meant for this waiter, if there was one; one too many does no harm
            throw e;
        }
    }

    private void acquireWhateverHappens() {
        CancelledError latest = null;
        while (true) {
            try {
                lock.acquire();
                break;
            } catch (CancelledError e) {
                latest = e;
                if (Waiter.isScopeCancelled()) { // and would end every wait for the lock at once
                    acquireShielded();
                    break;
                }
            }
        }
        if (latest != null) {
            throw latest;
        }
    }

    private void acquireShielded() {
        try {
            CancelScope.shielded().run(lock::acquire);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("acquire() throws nothing checked", e);
        }
    }

    /** Waits, as often as needed, until {@code predicate} holds; not at all, and without the lock, if it does. */
    public void awaitFor(BooleanSupplier predicate) {
        while (!predicate.getAsBoolean()) {
            await();
        }
    }

    /**
     * Wakes the coroutine that has waited longest, if one waits. It goes on when it has the lock.
     *
     * @throws IllegalStateException if nobody holds the lock
     */
    public void signal() {
        signal(1);
    }

    /**
     * Wakes the {@code most} coroutines that have waited longest.
     *
     * @throws IllegalStateException if nobody holds the lock
     */
    public void signal(int most) {
        home.check(this);
        requireLocked("signal");
        waiters.wake(most);
    }

    /**
     * Wakes all that wait.
     *
     * @throws IllegalStateException if nobody holds the lock
     */
    public void signalAll() {
        signal(Integer.MAX_VALUE);
    }

    private void requireLocked(String call) {
        if (!lock.isLocked()) {
            throw new IllegalStateException(call + " needs the lock of the Condition: acquire() comes first");
        }
    }

    /** Who holds the lock; null if nobody does, or a callback of the loop. */
    public @Nullable Task<?> holder() {
        return lock.holder();
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(waiters.asleep(), lock.statistics());
    }

    @Override
    public String toString() {
        return "Condition[" + lock + waiters.shown() + "]";
    }
}
