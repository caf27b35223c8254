package dev.simul;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

// An ordinary virtual thread and a baton
//
// `turn` says who may run: the driver or the body. Whoever gives the turn away writes it and unparks the other, then
// parks until it is back. Both re-check after each return from park, so a stray unpark is harmless; an interrupt would
// make park return at once for ever, so it is cleared while waiting and put back before going on.
//
// `driver` is written by the driver before `turn`, and read by the body after it has read `turn`; `waiter` the other
// way round: the volatile orders them. The waiter is the strand's own thread, or that of a strand which the body
// drives and whose body waits in its stead.
//
// Cheapest when the driver is a virtual thread too: giving the turn away is then a push on the carrier's own queue,
// about 1 us there and back, where a platform thread has to be woken by the operating system, 15 to 20 us. Spinning
// before parking was tried for that case: on a busy machine it made it three times slower, because the side that spins
// keeps the other from its processor.
final class DefaultSchedulerStrand extends Strand {
    private enum Turn {
        NEW,
        DRIVER,
        BODY,
        ENDED
    }

    /** How often a driver that was interrupted looks whether the body has blocked since, and is to be interrupted. */
    private static final long LOOK_AGAIN_NANOS = 10_000_000;

    private final Thread thread;
    private @Nullable Thread driver;
    private Thread waiter;
    private volatile Turn turn = Turn.NEW;

    DefaultSchedulerStrand(Owner owner, @Nullable String name) {
        super(owner);
        var builder = Thread.ofVirtual().uncaughtExceptionHandler(this);
        thread = (name == null ? builder : builder.name(name)).unstarted(this);
        waiter = thread;
    }

    @Override
    void resume() {
        passTurn(false);
    }

    @Override
    void drive() {
        passTurn(true);
    }

    private void passTurn(boolean interruptible) {
        driver = Thread.currentThread();
        var fresh = turn == Turn.NEW;
        turn = Turn.BODY;
        if (fresh) {
            thread.start();
        } else {
            LockSupport.unpark(waiter);
        }
        var interrupted = false;
        while (turn == Turn.BODY) {
            if (interrupted && interruptible) {
                LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
            } else {
                LockSupport.park(this);
            }
            interrupted |= Thread.interrupted();
            if (interrupted && interruptible && isBlocked()) {
                thread.interrupt();
                interrupted = false;
            }
        }
        if (interrupted) {
            driver.interrupt();
        }
    }

    /** A guess: the body may also be on its way into suspend(), and will then find the interrupt when resumed. */
    private boolean isBlocked() {
        return switch (thread.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> turn == Turn.BODY;
            default -> false;
        };
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
        waiter = Thread.currentThread();
        giveTurn(Turn.DRIVER);
        var interrupted = false;
        while (turn == Turn.DRIVER) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveTurn(Turn next) {
        var waiting = driver;
        turn = next;
        LockSupport.unpark(waiting);
    }

    /** Nothing to gain: any thread may drive. */
    @Override
    boolean runMeanwhile(Strand other) {
        return false;
    }

    @Override
    void interrupt() {
        thread.interrupt();
    }

    @Override
    void unparkDriver() {
        LockSupport.unpark(driver);
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

    /** A driver parks with the strand it drives as the blocker; who suspends a strand parks with that one, as its waiter. */
    @Override
    @SuppressWarnings("ReferenceEquality") // threads
    @Nullable
    Strand guest() {
        // One that has just given its turn away may still be on its way into park().
        for (int i = 0;
                i < 100 && thread.getState() == Thread.State.RUNNABLE && thread != Thread.currentThread();
                i++) {
            LockSupport.parkNanos(10_000);
        }
        return LockSupport.getBlocker(thread) instanceof DefaultSchedulerStrand other && other.waiter != thread
                ? other
                : null;
    }
}
