package dev.simul.test;

import dev.simul.Action;
import dev.simul.EventLoop;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about whether a piece of a coroutine lets others run; to be imported statically.
 *
 * <p>Thread: coroutines of a running loop.
 *
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-testing.html#trio.testing.assert_checkpoints">
 *     trio.testing.assert_checkpoints</a>
 */
public final class Checkpoints {

    private Checkpoints() {}

    /**
     * Asserts that the work waits at least once, or throws.
     *
     * @return what it returns
     * @throws AssertionError if nobody else could run meanwhile
     * @throws Exception what the work throws
     */
    public static <T extends @Nullable Object> T assertCheckpoints(Callable<? extends T> work) throws Exception {
        long before = switches("assertCheckpoints(…)");
        T result = work.call();
        if (switches("assertCheckpoints(…)") == before) {
            throw new AssertionError("expected a checkpoint, but nobody else could run meanwhile");
        }
        return result;
    }

    /** {@link #assertCheckpoints(Callable)} for work without a result. */
    public static void assertCheckpoints(Action work) throws Exception {
        assertCheckpoints(callable(work));
    }

    /**
     * Asserts that the work never waits, also if it throws.
     *
     * @return what it returns
     * @throws AssertionError if others could run meanwhile
     * @throws Exception what the work throws
     */
    public static <T extends @Nullable Object> T assertNoCheckpoints(Callable<? extends T> work) throws Exception {
        long before = switches("assertNoCheckpoints(…)");
        T result;
        try {
            result = work.call();
        } catch (Throwable e) {
            requireNone(before, e);
            throw e;
        }
        requireNone(before, null);
        return result;
    }

    private static void requireNone(long before, @Nullable Throwable thrown) {
        if (switches("assertNoCheckpoints(…)") != before) {
            throw new AssertionError("expected no checkpoint, but others could run meanwhile", thrown);
        }
    }

    /** {@link #assertNoCheckpoints(Callable)} for work without a result. */
    public static void assertNoCheckpoints(Action work) throws Exception {
        assertNoCheckpoints(callable(work));
    }

    /** A coroutine that has waited was resumed, and that is counted. */
    private static long switches(String caller) {
        var loop = EventLoop.current();
        if (loop == null) {
            throw new IllegalStateException(caller + " needs a running loop: call it in a coroutine of an @AsyncTest");
        }
        return loop.statistics().switches();
    }

    private static Callable<@Nullable Void> callable(Action work) {
        return () -> {
            work.run();
            return null;
        };
    }
}
