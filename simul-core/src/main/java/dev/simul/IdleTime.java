package dev.simul;

import java.time.Duration;
import java.util.List;

/**
 * The time in which nobody in a loop can run.
 *
 * <p>It ends with the next timer or with what other threads send; for those who wait for nothing but quiet, when it has
 * lasted for as long as they said. Loop thread only.
 */
final class IdleTime {
    private final EventLoop loop;
    private final Inbox inbox;
    final Quiet quiet = new Quiet();

    IdleTime(EventLoop loop, Inbox inbox) {
        this.loop = loop;
        this.inbox = inbox;
    }

    /** Waits until somebody can run; it may return before, so look again. */
    void pass() {
        if (quiet.isAwaited() && inbox.isEmpty() && !isTimerWithin(quiet.cushion())) {
            if (stayQuiet(quiet.cushion())) {
                quiet.tell();
            }
            return; // if not, look again: somebody may run now, or the wait returned for no reason
        }
        var first = loop.timers.first();
        if (!(loop.clock instanceof VirtualClock virtual)) {
            long wait = first == null ? Long.MAX_VALUE : loop.clock.realNanosUntil(first.when);
            if (wait > 0) {
                awaitInbox(wait);
            }
        } else if (loop.blockedTasks > 0 || loop.outsideWork > 0) {
            awaitInbox(Long.MAX_VALUE);
        } else if (inbox.isEmpty()) {
            if (first == null) {
                throw deadlock();
            }
            virtual.jumpTo(first.when);
        }
    }

    private void awaitInbox(long nanos) {
        if (loop.instruments != null) {
            loop.instruments.tell(instrument -> instrument.beforeWait(Duration.ofNanos(nanos)));
        }
        loop.idle = true;
        inbox.await(nanos);
        loop.idle = false;
        Watchdog.wake();
        if (loop.instruments != null) {
            loop.instruments.tell(Instrument::afterWait);
        }
    }

    /** Whether a timer goes off before a time has passed that is not zero. */
    private boolean isTimerWithin(long cushion) {
        var first = loop.timers.first();
        return cushion > 0 && first != null && first.when <= loop.timeAfter(Duration.ofNanos(cushion));
    }

    /** Lets a time pass in which nobody can run; false if it has not passed, or somebody can. */
    private boolean stayQuiet(long cushion) {
        long until = loop.timeAfter(Duration.ofNanos(cushion));
        if (!(loop.clock instanceof VirtualClock virtual)) {
            return waitQuietly(loop.clock.realNanosUntil(until));
        }
        if (loop.blockedTasks > 0 || loop.outsideWork > 0) {
            return waitQuietly(cushion);
        }
        virtual.jumpTo(until);
        return true;
    }

    private boolean waitQuietly(long nanos) {
        long start = System.nanoTime();
        if (nanos > 0) {
            awaitInbox(nanos);
        }
        return inbox.isEmpty() && System.nanoTime() - start >= nanos;
    }

    private IllegalStateException deadlock() {
        var tree = TaskTree.of(List.of(LoopSight.of(loop, "deadlocked", true, true)));
        return new IllegalStateException("deadlock: no task can run, no timer is set and no outside work is pending"
                + " (what another thread completes must be made with Promise.outside)\n"
                + tree.toString().strip());
    }
}
