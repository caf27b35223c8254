package dev.simul;

import org.jspecify.annotations.Nullable;

/**
 * A body that is sent values and waits for the next one in its {@code yield}; it may answer each with a value of its own.
 *
 * {@snippet :
 * Coroutine<Double, Double> mean = Coroutine.of(in -> {
 *     double sum = in.yield();
 *     for (int n = 1; ; n++) { sum += in.yield(sum / n); }
 * });
 * mean.send(10.0);   // 10.0
 * mean.send(20.0);   // 15.0
 * }
 *
 * <p>The first {@link #send} also starts the body and runs it to its first {@code yield}, where the value is delivered; no
 * priming call is needed. What the body returns at its end is the answer to the last send, or to {@link #finish()}.
 *
 * <p>One that waits holds what its body holds: end it with {@link #finish()} or {@link #close()}. A dropped one is closed
 * after the garbage collector has found it. The body has a virtual thread of its own; threads, blocking and exceptions are as
 * with {@link Generator}.
 *
 * @param <S> what is sent in
 * @param <R> what it answers and returns; {@code Void} for a mere consumer
 * @see <a href="https://peps.python.org/pep-0342/">PEP 342</a>; that {@code return} answers like {@code yield} is Lua's rule
 */
public final class Coroutine<S extends @Nullable Object, R extends @Nullable Object> implements AutoCloseable {

    /** What a coroutine does. */
    @FunctionalInterface
    public interface Body<S extends @Nullable Object, R extends @Nullable Object> {
        /**
         * Takes values until it has enough.
         *
         * @return the last answer
         * @throws Exception whatever ends it early
         */
        R run(In<S, R> in) throws Exception;
    }

    private final Body<S, R> body;
    private final Turns<S, R> turns;

    private Coroutine(Body<S, R> body) {
        this.body = body;
        this.turns = new Steps<>(body);
    }

    /** A coroutine that has not begun. */
    public static <S extends @Nullable Object, R extends @Nullable Object> Coroutine<S, R> of(Body<S, R> body) {
        return new Coroutine<>(body);
    }

    /**
     * Runs the body to its first {@code yield}, for who wants to see what that one gives out.
     *
     * @throws IllegalStateException if it has begun
     */
    public R start() {
        if (turns.isBegun()) {
            throw new IllegalStateException("the coroutine has begun: send to it");
        }
        turns.advance(this, null);
        return turns.given();
    }

    /**
     * Delivers a value at the {@code yield} where the body waits, and runs it to its next one.
     *
     * @return what that next {@code yield} gives out, or what the body returns
     * @throws IllegalStateException if the body has ended, or is running
     */
    public R send(S value) {
        if (!turns.isBegun()) {
            turns.advance(this, null);
        }
        if (turns.isEnded()) {
            throw new IllegalStateException("the coroutine has ended and takes no more, was sent " + value);
        }
        turns.advance(this, value);
        return turns.given();
    }

    /**
     * Throws an exception into the body, out of the {@code yield} where it waits.
     *
     * @return what its next {@code yield} gives out, or what it returns
     * @throws RuntimeException the given one, if the body lets it pass, has ended, or has not begun and now never will
     */
    public R throwing(RuntimeException error) {
        turns.advanceThrowing(this, error);
        return turns.given();
    }

    /**
     * Says that nothing more comes: {@code yield} throws {@link GeneratorExit}, which the body may catch to return a result.
     *
     * @return what the body returned on this; null if it let the exit pass, had ended before, or never began
     * @throws IllegalStateException if the body yields again instead of ending, or is running
     */
    public @Nullable R finish() {
        turns.close(this);
        return turns.given();
    }

    /** {@link #finish()} without its result. */
    @Override
    public void close() {
        finish();
    }

    /** Whether the body has ended, or was closed before it began. */
    public boolean isEnded() {
        return turns.isEnded();
    }

    /** Runs the body of one that has not begun on the stack of another, up to a depth; else in the other's stead. */
    R runInside(In<S, R> in) {
        var result = new Object() {
            @Nullable
            R value;
        };
        if (in.levels < Out.MAX_LEVELS && turns.runInline(this, () -> result.value = runOneLevelDeeper(in))) {
            in.turns.checkNotClosed();
            return Turns.uncheckedNull(result.value);
        }
        if (!turns.isEnded()) {
            in.turns.handOver(turns, this, turns.isBegun());
        }
        return turns.given();
    }

    private R runOneLevelDeeper(In<S, R> in) throws Exception {
        in.levels++;
        try {
            return body.run(in);
        } finally {
            in.levels--;
        }
    }

    /** The body in a strand of its own. */
    private static final class Steps<S extends @Nullable Object, R extends @Nullable Object> extends Turns<S, R> {
        private final Body<S, R> body;

        Steps(Body<S, R> body) {
            this.body = body;
        }

        @Override
        R body() throws Exception {
            return body.run(new In<>(this));
        }

        @Override
        String kind() {
            return "coroutine";
        }
    }
}
