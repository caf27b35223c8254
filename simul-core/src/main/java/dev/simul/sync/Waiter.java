package dev.simul.sync;

import dev.simul.Async;
import dev.simul.CancelScope;
import dev.simul.CancelledError;
import dev.simul.Deadline;
import dev.simul.Outcome;
import dev.simul.Promise;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A place in a queue of coroutines that wait. Loop thread only. */
final class Waiter {

    /** Ends with the place that was chosen: a coroutine that selects has several places with one such promise. */
    final Promise<Waiter> turn;

    /** What the coroutine brings, or is given with its turn. */
    @Nullable
    Object item;

    /** The end of a channel in which it waits, if that matters. */
    @Nullable
    Object through;

    @Nullable
    Waiter before;

    @Nullable
    Waiter after;

    /** Where it stands, null if it has left. */
    @Nullable
    Waiters queue;

    Waiter(Promise<Waiter> turn) {
        this.turn = turn;
    }

    /** Parks the coroutine until it is chosen. */
    void await() {
        turn.join();
    }

    /**
     * {@link #await}, but who was chosen comes back as such: a cancellation that came too late is delivered at the next wait.
     */
    void awaitFirmly() {
        try {
            turn.join();
        } catch (CancelledError e) {
            if (!isChosen()) {
                throw e;
            }
            postpone(e);
        }
    }

    /** Has a cancellation that was caught delivered at the coroutine's next wait. */
    static void postpone(CancelledError cancellation) {
        if (isScopeCancelled()) {
            return; // every wait in it is
        }
        var task = Objects.requireNonNull(Async.currentTask());
        task.uncancel();
        task.cancel(cancellation.reason());
    }

    /** Whether the coroutine is in a cancelled scope, where it cannot wait. */
    static boolean isScopeCancelled() {
        return CancelScope.effectiveDeadline().equals(Deadline.PASSED);
    }

    /** Whether nothing has happened to it. */
    boolean isAsleep() {
        return !turn.isDone();
    }

    /** Whether it was chosen, in this place. */
    @SuppressWarnings("ReferenceEquality") // this very place
    boolean isChosen() {
        return turn.outcome() instanceof Outcome.Returned<Waiter>(Waiter chosen) && chosen == this;
    }

    /** Gives it its turn, unless something else has happened to it. */
    boolean choose() {
        return turn.complete(this);
    }
}
