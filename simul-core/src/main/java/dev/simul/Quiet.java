package dev.simul;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Who waits until nobody in a loop can run. Loop thread only. */
final class Quiet {

    private record Waiter(long cushion, Promise<@Nullable Void> told) {}

    private final Queue<Waiter> waiters = new PriorityQueue<>(1, Comparator.comparingLong(Waiter::cushion));

    Promise<@Nullable Void> next(long cushion) {
        var waiter = new Waiter(Math.max(0, cushion), new Promise<>("all others to be blocked"));
        waiters.add(waiter);
        return waiter.told;
    }

    boolean isAwaited() {
        for (var first = waiters.peek(); first != null && first.told.isDone(); first = waiters.peek()) {
            waiters.remove(); // cancelled
        }
        return !waiters.isEmpty();
    }

    /** The shortest time that somebody waits for. Only while somebody waits. */
    long cushion() {
        return waiters.element().cushion;
    }

    /** Wakes those who wait for the shortest time. */
    void tell() {
        long shortest = cushion();
        while (!waiters.isEmpty() && cushion() == shortest) {
            waiters.remove().told.complete(null);
        }
    }
}
