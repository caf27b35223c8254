package dev.simul;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The values of all {@linkplain TaskLocal task-locals} together, to be kept and to run something in.
 *
 * <p>Coroutines and everything that is handed to a loop or executor through Simul carry theirs by themselves. A context of
 * one's own is for callbacks of other libraries, for threads of one's own, and for work that shall start from nothing:
 *
 * {@snippet :
 * client.onMessage(Context.capture().wrap(this::received));
 * pool = Context.taskWrapping(pool);
 * }
 *
 * <p>To copy a context is one step, however many values it has.
 *
 * <p>Thread: any, but only one may be inside {@link #run} at a time.
 *
 * @see <a href="https://docs.python.org/3/library/contextvars.html">contextvars.Context, whose rules these are</a>
 */
public final class Context {

    private static final VarHandle ENTERED;

    static {
        try {
            ENTERED = MethodHandles.lookup().findVarHandle(Context.class, "entered", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Whether a value was ever set: see {@link ContextHolder}. */
    @SuppressWarnings("NonFinalStaticField") // goes from false to true once
    static boolean used;

    /** Changed by who is inside; others may read. */
    private volatile @Nullable Bindings bindings;

    /** Whether somebody is inside, or was and has gone from here into another one. Claimed by compare-and-set. */
    @SuppressWarnings("UnusedVariable") // read by compare-and-set
    private volatile boolean entered;

    private Context(@Nullable Bindings bindings) {
        this.bindings = bindings;
    }

    /** A context in which nothing is set. */
    public static Context empty() {
        return new Context(null);
    }

    /** A copy of the current context: later changes in either are not seen in the other. */
    public static Context capture() {
        return new Context(snapshot());
    }

    /** A copy: later changes in either are not seen in the other. */
    public Context copy() {
        return new Context(bindings);
    }

    /**
     * Runs {@code body} in this context; what it sets stays here, and is not seen outside.
     *
     * @return what {@code body} returns
     * @throws Exception what {@code body} throws
     * @throws IllegalStateException if somebody is inside, in whatever thread: run a {@link #copy()} then
     */
    public <T extends @Nullable Object> T run(Callable<? extends T> body) throws Exception {
        if (isCurrent() || !claim()) {
            throw new IllegalStateException(
                    "this context has been entered and not left yet, here or in another thread: run a copy() of it");
        }
        var holder = ContextHolder.innermost();
        var outer = holder.context();
        var left = outer instanceof Context context && context.claim() ? context : null;
        holder.context(this);
        try {
            return body.call();
        } finally {
            holder.context(outer);
            if (left != null) {
                left.entered = false;
            }
            entered = false;
        }
    }

    /** {@link #run(Callable)} for work without a result. */
    public void run(Action body) throws Exception {
        run(Async.callable(body));
    }

    /**
     * Starts a coroutine in this very context, not in a copy: what it sets stays here. {@link Async#spawn(Callable)} starts one
     * in a copy of the current context.
     *
     * <p>Thread: coroutines and callbacks of a running loop.
     */
    public <T extends @Nullable Object> Task<T> spawn(Callable<? extends T> work) {
        var loop = EventLoop.current("Context.spawn(…)", "use EventLoop.submit");
        LoopTask<T> task = LoopTask.of(loop, null, work);
        task.context(this);
        return loop.start(task);
    }

    /** {@link #spawn(Callable)} for work without a result. */
    public Task<@Nullable Void> spawn(Action work) {
        return spawn(Async.callable(work));
    }

    /**
     * The context in which a coroutine runs, itself and not a copy.
     *
     * <p>Thread: the coroutine's loop.
     *
     * @throws IllegalArgumentException if the task is no coroutine
     */
    public static Context of(Task<?> task) {
        if (!(task instanceof LoopTask<?> coroutine)) {
            throw new IllegalArgumentException("only coroutines have a context, not " + task);
        }
        if (!(coroutine.context() instanceof Context)) {
            coroutine.context(new Context((Bindings) coroutine.context()));
        }
        return (Context) Objects.requireNonNull(coroutine.context());
    }

    /** Work that runs in a copy of this context, as it is now, wherever and however often it is run. */
    public Runnable wrap(Runnable work) {
        var snapshot = bindings;
        return () -> runIn(snapshot, work);
    }

    /** Work that runs in a copy of this context, as it is now, wherever and however often it is called. */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<? extends T> work) {
        var snapshot = bindings;
        return () -> new Context(snapshot).run(work);
    }

    /** An executor that runs everything in a copy of this context, as it is now. */
    public Executor wrap(Executor executor) {
        var snapshot = copy();
        return work -> executor.execute(snapshot.wrap(work));
    }

    /** An executor that runs each piece of work in a copy of the context of the one who hands it over. */
    public static Executor taskWrapping(Executor executor) {
        return work -> executor.execute(capture().wrap(work));
    }

    /**
     * The value of a variable in this context, else its default.
     *
     * @throws NoSuchElementException if there is neither
     */
    public <T extends @Nullable Object> T get(TaskLocal<T> local) {
        return local.in(bindings);
    }

    /** Whether a value was set in this context; a default does not count. */
    public boolean isSet(TaskLocal<?> local) {
        return Bindings.find(bindings, local) != null;
    }

    /** All that is set now, as an unmodifiable copy. */
    public Map<TaskLocal<?>, @Nullable Object> asMap() {
        return Collections.unmodifiableMap(Bindings.asMap(bindings));
    }

    @Override
    public String toString() {
        return "Context" + asMap();
    }

    // ---- for the kernel

    /** The values of the current context, to be handed over: one reference, null if there are none. */
    static @Nullable Bindings snapshot() {
        return used ? bindingsOf(ContextHolder.current(false)) : null;
    }

    /** The current context as an object, which what is set changes. */
    static Context forSetting() {
        var holder = Objects.requireNonNull(ContextHolder.current(true));
        if (holder.context() instanceof Context context) {
            return context;
        }
        var context = new Context((Bindings) holder.context());
        holder.context(context);
        return context;
    }

    /** Runs what was handed over, in a copy of what was the current context then. */
    static void runIn(@Nullable Bindings snapshot, Runnable work) {
        var holder = ContextHolder.innermost();
        var outer = holder.context();
        holder.context(snapshot == null && holder instanceof Turns ? empty() : snapshot);
        try {
            work.run();
        } finally {
            holder.context(outer);
        }
    }

    private static @Nullable Bindings bindingsOf(@Nullable ContextHolder holder) {
        return switch (holder == null ? null : holder.context()) {
            case null -> null;
            case Context context -> context.bindings;
            case Object snapshot -> (Bindings) snapshot;
        };
    }

    private boolean claim() {
        return ENTERED.compareAndSet(this, false, true);
    }

    /** Also that of a coroutine to which it was given, which has not entered it by run. */
    @SuppressWarnings("ReferenceEquality") // this very context
    private boolean isCurrent() {
        var holder = ContextHolder.current(false);
        return holder != null && holder.context() == this;
    }

    /** Sets a value; returns what was there before. Called by who is inside. */
    @Nullable
    Bindings put(TaskLocal<?> local, @Nullable Object value) {
        var before = bindings;
        bindings = Bindings.with(before, local, value);
        used = true;
        return Bindings.find(before, local);
    }

    void restore(TaskLocal<?> local, @Nullable Bindings old) {
        bindings = old == null ? Bindings.without(bindings, local) : Bindings.with(bindings, local, old.value());
    }
}
