package dev.simul;

import org.jspecify.annotations.Nullable;

/**
 * A step that a loop can take now, as a {@link Schedule} sees it.
 *
 * <p>Equal to another if it stands for the same entry of the ready queue. Thread: the loop's, inside {@link
 * Schedule#choose}.
 */
public final class ReadyStep {

    /** What happens in a step. */
    public enum Kind {
        /** A coroutine begins. */
        START,
        /** A coroutine goes on behind the point where it waited. */
        RESUME,
        /** A sleep is over: its coroutine becomes ready. */
        WAKE,
        /** A time-out, or another timer that is no sleep, fires. */
        TIMER,
        /** A callback runs. */
        CALLBACK,
        /** The clock goes on to the earliest timer, although others could still run; what is due becomes ready. */
        TIME
    }

    private static final StackTraceElement[] NO_FRAMES = {};

    private final Step step;
    private final Kind kind;

    private ReadyStep(Step step, Kind kind) {
        this.step = step;
        this.kind = kind;
    }

    static ReadyStep of(Step step) {
        return new ReadyStep(
                step,
                switch (step) {
                    case LoopTask<?> task -> task.hasStarted() ? Kind.RESUME : Kind.START;
                    case Sleep _ -> Kind.WAKE;
                    case Timer _ -> Kind.TIMER;
                    default -> Kind.CALLBACK;
                });
    }

    static ReadyStep passingTime(Timer first) {
        return new ReadyStep(first, Kind.TIME);
    }

    /** What happens in this step. */
    public Kind kind() {
        return kind;
    }

    /** The coroutine that starts, goes on or has slept; null if it is none. */
    public @Nullable Task<?> task() {
        return coroutine();
    }

    /** What ended and so made this step ready: a task, a promise. Null if nothing or something else did. */
    public @Nullable Task<?> cause() {
        return switch (step) {
            case LoopTask<?> task -> task.cause();
            case LoopCallback callback -> callback.cause();
            case Callback<?> callback -> callback.cause();
            default -> null;
        };
    }

    /** What was waited for: the subject of a promise (a lock, a queue) or a task; null if nothing was. */
    public @Nullable Object subject() {
        var cause = cause();
        return cause instanceof Promise<?> promise ? promise.subject() : cause;
    }

    /** Where the coroutine waits, innermost call first; empty if it has not started or there is none. */
    public StackTraceElement[] stack() {
        var task = coroutine();
        return task == null ? NO_FRAMES : task.stack().toArray(NO_FRAMES);
    }

    private @Nullable LoopTask<?> coroutine() {
        return switch (step) {
            case LoopTask<?> task -> task;
            case Sleep sleep -> sleep.sleeper();
            default -> null;
        };
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ReadyStep that && step.equals(that.step) && kind == that.kind;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(step);
    }

    @Override
    public String toString() {
        var task = coroutine();
        return kind + (task == null ? "" : " " + task.describe());
    }
}
