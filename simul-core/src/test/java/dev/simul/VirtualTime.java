package dev.simul;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Runs coroutines on a clock that jumps, for tests that say when something happens. */
public final class VirtualTime {

    private final VirtualClock clock = new VirtualClock();

    public <T extends @Nullable Object> T run(Callable<? extends T> main) throws Exception {
        try (var loop = EventLoop.open(clock)) {
            return loop.run(main);
        }
    }

    public void run(Action main) throws Exception {
        run(Async.callable(main));
    }

    public long elapsedMillis() {
        return clock.elapsed().toMillis();
    }

    /** What a computation does that holds the loop. */
    void spend(Duration duration) {
        clock.jumpTo(clock.nanos() + duration.toNanos());
    }

    public static void sleepMillis(long millis) {
        Async.sleep(Duration.ofMillis(millis));
    }

    /** Lets everybody else run once. */
    public static void pass() {
        Async.sleep(Duration.ZERO);
    }
}
