package dev.simul.test;

import dev.simul.EventLoop;
import dev.simul.Task;
import dev.simul.VirtualClock;
import java.time.Duration;
import java.util.List;

/** What a running test may ask about its loop, and of it; to be imported statically. */
public final class TestLoop {

    private TestLoop() {}

    /**
     * The clock of the test, which began at zero.
     *
     * <p>Thread: coroutines of the test, and threads that it starts.
     *
     * @throws IllegalStateException outside of a test method with {@link AsyncTest} or {@link Interleavings}
     */
    public static VirtualClock clock() {
        return current("clock()").clock;
    }

    /** {@link #waitAllBlocked(Duration)} as soon as that is so. */
    public static void waitAllBlocked() {
        waitAllBlocked(Duration.ZERO);
    }

    /**
     * Waits until no other coroutine of the loop can run: all wait, for the clock, for each other or for something outside.
     *
     * <p>Thread: coroutines of any loop, also outside of a test.
     *
     * @param cushion for how long that has to be so, in the loop's time: timers that are due before are waited for
     * @see <a href="https://trio.readthedocs.io/en/stable/reference-testing.html#trio.testing.wait_all_tasks_blocked">
     *     trio.testing.wait_all_tasks_blocked</a>
     */
    public static void waitAllBlocked(Duration cushion) {
        var loop = EventLoop.current();
        if (loop == null) {
            throw new IllegalStateException("waitAllBlocked(…) needs a running loop: call it in a coroutine");
        }
        loop.whenAllBlocked(cushion).join();
    }

    /**
     * Lets the schedule cancel one of these tasks, at any point from now on where the task waits or has not started, or never.
     * The loop's own order never does.
     *
     * <p>Thread: coroutines of the test.
     *
     * @throws IllegalStateException outside of a test method with {@link Interleavings}
     */
    public static void cancelSometime(Task<?>... candidates) {
        var course = current("cancelSometime(…)").course;
        if (course == null) {
            throw new IllegalStateException(
                    "cancelSometime(…) needs @Interleavings, not @AsyncTest: a single run has no schedule to vary");
        }
        course.mayCancel(List.of(candidates));
    }

    private static TestRun current(String caller) {
        var run = TestRun.current();
        if (run == null) {
            throw new IllegalStateException(
                    caller + " needs a running @AsyncTest: annotate the method that asks with it");
        }
        return run;
    }
}
