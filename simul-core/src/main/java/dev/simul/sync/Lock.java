package dev.simul.sync;

import dev.simul.Async;
import dev.simul.Contended;
import dev.simul.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that coroutines of one loop take in the order in which they asked.
 *
 * <pre>{@code
 * try (var _ = lock.hold()) {
 *     …
 * }
 * }</pre>
 *
 * <p>Cancelling a waiter removes it without losing a wake-up: if it had already been chosen, the next one is chosen in its
 * place. Nobody overtakes: who asks while others wait queues behind them, even if the lock is free at that moment. Not
 * re-entrant: a coroutine that asks for a lock it holds gets {@link IllegalStateException}, because waiting would never
 * end. Any coroutine may release, unless the lock is {@link #owned}. Taking a free lock does not let others run.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.locks.ReentrantLock}.
 *
 * @see <a href="https://docs.python.org/3/library/asyncio-sync.html#asyncio.Lock">asyncio.Lock, whose fairness rules these
 *     are</a>
 */
public final class Lock implements Contended {

    /**
     * A lock at some moment.
     *
     * @param locked whether it is held
     * @param holder who took it; null if nobody did, or a callback
     * @param waiting how many coroutines wait for it
     */
    public record Statistics(boolean locked, @Nullable Task<?> holder, int waiting) {}

    private final Home home = new Home();
    private final Waiters waiters = new Waiters(this);
    private final Hold hold = this::release;
    private final boolean owned;
    private boolean locked;
    private @Nullable Task<?> holder;
    private @Nullable EndWatch<?> watch;
    private boolean abandoned;

    /** A lock that is free, and that any coroutine may release. */
    public Lock() {
        this(false);
    }

    private Lock(boolean owned) {
        this.owned = owned;
    }

    /**
     * A lock that only the coroutine that holds it may release. If that ends without having released it, nobody can: who waits
     * for it or comes later gets {@link BrokenResourceException}.
     *
     * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#trio.Lock">trio.Lock, whose rule this is</a>
     */
    public static Lock owned() {
        return new Lock(true);
    }

    /**
     * Takes the lock; waits while it is held or others wait.
     *
     * @throws IllegalStateException if this coroutine holds it
     * @throws BrokenResourceException if it is {@link #owned} and its holder has ended
     */
    public void acquire() {
        var task = home.enter(this, "acquire()", "java.util.concurrent.locks.ReentrantLock");
        if (locked || waiters.hasLive()) {
            awaitTurn(task);
        }
        take(task);
    }

    private void take(@Nullable Task<?> task) {
        requireNotAbandoned();
        locked = true;
        holder = task;
        if (owned && task != null) {
            watch = EndWatch.over(task, this::holderEnded);
        }
    }

    private void holderEnded(EndWatch<?> ended) {
        if (ended.equals(watch)) {
            abandoned = true;
            waiters.wakeAll();
        }
    }

    private void requireNotAbandoned() {
        if (abandoned && holder != null) {
            throw new BrokenResourceException(
                    "the holder of the Lock has ended without releasing it, " + holder.name() + ": use hold()");
        }
    }

    /** For a place that some select has here. */
    void enrol(Waiter waiter) {
        waiters.add(waiter);
        if (abandoned) {
            waiter.choose();
        }
    }

    /** Takes the lock, for a place that was chosen. */
    void takeTurn(Waiter waiter) {
        waiters.remove(waiter);
        take(Async.currentTask());
    }

    private void awaitTurn(Task<?> task) {
        if (task.equals(holder)) {
            throw new IllegalStateException(
                    this + " is held by this coroutine already, and a Lock is not re-entrant: waiting would never end");
        }
        requireNotAbandoned();
        var waiter = waiters.add();
        try {
            waiter.await();
        } catch (Throwable e) {
            leave(waiter);
            throw e;
        }
        waiters.remove(waiter);
    }

    /** Gives up waiting. */
    void leave(Waiter waiter) {
        waiters.remove(waiter);
        if (!locked) {
            waiters.wakeFirst();
        }
    }

    /** Takes the lock if that needs no waiting. */
    public boolean tryAcquire() {
        home.check(this);
        if (locked || waiters.hasLive()) {
            return false;
        }
        take(Async.currentTask());
        return true;
    }

    /** {@link #acquire} for try-with-resources, whose end releases. */
    public Hold hold() {
        acquire();
        return hold;
    }

    /**
     * Lets the next waiter have the lock. It takes the lock when it runs, but nobody comes before it.
     *
     * @throws IllegalStateException if the lock is free, or owned by another coroutine
     */
    public void release() {
        home.check(this);
        if (!locked) {
            throw new IllegalStateException("release() of a Lock that nobody holds: acquire() comes first");
        }
        if (owned && holder != null && !holder.equals(Async.currentTask())) {
            throw new IllegalStateException(this + " can only be released by its holder, " + holder.name());
        }
        locked = false;
        holder = null;
        if (watch != null) {
            watch.callOff();
            watch = null;
        }
        waiters.wakeFirst();
    }

    /** Whether somebody holds the lock. Between a release and the next waiter's turn nobody does. */
    public boolean isLocked() {
        return locked;
    }

    /** Who holds the lock; null if nobody does, or a callback of the loop. */
    public @Nullable Task<?> holder() {
        return holder;
    }

    @Override
    public List<Task<?>> holders() {
        return holder == null ? List.of() : List.of(holder);
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(locked, holder, waiters.asleep());
    }

    @Override
    public String toString() {
        var state = holder != null ? "held by " + holder.name() : locked ? "held" : "free";
        return "Lock[" + state + waiters.shown() + "]";
    }
}
