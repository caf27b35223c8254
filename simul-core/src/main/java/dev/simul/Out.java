package dev.simul;

import org.jspecify.annotations.Nullable;

/**
 * Where the body of a {@link Generator} puts its values.
 *
 * <p>Thread: the one that runs the body, until the body ends.
 *
 * @param <T> what the generator yields
 */
@SuppressWarnings("NamedLikeContextualKeyword") // it is the word for it
public abstract sealed class Out<T extends @Nullable Object> permits StrandOut, InlineOut {

    /** How many bodies may run on one stack: it is as large as a thread's, and a level takes about a kilobyte of it. */
    static final int MAX_LEVELS = 100;

    /** How many bodies run on this one's stack, each called by yieldFrom of the one before. */
    int levels;

    Out() {}

    /**
     * Gives a value out and waits until the next one is asked for.
     *
     * @throws GeneratorExit if the generator is closed instead
     * @throws RuntimeException what {@link Generator#throwing} throws in
     * @throws IllegalStateException if called in another thread than the body's, or where the stack cannot be set aside
     *     (native code, class initialiser)
     */
    public abstract void yield(T value);

    /**
     * Yields all values of another sequence. If that is a generator, exceptions thrown into this one and closing go to it
     * first, as with Python's {@code yield from}. One that has not begun runs on this body's stack, up to a hundred levels;
     * beyond that, or if it has begun, it is stepped in this one's stead. Either way a value costs the same at any depth.
     */
    @SuppressWarnings("unchecked") // a body that yields a subtype may well put it here
    public final void yieldFrom(Iterable<? extends T> source) {
        if (source instanceof Generator<? extends T> generator) {
            ((Generator<T>) generator).pourInto(this);
        } else {
            for (T value : source) {
                this.yield(value);
            }
        }
    }

    /** Throws the exit once more for a body whose delegate swallowed it. */
    abstract void checkNotClosed();
}
