package dev.simul.test;

import dev.simul.Simul;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

// The virtual clock cannot help a test that waits for something real which never comes, or computes for ever. An
// interrupt of the loop's thread cancels the main coroutine, a second one ends the run; what ignores both goes on, but
// by then the log says what it was.

/** A limit in real time for a part of a test, which says what hung. */
final class RealTimeLimit implements AutoCloseable {

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("simul-test-limit").factory());

    private final Duration limit;
    private final Thread runner = Thread.currentThread();
    private final ScheduledFuture<?> watch;

    /** Written once, by the watch. */
    private volatile @Nullable String hung;

    RealTimeLimit(Duration limit) {
        this.limit = limit;
        this.watch = WATCH.scheduleWithFixedDelay(
                this::interrupt, limit.toNanos(), TimeUnit.SECONDS.toNanos(1), TimeUnit.NANOSECONDS);
    }

    private void interrupt() {
        if (hung == null) {
            var text =
                    "the test was still running after " + limit.toMillis() / 1e3 + " s of real time\n" + Simul.tasks();
            System.getLogger("dev.simul.test").log(Level.ERROR, text);
            hung = text;
        }
        runner.interrupt();
    }

    /** The error that says what hung, if the limit was passed; else {@code error}. */
    Throwable explain(Throwable error) {
        var text = hung;
        return text == null ? error : new AssertionError(text, error);
    }

    @Override
    public void close() {
        watch.cancel(false);
        if (hung != null) {
            Thread.interrupted();
        }
    }
}
