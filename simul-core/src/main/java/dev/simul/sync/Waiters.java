package dev.simul.sync;

import dev.simul.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// A waiter that is chosen or cancelled is not gone: its coroutine runs later, and leaves the queue then. In between it
// keeps its place. Who only counts sees to it that nobody overtakes it (Lock, Semaphore); who hands over things skips
// it. Every waiter leaves in a finally, and who was chosen and does not use its turn passes it on.

/** Coroutines that wait for something, first come first served. Loop thread only. */
final class Waiters {

    private final Object subject;
    private @Nullable Waiter first;
    private @Nullable Waiter last;

    /** Nobody before it is asleep: who is woken keeps his place, and a crowd of those need not be looked through each time. */
    private @Nullable Waiter maybeAsleep;

    /** A queue for what {@code subject} has to give. */
    Waiters(Object subject) {
        this.subject = subject;
    }

    /** A new place at the end. */
    Waiter add() {
        return add(new Waiter(new Promise<>(subject)));
    }

    Waiter add(Waiter waiter) {
        var end = last;
        waiter.before = end;
        waiter.queue = this;
        if (end == null) {
            first = waiter;
        } else {
            end.after = waiter;
        }
        last = waiter;
        if (maybeAsleep == null) {
            maybeAsleep = waiter;
        }
        return waiter;
    }

    /** Does nothing if it has left. */
    @SuppressWarnings("ReferenceEquality") // this very queue, this very waiter
    void remove(Waiter waiter) {
        if (waiter.queue != this) {
            return;
        }
        var before = waiter.before;
        var after = waiter.after;
        if (waiter == maybeAsleep) {
            maybeAsleep = after;
        }
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        waiter.before = null;
        waiter.after = null;
        waiter.queue = null;
    }

    /** Takes it out of the queue in which it stands, if it does. */
    static void leave(Waiter waiter) {
        var queue = waiter.queue;
        if (queue != null) {
            queue.remove(waiter);
        }
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Whether one who has not been chosen is such as asked. */
    boolean any(Predicate<Waiter> such) {
        for (var waiter = first; waiter != null; waiter = waiter.after) {
            if (waiter.isAsleep() && such.test(waiter)) {
                return true;
            }
        }
        return false;
    }

    /** Whether somebody waits who will take his turn, chosen already or not. */
    boolean hasLive() {
        for (var waiter = first; waiter != null; waiter = waiter.after) {
            if (waiter.isAsleep() || waiter.isChosen()) {
                return true;
            }
        }
        return false;
    }

    /** How many have not been chosen. */
    int asleep() {
        int count = 0;
        for (var waiter = first; waiter != null; waiter = waiter.after) {
            if (waiter.isAsleep()) {
                count++;
            }
        }
        return count;
    }

    /** The first who has not been chosen, null if there is none. */
    @Nullable
    Waiter firstAsleep() {
        var waiter = maybeAsleep;
        while (waiter != null && !waiter.isAsleep()) {
            waiter = waiter.after;
        }
        maybeAsleep = waiter;
        return waiter;
    }

    /** Chooses the first in the queue, unless he is on his way already. */
    void wakeFirst() {
        if (first != null) {
            first.choose();
        }
    }

    /** Chooses the next who has not been; false if there is none. */
    boolean wakeNext() {
        var next = firstAsleep();
        return next != null && next.choose();
    }

    /** Chooses the next who has not been, and takes him and all before him out of the queue; null if there is none. */
    @Nullable
    Waiter pollNext() {
        for (var waiter = first; waiter != null; waiter = first) {
            remove(waiter);
            if (waiter.choose()) {
                return waiter;
            }
        }
        return null;
    }

    /** Chooses those who are such as asked, and takes them out of the queue. */
    List<Waiter> chooseThose(Predicate<Waiter> such) {
        List<Waiter> chosen = new ArrayList<>();
        for (var waiter = first; waiter != null; ) {
            var next = waiter.after;
            if (such.test(waiter) && waiter.choose()) {
                remove(waiter);
                chosen.add(waiter);
            }
            waiter = next;
        }
        return chosen;
    }

    /** Chooses the next {@code most} who have not been. */
    void wake(int most) {
        int left = most;
        for (var next = firstAsleep(); next != null && left > 0; next = firstAsleep()) {
            next.choose();
            left--;
        }
    }

    void wakeAll() {
        wake(Integer.MAX_VALUE);
    }

    /** For {@code toString}: how many wait, if anybody does. */
    String shown() {
        int waiting = asleep();
        return waiting == 0 ? "" : ", " + waiting + " waiting";
    }
}
