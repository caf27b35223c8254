package dev.simul;

import org.jspecify.annotations.Nullable;

/**
 * Where the body of a {@link Coroutine} gets its values.
 *
 * <p>Thread: the one that runs the body, until the body ends.
 *
 * @param <S> what is sent in
 * @param <R> what the coroutine answers
 */
@SuppressWarnings("NamedLikeContextualKeyword") // it is the word for it
public final class In<S extends @Nullable Object, R extends @Nullable Object> {
    final Turns<S, R> turns;

    /** How many bodies run on this one's stack: see {@link Out#MAX_LEVELS}. */
    int levels;

    In(Turns<S, R> turns) {
        this.turns = turns;
    }

    /**
     * Waits for the next value; answers the one before with null.
     *
     * @throws GeneratorExit if the coroutine is finished or closed instead
     * @throws RuntimeException what {@link Coroutine#throwing} throws in
     * @throws IllegalStateException if called in another thread than the body's, or where the stack cannot be set aside
     *     (native code, class initialiser)
     */
    public S yield() {
        return turns.give(null);
    }

    /**
     * Answers the value before and waits for the next one.
     *
     * @throws GeneratorExit if the coroutine is finished or closed instead
     * @throws RuntimeException what {@link Coroutine#throwing} throws in
     * @throws IllegalStateException if called in another thread than the body's, or where the stack cannot be set aside
     *     (native code, class initialiser)
     */
    public S yield(R answer) {
        return turns.give(answer);
    }

    /**
     * Lets another coroutine take the values from here on, until it ends; one that has begun goes on where it waits.
     * Exceptions thrown into this one and closing go to it first. A value costs the same at any depth.
     *
     * @return what it returned; null if it had ended
     */
    public R yieldFrom(Coroutine<S, R> other) {
        return other.runInside(this);
    }
}
