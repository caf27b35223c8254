package dev.simul;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

// An ordinary virtual thread and a baton
//
// `turn` says who may run: the driver or the body. Whoever gives the turn away writes it and unparks the other, then
// parks until it is back. Both re-check after each return from park, so a stray unpark is harmless; an interrupt would
// make park return at once for ever, so it is cleared while waiting and put back before going on.
//
// `driver` is written by the driver before `turn`, and read by the body after it has read `turn`: the volatile orders
// them.
//
// Cheapest when the driver is a virtual thread too: giving the turn away is then a push on the carrier's own queue,
// where a platform thread has to be woken by the operating system.
final class DefaultSchedulerStrand extends Strand {
    private enum Turn {
        NEW,
        DRIVER,
        BODY,
        ENDED
    }

    private final Thread thread;
    private @Nullable Thread driver;
    private volatile Turn turn = Turn.NEW;

    DefaultSchedulerStrand(Owner owner, @Nullable String name) {
        super(owner);
        var builder = Thread.ofVirtual().uncaughtExceptionHandler(this);
        thread = (name == null ? builder : builder.name(name)).unstarted(this);
    }

    @Override
    void resume() {
        driver = Thread.currentThread();
        var fresh = turn == Turn.NEW;
        turn = Turn.BODY;
        if (fresh) {
            thread.start();
        } else {
            LockSupport.unpark(thread);
        }
        var interrupted = false;
        while (turn == Turn.BODY) {
            interrupted |= parkAndClearInterrupt(this);
        }
        if (interrupted) {
            driver.interrupt();
        }
    }

    @Override
    public void run() {
        try {
            owner.run();
        } finally {
            giveTurn(Turn.ENDED);
        }
    }

    @Override
    void suspend() {
        giveTurn(Turn.DRIVER);
        var interrupted = false;
        while (turn == Turn.DRIVER) {
            interrupted |= parkAndClearInterrupt(this);
        }
        if (interrupted) {
            thread.interrupt();
        }
    }

    private void giveTurn(Turn next) {
        var waiting = driver;
        turn = next;
        LockSupport.unpark(waiting);
    }

    /** Nothing to hand over: any thread may drive, so this one does. */
    @Override
    void runMeanwhile(Strand other) {
        other.resume();
    }

    @Override
    boolean isSuspended() {
        return turn == Turn.DRIVER;
    }

    @Override
    boolean isEnded() {
        return turn == Turn.ENDED;
    }

    @Override
    Thread thread() {
        return thread;
    }
}
