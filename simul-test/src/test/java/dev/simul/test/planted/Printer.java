package dev.simul.test.planted;

import static dev.simul.Async.sleep;
import static dev.simul.Async.timeout;

import dev.simul.sync.Semaphore;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** A double release: whoever gives up waiting for the printer gives back what he never had. */
final class Printer {

    private final Semaphore free = new Semaphore(1);
    private final boolean mended;
    private int printing;
    private int mostAtOnce;

    Printer(boolean mended) {
        this.mended = mended;
    }

    boolean print() throws Exception {
        if (mended) {
            try {
                timeout(Duration.ofSeconds(30), free::acquire);
            } catch (TimeoutException e) {
                return false;
            }
            try {
                work();
                return true;
            } finally {
                free.release();
            }
        }
        try {
            timeout(Duration.ofSeconds(30), free::acquire);
            work();
            return true;
        } catch (TimeoutException e) {
            return false;
        } finally {
            free.release();
        }
    }

    private void work() {
        printing++;
        mostAtOnce = Math.max(mostAtOnce, printing);
        try {
            sleep(Duration.ofSeconds(1));
        } finally {
            printing--;
        }
    }

    int mostAtOnce() {
        return mostAtOnce;
    }
}
