package dev.simul.test.planted;

import static dev.simul.Async.sleep;

import dev.simul.sync.Lock;
import java.time.Duration;

/** Check, then act: whether there is a ticket is asked before the payment, and not again after it. */
final class TicketShop {

    private final Lock counter = new Lock();
    private final boolean mended;
    private int left;
    private int sold;

    TicketShop(int tickets, boolean mended) {
        this.left = tickets;
        this.mended = mended;
    }

    boolean buy() {
        if (!mended) {
            return buyUnguarded();
        }
        try (var _ = counter.hold()) {
            return buyUnguarded();
        }
    }

    private boolean buyUnguarded() {
        if (left == 0) {
            return false;
        }
        pay();
        left--;
        sold++;
        return true;
    }

    private static void pay() {
        sleep(Duration.ofMillis(5));
    }

    int sold() {
        return sold;
    }
}
