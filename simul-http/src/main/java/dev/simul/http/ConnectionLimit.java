package dev.simul.http;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/** Places for requests under way, given out in the order in which they were asked for, without holding a thread. */
final class ConnectionLimit {
    private int free; // guarded by this
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>(); // guarded by this

    ConnectionLimit(int places) {
        this.free = places;
    }

    /** Completes with a place, which must be given back; a waiter that is cancelled gets none. */
    synchronized CompletableFuture<Void> take() {
        if (free > 0) {
            free--;
            return CompletableFuture.completedFuture(null);
        }
        var waiter = new CompletableFuture<Void>();
        waiting.add(waiter);
        return waiter;
    }

    void giveBack() {
        while (true) {
            CompletableFuture<Void> next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    free++;
                    return;
                }
            }
            // Outside the lock: completing starts the next request on this very thread.
            if (next.complete(null)) {
                return;
            }
        }
    }
}
