package dev.simul.process;

import dev.simul.CancelledError;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.process.internal.wire.CallTarget;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Child JVMs that work for this one: method references go there with their arguments, results or exceptions come back.
 *
 * <p>For work that takes processors, and for work that may crash. A child that dies, whether by a signal, by
 * {@link System#exit} or because its memory is full, fails the one task it had with {@link ProcessDiedException} and is
 * replaced; all others run on. Cancelling a running task and a {@linkplain ProcessPoolBuilder#taskTimeout time-out}
 * kill its child. When this JVM dies, however, its children halt.
 *
 * <p>Arguments and results are copied by Java serialisation, so they must be {@link java.io.Serializable}; the
 * arguments as they are when {@code submit} is called. The children have this JVM's class path and working directory,
 * but not its system properties. What they print comes out of {@link System#out} and {@link System#err} here, line by line.
 * They protect against crashes, not against malice: a child may do whatever this JVM may.
 *
 * <p>Children are kept warm: they start when the pool is opened, and one that goes is replaced before it is missed.
 *
 * <p>Thread: any, for every method.
 */
public final class ProcessPool implements AutoCloseable {
    static final String SHUT_DOWN = "the pool was shut down";

    private final PoolSettings settings;
    private final CallQueue queue;
    private final ScheduledThreadPoolExecutor timer;
    private final List<Keeper> keepers;
    private final Promise<@Nullable Void> started;
    private final Promise<@Nullable Void> ended;

    ProcessPool(PoolSettings settings) {
        this.settings = settings;
        queue = new CallQueue(settings.name());
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name(settings.name() + "-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        started = new Promise<>("start of " + settings.name());
        ended = new Promise<>("end of " + settings.name());
        ended.onDone(_ -> timer.shutdownNow());
        Runnable ready = afterAll(settings.processes(), started);
        Runnable end = afterAll(settings.processes(), ended);
        keepers = IntStream.range(0, settings.processes())
                .mapToObj(_ -> new Keeper(settings, queue, timer, ready, end))
                .toList();
        for (Keeper keeper : keepers) {
            Thread.ofPlatform().daemon().name(settings.name() + "-keeper").start(keeper);
        }
    }

    private static Runnable afterAll(int count, Promise<@Nullable Void> promise) {
        var left = new AtomicInteger(count);
        return () -> {
            if (left.decrementAndGet() == 0) {
                promise.complete(null);
            }
        };
    }

    /** A pool of so many child JVMs with every other setting at its default. They start in the background. */
    public static ProcessPool open(int processes) {
        return builder().processes(processes).open();
    }

    /** A pool to be described further. */
    public static ProcessPoolBuilder builder() {
        return new ProcessPoolBuilder();
    }

    /**
     * Has a child call the function.
     *
     * @return the handle; it fails with what the function threw, with {@link ProcessDiedException} when its child died,
     *     with {@link java.util.concurrent.TimeoutException} when it took too long, and with {@link ChildFailureException}
     *     when its result or exception could not travel
     * @throws IllegalArgumentException if the function or an argument cannot be serialised or is too large; nothing was
     *     submitted then
     * @throws java.util.concurrent.RejectedExecutionException if the pool is closed
     */
    public <R extends @Nullable Object> Task<R> submit(RemoteFunction.Of0<R> function) {
        return enqueue(call(function));
    }

    /** {@link #submit(RemoteFunction.Of0)} with one argument. */
    public <A extends @Nullable Object, R extends @Nullable Object> Task<R> submit(
            RemoteFunction.Of1<A, R> function, A a) {
        return enqueue(call(function, a));
    }

    /** {@link #submit(RemoteFunction.Of0)} with two arguments. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Task<R> submit(
            RemoteFunction.Of2<A, B, R> function, A a, B b) {
        return enqueue(call(function, a, b));
    }

    /** {@link #submit(RemoteFunction.Of0)} with three arguments. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Task<R> submit(RemoteFunction.Of3<A, B, C, R> function, A a, B b, C c) {
        return enqueue(call(function, a, b, c));
    }

    /** {@link #submit(RemoteFunction.Of0)} with four arguments. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Task<R> submit(RemoteFunction.Of4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return enqueue(call(function, a, b, c, d));
    }

    /**
     * Has the children call the function on every argument, and waits for all results.
     *
     * <p>A failure stops nothing, as in Python's {@code Pool.map}: every argument gets its chance, then the first failure
     * in the order of the arguments is thrown, with the others suppressed in it. If the wait is cancelled or
     * interrupted, what is not done is cancelled.
     *
     * @return the results, in the order of the arguments
     * @throws IllegalArgumentException if an argument cannot be serialised; nothing was submitted then
     * @throws dev.simul.TaskFailedException with a checked exception that the function threw
     */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            RemoteFunction.Of1<A, R> function, Iterable<? extends A> arguments) {
        List<Call<R>> calls = StreamSupport.stream(arguments.spliterator(), false)
                .map(argument -> this.<R>call(function, argument))
                .toList();
        return new Harvest<R>(calls.stream().map(this::enqueue).toList()).results();
    }

    /** The children that live now. Empty right after {@code open}; see {@link #awaitChildren}. */
    public List<ChildProcess> children() {
        return keepers.stream().map(Keeper::child).flatMap(Optional::stream).toList();
    }

    /**
     * Waits until the first children are ready, to tell their start from the work.
     *
     * @return as {@link #children()}; fewer than asked for if some could not start, which is then in the log
     */
    public List<ChildProcess> awaitChildren() {
        echo(started).join();
        return children();
    }

    /** Cancels all tasks, kills the children that run them, and takes no more. Does not wait; {@link #close} does. */
    public void shutdownNow() {
        queue.abort().forEach(call -> call.task().cancel(SHUT_DOWN));
        keepers.forEach(Keeper::cancelCurrent);
    }

    /**
     * Takes no more tasks, waits until all are done, and ends the children; as
     * {@link java.util.concurrent.ExecutorService#close} does. If the wait is cancelled or interrupted, the rest is
     * {@linkplain #shutdownNow shut down} at once. A task of this pool must not call it, nor a callback of one.
     */
    @Override
    public void close() {
        queue.close();
        boolean interrupted = false;
        CancelledError cancelled = null;
        while (!ended.isDone()) {
            try {
                echo(ended).await();
            } catch (InterruptedException early) {
                interrupted = true;
                shutdownNow();
            } catch (CancelledError early) {
                cancelled = early;
                shutdownNow();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (cancelled != null) {
            throw cancelled;
        }
    }

    /** The settings that say most, and what goes on. */
    @Override
    public String toString() {
        return "ProcessPool[" + settings.name() + ", processes=" + settings.processes() + ", alive="
                + children().size() + "]";
    }

    // Cancelling a coroutine cancels what it waits for; these two promises are everybody's.
    private static Promise<@Nullable Void> echo(Promise<@Nullable Void> shared) {
        var own = new Promise<@Nullable Void>(shared.name());
        shared.onDone(_ -> own.complete(null));
        return own;
    }

    private <R extends @Nullable Object> Call<R> call(RemoteFunction function, @Nullable Object... arguments) {
        var target = CallTarget.of(function);
        ClassLoader loader = function.getClass().getClassLoader();
        return new Call<>(
                target.method().toString(),
                target.encode(settings.maxPayloadBytes(), arguments),
                loader == null ? ClassLoader.getSystemClassLoader() : loader);
    }

    private <R extends @Nullable Object> Task<R> enqueue(Call<R> call) {
        queue.add(call);
        return call.task();
    }
}
