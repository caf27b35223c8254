package dev.simul;

import org.jspecify.annotations.Nullable;

/** A step that is due at a time of the loop's clock. Loop thread only. */
abstract class Timer implements Step {

    /** In nanoseconds of the loop's clock. */
    final long when;

    /** Order of creation, which decides between timers of the same time; may run over. Set by {@link Timers}. */
    int number;

    /** Whether it is in the heap of {@link Timers}. */
    boolean pending;

    private boolean cancelled;

    Timer(long when) {
        this.when = when;
    }

    /** The task that this timer cancels when it fires, null if it does something else. */
    @Nullable
    LoopTask<?> limits() {
        return null;
    }

    final boolean isCancelled() {
        return cancelled;
    }

    /** Does not take it out of the queues; see {@link Timers#cancel}. */
    final void markCancelled() {
        cancelled = true;
    }

    final boolean isBefore(Timer other) {
        return when < other.when || (when == other.when && number - other.number < 0);
    }

    @Override
    public final void step() {
        if (!cancelled) {
            fire();
        }
    }

    /** What is due. */
    abstract void fire();
}
