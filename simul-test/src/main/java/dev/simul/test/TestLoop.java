package dev.simul.test;

import dev.simul.VirtualClock;
import org.jspecify.annotations.Nullable;

/** What a running {@link AsyncTest} may ask about its loop; to be imported statically. */
public final class TestLoop {

    /** Inheritable, because each coroutine of the loop has a thread of its own. */
    private static final InheritableThreadLocal<@Nullable VirtualClock> CLOCK = new InheritableThreadLocal<>();

    private TestLoop() {}

    /**
     * The clock of the test, which began at zero.
     *
     * <p>Thread: coroutines of the test, and threads that it starts.
     *
     * @throws IllegalStateException outside of a test method with {@link AsyncTest}
     */
    public static VirtualClock clock() {
        var clock = CLOCK.get();
        if (clock == null) {
            throw new IllegalStateException(
                    "clock() needs a running @AsyncTest: annotate the method that asks with it");
        }
        return clock;
    }

    static void enter(VirtualClock clock) {
        CLOCK.set(clock);
    }

    static void leave() {
        CLOCK.remove();
    }
}
