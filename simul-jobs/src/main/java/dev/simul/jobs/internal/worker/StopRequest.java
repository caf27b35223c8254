package dev.simul.jobs.internal.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The wish that a worker ends: when its jobs have ended, or at once. From any thread, any number of times. */
public final class StopRequest {
    /**
     * A terminal sends one Ctrl-C to every process of a group, and so do some supervisors: what follows at once is an
     * echo.
     */
    private static final long ECHO_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CompletableFuture<@Nullable Void> warm = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> cold = new CompletableFuture<>();
    private long firstSignal; // guarded by this
    private boolean signalled; // guarded by this

    /** No more jobs; those that run may end. */
    public void askWarmly() {
        warm.complete(null);
    }

    /** No more jobs, and those that run go back to their queues. */
    public void askColdly() {
        warm.complete(null);
        cold.complete(null);
    }

    /**
     * A signal or a shutdown command has come: the first one asks warmly, a further one coldly unless it follows
     * within a second, as in RQ.
     */
    public void signal() {
        boolean second;
        synchronized (this) {
            long now = System.nanoTime();
            if (signalled && now - firstSignal < ECHO_NANOS) {
                return;
            }
            second = signalled;
            signalled = true;
            firstSignal = now;
        }
        if (second) {
            askColdly();
        } else {
            askWarmly();
        }
    }

    CompletableFuture<@Nullable Void> warm() {
        return warm;
    }

    CompletableFuture<@Nullable Void> cold() {
        return cold;
    }

    /** Waits for it; returns whether it has come. */
    public boolean await(Duration longest) throws InterruptedException {
        try {
            warm.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e); // nobody completes it so
        }
    }

    boolean isAsked() {
        return warm.isDone();
    }
}
