package dev.simul;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

// Who wakes whom
//
// Everything in a loop belongs to its thread. Another thread that has something for the loop offers a step here, and
// if the loop was parked, unparks it once. The loop announces that it parks *before* its last look at the queue, and
// the others look for the announcement *after* their offer; both writes and both reads are volatile, so in every order
// of the four at least one of the two sees the other (Dekker): either the loop finds the step and does not park, or
// the offerer finds the announcement and unparks. Seeing each other both costs one unpark too many, which the next
// park returns from at once: the loop looks again and parks again.
//
// The announcement is taken down by compare-and-set, so of many threads that offer at the same moment one makes the
// call to the operating system. WakeUpStress among the benchmarks runs the race.

/** What other threads have for a loop, and where its thread waits for them. */
final class Inbox {

    private static final VarHandle PARKED;

    static {
        try {
            PARKED = MethodHandles.lookup().findVarHandle(Inbox.class, "parked", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

    /** The loop's thread while it is parked or about to. */
    private volatile @Nullable Thread parked;

    /** Any thread. */
    void offer(Step step) {
        steps.add(step);
        var sleeper = parked;
        if (sleeper != null && PARKED.compareAndSet(this, sleeper, null)) {
            LockSupport.unpark(sleeper);
        }
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    @Nullable
    Step poll() {
        return steps.poll();
    }

    /** Loop thread. */
    void drainTo(ReadyQueue ready, Timers timers) {
        for (var step = steps.poll(); step != null; step = steps.poll()) {
            if (step instanceof Timer timer) {
                timers.add(timer);
            } else {
                ready.add(step);
            }
        }
    }

    /** Loop thread: parks until there is a step, the time has passed, or an interrupt comes; or for no reason at all. */
    void await(long nanos) {
        parked = Thread.currentThread();
        if (steps.isEmpty()) {
            LockSupport.parkNanos(this, nanos);
        }
        parked = null;
    }
}
