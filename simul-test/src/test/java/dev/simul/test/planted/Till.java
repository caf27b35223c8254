package dev.simul.test.planted;

import static dev.simul.Async.sleep;

import dev.simul.sync.Queue;
import java.time.Duration;
import java.util.List;

/** A result lost on cancel: an order that was taken and not yet served is gone when the waiter is sent home. */
final class Till {

    private final Queue<String> orders;
    private final List<String> served;
    private final boolean mended;

    Till(Queue<String> orders, List<String> served, boolean mended) {
        this.orders = orders;
        this.served = served;
        this.mended = mended;
    }

    void serve() throws Exception {
        while (!orders.isEmpty()) {
            var order = orders.get();
            boolean done = false;
            try {
                sleep(Duration.ofMinutes(1));
                served.add(order);
                done = true;
            } finally {
                if (mended && !done) {
                    orders.tryPut(order);
                }
            }
        }
    }
}
