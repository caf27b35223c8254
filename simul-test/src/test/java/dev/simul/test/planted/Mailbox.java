package dev.simul.test.planted;

import static dev.simul.Async.sleep;

import dev.simul.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A lost wake-up: between the look at the letters and the promise by which it is woken, the reader lets others run. */
final class Mailbox {

    private final boolean mended;
    private final Queue<String> letters = new ArrayDeque<>();
    private @Nullable Promise<Integer> arrival;

    Mailbox(boolean mended) {
        this.mended = mended;
    }

    void post(String letter) {
        letters.add(letter);
        if (arrival != null) {
            arrival.complete(letters.size());
        }
    }

    String read() throws Exception {
        while (letters.isEmpty()) {
            if (mended) {
                note();
                if (!letters.isEmpty()) {
                    break;
                }
            }
            var next = new Promise<Integer>("a letter");
            if (!mended) {
                note();
            }
            arrival = next;
            next.await();
            arrival = null;
        }
        return letters.remove();
    }

    /** Counts, logs, asks a service: whatever waits a little. */
    private static void note() {
        sleep(Duration.ZERO);
    }
}
