package dev.simul;

import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A variable of which every coroutine has a value of its own.
 *
 * {@snippet :
 * static final TaskLocal<String> USER = TaskLocal.of("user");
 *
 * USER.set("ann");
 * var greeting = spawn(() -> "hello " + USER.get()); // ann, whatever is set here later
 * }
 *
 * <p>A coroutine starts with the values that its spawner had then. What it sets is invisible to the spawner, and what the
 * spawner sets later is invisible to it. The same holds wherever else work is handed over: {@link EventLoop#submit}, {@link
 * Async#on}, {@link Task#onDone}, timers and other callbacks. Only the variable is isolated, not the object it holds.
 *
 * <p>A {@link ScopedValue} is the better choice where a value is bound for a method call and need not reach spawned tasks.
 *
 * <p>Thread: any. A thread that runs no coroutine has values of its own, too, which begin empty; see {@link Context#wrap} for
 * handing some to it. The body of a {@link Generator} has its driver's.
 *
 * @param <T> what it holds
 * @see <a href="https://docs.python.org/3/library/contextvars.html">contextvars.ContextVar, whose rules these are</a>
 */
public final class TaskLocal<T extends @Nullable Object> {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final String name;
    private final boolean hasDefault;
    private final @Nullable T defaultValue;

    /** The place among the others in {@link Bindings}: a bijection of its number, so no two are the same. */
    final int order = mix(NUMBERS.incrementAndGet());

    private TaskLocal(String name, boolean hasDefault, @Nullable T defaultValue) {
        this.name = name;
        this.hasDefault = hasDefault;
        this.defaultValue = defaultValue;
    }

    /** A variable without a value. Keep it in a static field. */
    public static <T extends @Nullable Object> TaskLocal<T> of(String name) {
        return new TaskLocal<>(name, false, null);
    }

    /** A variable that has this value wherever none was set. */
    public static <T extends @Nullable Object> TaskLocal<T> of(String name, T defaultValue) {
        return new TaskLocal<>(name, true, defaultValue);
    }

    /**
     * The value, else the default.
     *
     * @throws NoSuchElementException if there is neither
     */
    public T get() {
        return in(Context.snapshot());
    }

    T in(@Nullable Bindings bindings) {
        var binding = Bindings.find(bindings, this);
        if (binding != null) {
            return valueOf(binding);
        }
        if (!hasDefault) {
            throw new NoSuchElementException(
                    "task-local " + name + " has no value here: set one, give it a default with"
                            + " TaskLocal.of(name, value), or ask with orElse(…)");
        }
        return Turns.uncheckedNull(defaultValue);
    }

    /** The value, else {@code other}, also if there is a default. */
    public T orElse(T other) {
        var binding = Bindings.find(Context.snapshot(), this);
        return binding == null ? other : valueOf(binding);
    }

    /** Whether a value was set; a default does not count. */
    public boolean isSet() {
        return Bindings.find(Context.snapshot(), this) != null;
    }

    /**
     * Sets the value from here on, in this coroutine and what it will hand over.
     *
     * @return what sets it back: close it, in try-with-resources, or give it to {@link #reset}
     */
    public Token<T> set(T value) {
        var context = Context.forSetting();
        var old = context.put(this, value);
        return new Token<>(this, context, old);
    }

    /**
     * Sets the variable back to what it was before the {@link #set} that gave this token, be that a value or none.
     *
     * @throws IllegalStateException if the token has been used
     * @throws IllegalArgumentException if it is of another variable, or of a set in another context
     */
    @SuppressWarnings("ReferenceEquality") // this very variable, this very context
    public void reset(Token<T> token) {
        if (token.used) {
            throw new IllegalStateException("this token of " + name + " has been used: each set can be undone once");
        }
        if (token.local != this) {
            throw new IllegalArgumentException("this token is of " + token.local.name + ", not of " + name);
        }
        if (Context.forSetting() != token.context) {
            throw new IllegalArgumentException(
                    "this token of " + name
                            + " comes from another context: reset it in the coroutine, or inside the Context.run, that did the set");
        }
        token.used = true;
        token.context.restore(this, token.old);
    }

    /**
     * Runs {@code body} in a copy of the current context in which this variable has the given value. What the body sets ends
     * with it; a generator's body may yield in there, and its driver does not see the value.
     *
     * @return what {@code body} returns
     * @throws Exception what {@code body} throws
     */
    public <R extends @Nullable Object> R where(T value, Callable<? extends R> body) throws Exception {
        var context = Context.capture();
        context.put(this, value);
        return context.run(body);
    }

    /** {@link #where(Object, Callable)} for work without a result. */
    public void where(T value, Action body) throws Exception {
        where(value, Async.callable(body));
    }

    /** What it is called, for people. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "TaskLocal[" + name + "]";
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // only set() of this very variable has put it there
    static <T extends @Nullable Object> T valueOf(Bindings binding) {
        return Turns.uncheckedNull((T) binding.value());
    }

    private static int mix(int number) {
        int bits = number * 0x9E3779B9;
        bits = (bits ^ (bits >>> 16)) * 0x85EBCA6B;
        return bits ^ (bits >>> 13);
    }

    /**
     * What a {@link TaskLocal} held before it was set.
     *
     * @param <T> what the variable holds
     */
    public static final class Token<T extends @Nullable Object> implements AutoCloseable {

        private final TaskLocal<T> local;
        private final Context context;
        private final @Nullable Bindings old;
        private boolean used;

        private Token(TaskLocal<T> local, Context context, @Nullable Bindings old) {
            this.local = local;
            this.context = context;
            this.old = old;
        }

        /** The variable that was set. */
        public TaskLocal<T> local() {
            return local;
        }

        /** Whether the variable had been set before; a default does not count. */
        public boolean hasOldValue() {
            return old != null;
        }

        /**
         * What the variable held before.
         *
         * @throws NoSuchElementException if it had not been set
         */
        public T oldValue() {
            if (old == null) {
                throw new NoSuchElementException(
                        "task-local " + local.name + " had no value before: ask hasOldValue()");
            }
            return valueOf(old);
        }

        /** {@link TaskLocal#reset}. */
        @Override
        public void close() {
            local.reset(this);
        }

        @Override
        public String toString() {
            return "Token[" + local.name + (used ? ", used]" : "]");
        }
    }
}
