package dev.simul;

import org.jspecify.annotations.Nullable;

/**
 * How {@link Async#onThread(ThreadOptions, java.util.concurrent.Callable)} runs its work (trio's options of to_thread).
 *
 * @param abandonOnCancel whether a task that is cancelled ends at once and leaves its thread alone, whose result is then
 *     dropped; otherwise the thread is interrupted and the task ends when its work does
 * @param limiter who has to permit the work, until the thread is done with it; null for nobody
 */
public record ThreadOptions(
        boolean abandonOnCancel, @Nullable Limiter limiter) {

    /** A cancelled task interrupts its thread and waits for it; only the number of threads limits how many work. */
    public static final ThreadOptions STANDARD = new ThreadOptions(false, null);

    /** The same with {@link #abandonOnCancel()}. */
    public ThreadOptions abandoningOnCancel() {
        return new ThreadOptions(true, limiter);
    }

    /** The same with a limiter. */
    public ThreadOptions limitedBy(Limiter newLimiter) {
        return new ThreadOptions(abandonOnCancel, newLimiter);
    }
}
