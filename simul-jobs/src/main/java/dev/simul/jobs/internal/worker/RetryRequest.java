package dev.simul.jobs.internal.worker;

import dev.simul.jobs.Retry;
import java.time.Duration;
import java.util.Arrays;

/** A function has returned a {@link Retry}: the way of that to the worker, out of a child JVM too. */
final class RetryRequest extends Exception {
    private static final long serialVersionUID = 1;

    private final int max;
    private final long[] seconds; // a Retry does not go from one JVM to another
    private final boolean atFront;

    RetryRequest(Retry retry) {
        super("the function asks to be called again", null, false, false);
        this.max = retry.max();
        this.seconds = retry.intervals().stream().mapToLong(Duration::toSeconds).toArray();
        this.atFront = retry.atFront();
    }

    Retry retry() {
        return new Retry(
                max, Arrays.stream(seconds).mapToObj(Duration::ofSeconds).toList(), atFront);
    }

    int max() {
        return max;
    }

    /** The pauses before further attempts, as RQ writes them: {@code [10, 60]}. */
    String intervals() {
        return Arrays.toString(seconds);
    }

    boolean atFront() {
        return atFront;
    }
}
