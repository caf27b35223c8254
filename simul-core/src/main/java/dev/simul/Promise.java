package dev.simul;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task that somebody ends by hand: with a result, an exception or a cancellation. The first of them counts.
 *
 * <p>Thread: any, for every method.
 *
 * @param <T> what it is completed with
 */
public sealed class Promise<T extends @Nullable Object> extends Completion<T> permits DependentPromise, OutsidePromise {

    private final Object subject;
    private volatile boolean begun;

    /**
     * A promise that is pending.
     *
     * @param name for people: what is being waited for
     */
    public Promise(String name) {
        this.subject = name;
    }

    /**
     * A promise that says what is being waited for only when somebody asks: the state of its subject at that moment. If
     * the subject is {@link Contended}, whoever looks at the tasks also sees who holds it.
     *
     * @param subject what is being waited for; its {@code toString} is the name
     */
    public Promise(Object subject) {
        this.subject = subject;
    }

    /**
     * A promise that another thread, process or machine ends. Made in a coroutine, it keeps a {@link VirtualClock} from
     * jumping while it is pending; otherwise it is like any other.
     *
     * @param name for people: what is being waited for
     */
    public static <T extends @Nullable Object> Promise<T> outside(String name) {
        var loop = EventLoop.current();
        return loop != null && loop.clock instanceof VirtualClock
                ? new OutsidePromise<>(name, loop)
                : new Promise<>(name);
    }

    /** Says that somebody has begun the work: from now on, until its end, the state is {@link State#RUNNING}. */
    public final void begin() {
        begun = true;
    }

    /**
     * Ends it with a result.
     *
     * @return false if it had ended before
     */
    public final boolean complete(T value) {
        return end(new Outcome.Returned<>(value));
    }

    /**
     * Ends it with an exception, which everybody who waits for it gets thrown as this same object. If that happens on a
     * loop and nobody ever looks, the loop reports it.
     *
     * @return false if it had ended before
     */
    public final boolean fail(Throwable error) {
        return fail(error, EventLoop.current());
    }

    final boolean fail(Throwable error, @Nullable EventLoop loop) {
        var outcome = new Outcome.Threw<T>(error);
        if (!end(outcome)) {
            return false;
        }
        if (loop != null) {
            loop.failures.watch(this, outcome);
        }
        return true;
    }

    /**
     * Ends it as cancelled, at once. Whoever does the work is told through {@link #onCancel}.
     *
     * @return false if it had ended before
     */
    @Override
    public final boolean cancel(String reason) {
        if (isDone()) {
            return tooLateToCancel();
        }
        return end(new Outcome.Cancelled<>(new CancelledError(reason)));
    }

    /**
     * Tells the one who does the work that nobody wants it any more. The hook runs in the thread that cancels, or in
     * this one if that has happened; it gets the reason, empty if there is none.
     */
    public final void onCancel(Consumer<? super String> hook) {
        var context = Context.snapshot();
        react(_ -> {
            if (ended() instanceof Outcome.Cancelled<T>(CancelledError error)) {
                Context.runIn(context, () -> Callback.call(_ -> hook.accept(error.reason()), this));
            }
        });
    }

    /** Which of them ends it is not known: any one can. */
    @Override
    public Collection<? extends Task<?>> dependsOn() {
        return subject instanceof Contended contended ? contended.holders() : List.of();
    }

    @Override
    public boolean needsAll() {
        return false;
    }

    @Override
    public final State state() {
        return stateOr(begun ? State.RUNNING : State.WAITING);
    }

    @Override
    public final String name() {
        return subject.toString();
    }

    /** What is being waited for, as it was given to the constructor. */
    public final Object subject() {
        return subject;
    }
}
