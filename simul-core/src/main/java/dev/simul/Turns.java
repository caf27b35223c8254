package dev.simul;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

// What passes between a body and its driver
//
// Generator and Coroutine are two faces of this: the driver sends a value or an exception in, the body gives a value
// out.
//
// The fields `sent`, `thrown`, `given` and `failure` are plain: they change hands together with the strand's turn, so
// only one side can see them at a time. `driver` is the claim on the driver's side, taken by compare-and-set before
// anything else is touched and released last. It refuses a body that drives itself and two threads at once, and it
// orders one driver's accesses before the next one's.
//
// A handle (Generator, Coroutine) refers to its turns, never the other way round: the strand is reachable from the
// JDK's list of threads as long as it is suspended, and the Cleaner must be able to see that the handle is not.
abstract non-sealed class Turns<S extends @Nullable Object, T extends @Nullable Object>
        implements Strand.Owner, ContextHolder {
    private static final VarHandle DRIVER;

    static {
        try {
            DRIVER = MethodHandles.lookup().findVarHandle(Turns.class, "driver", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Thread driver;
    private @Nullable Strand strand;

    /** Whose coroutine began the body: its loop closes what is left waiting. */
    private @Nullable EventLoop loop;

    /** The strand in which the driver runs, while it does; null if it runs in none. */
    private @Nullable Strand host;

    /** To whom the body has handed over. Driver and body only, like its handle, here itself if there is none. */
    private @Nullable Turns<?, ?> delegate;

    private Object delegateHandle = this;

    /** Whether the delegate waits for the next value that is sent, and is not to be stepped for its first one. */
    private boolean delegateWaits;

    /** Who has handed over to this one. */
    private @Nullable Turns<?, ?> delegator;

    /** The body's own context, while it is in one, else null. */
    private @Nullable Object context;

    /** What keeps the context of a driver that is no strand, while it drives, if it has any. */
    private @Nullable ThreadContext threadOfDriver;

    private boolean ended;
    private Cleaner.@Nullable Cleanable watch;

    private @Nullable S sent;
    private @Nullable Throwable thrown;
    private @Nullable T given;
    private @Nullable Throwable failure;
    private @Nullable GeneratorExit exit;

    /** The body; what it returns is given out last. */
    abstract @Nullable T body() throws Exception;

    /** What error texts call it. */
    abstract String kind();

    // The driver's side

    /**
     * Runs the body to its next yield or its end.
     *
     * @return true if it yielded, false if it has ended, now or before; what it gave out is in {@link #given()}
     */
    final boolean advance(Object handle, @Nullable S value) {
        claim();
        try {
            return !ended && step(value, null);
        } finally {
            release(handle);
        }
    }

    /** Throws into the body at its yield; a body that has not begun or has ended is none the wiser. */
    final boolean advanceThrowing(Object handle, RuntimeException error) {
        claim();
        try {
            if (ended || strand == null) {
                ended = true;
                throw error;
            }
            return step(null, error);
        } finally {
            release(handle);
        }
    }

    /** Ends the body where it waits. */
    final void close(Object handle) {
        claim();
        try {
            if (strand == null) {
                ended = true;
                return;
            }
            exit = new GeneratorExit();
            if (step(null, exit)) {
                exit = null;
                throw new IllegalStateException("the " + kind() + " yielded again after it was closed;"
                        + " let GeneratorExit pass, or end the body when you catch it");
            }
        } finally {
            release(handle);
        }
    }

    /** Steps the body, or the one to which it has handed over, until something is given out or the body ends. */
    private boolean step(@Nullable S value, @Nullable Throwable error) {
        while (true) {
            if (delegate == null) {
                if (!stepBody(value, error)) {
                    return false;
                }
                if (delegate == null || delegateWaits) {
                    return true;
                }
                value = null;
                error = null;
            }
            error = stepDelegate(delegate, value, error);
            if (delegate != null) {
                return true;
            }
            value = null;
        }
    }

    /** If the delegate ends, with the error that this returns or without one, it is none any more. */
    @SuppressWarnings("unchecked") // a body hands over to one that takes and gives the same
    private @Nullable Throwable stepDelegate(Turns<?, ?> to, @Nullable S value, @Nullable Throwable error) {
        var inner = (Turns<S, T>) to;
        var handle = delegateHandle;
        delegateWaits = false;
        try {
            boolean given;
            if (error == null) {
                given = inner.advance(handle, value);
            } else if (error instanceof RuntimeException e) {
                given = inner.advanceThrowing(handle, e);
            } else {
                inner.close(handle);
                given = false;
            }
            if (given) {
                this.given = inner.given();
                return null;
            }
            error = error instanceof GeneratorExit ? error : null;
        } catch (Throwable e) {
            error = e;
        }
        delegate = null;
        delegateHandle = this;
        inner.delegator = null;
        return error;
    }

    private boolean stepBody(@Nullable S value, @Nullable Throwable error) {
        var strand = this.strand;
        if (strand == null) {
            this.strand = strand = Strand.besideCaller(this);
            var task = LoopTask.current();
            if (task != null) {
                loop = task.loop;
                loop.generators.add(this);
            }
        }
        sent = value;
        thrown = error;
        given = null;
        host = Strand.current();
        if (host == null) {
            driveForThread(strand);
        } else if (!host.runMeanwhile(strand)) {
            strand.drive();
        }
        host = null;
        if (!strand.isEnded()) {
            return true;
        }
        this.strand = null;
        ended = true;
        if (loop != null) {
            loop.generators.remove(this);
        }
        if (failure != null) {
            throw Failure.ofOtherStack(failure, kind());
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality") // this very holder
    private void driveForThread(Strand strand) {
        var before = ThreadContext.ofThisThreadIfAny();
        threadOfDriver = before;
        strand.drive();
        if (threadOfDriver != null && threadOfDriver != before) {
            ThreadContext.adopt(threadOfDriver);
        }
        threadOfDriver = null;
    }

    /**
     * Runs a body that has not begun on the caller's own stack: no thread, no switch.
     *
     * @return false if it has begun or ended, and nothing was done
     */
    final boolean runInline(Object handle, Action work) {
        claim();
        try {
            if (strand != null || ended) {
                return false;
            }
            ended = true;
            work.run();
            return true;
        } catch (Exception e) {
            throw Failure.of(e, kind());
        } finally {
            release(handle);
        }
    }

    /** What the body gave out last, once. */
    final T given() {
        var value = given;
        given = null;
        return uncheckedNull(value);
    }

    final boolean isBegun() {
        return strand != null || ended;
    }

    final boolean isEnded() {
        return ended;
    }

    @SuppressWarnings("ReferenceEquality") // threads
    private void claim() {
        if (!DRIVER.compareAndSet(this, (Thread) null, Thread.currentThread())) {
            var other = driver;
            throw new IllegalStateException(
                    other == Thread.currentThread() || isInBody()
                            ? "this " + kind() + " is already running: its own body asked it to go on"
                            : "this " + kind() + " is already running, driven by " + other
                                    + "; let one caller at a time drive it");
        }
    }

    /**
     * Whatever leaves the body waiting leaves it watched, whatever ends it, unwatched. The handle stays reachable until here,
     * or the cleaner could close what is being driven.
     */
    @SuppressWarnings("ReachabilityFenceUsage") // called in finally blocks
    private void release(Object handle) {
        if (strand != null && watch == null) {
            watch = Abandoned.watch(handle, this);
        }
        var done = ended ? watch : null;
        DRIVER.setRelease(this, (Thread) null);
        if (done != null) {
            done.clean();
        }
        Reference.reachabilityFence(handle);
    }

    // The body's side

    @Override
    public final void run() {
        try {
            given = body();
        } catch (GeneratorExit e) {
            if (e != exit) {
                failure = e;
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** Gives a value out and waits; returns what is sent in, or throws what is thrown in. */
    final S give(@Nullable T value) {
        var strand = strandOfThisBody();
        given = value;
        strand.suspend();
        throwWhatWasThrownIn();
        var received = sent;
        sent = null;
        return uncheckedNull(received);
    }

    private Strand strandOfThisBody() {
        var strand = this.strand;
        if (strand == null || !isInBody()) {
            throw new IllegalStateException("yield belongs to the body of its " + kind()
                    + ": call it in the thread that runs the body, before the body ends");
        }
        return strand;
    }

    private void throwWhatWasThrownIn() {
        var error = thrown;
        if (error != null) {
            thrown = null;
            if (error instanceof Error e) {
                throw e;
            }
            throw (RuntimeException) error;
        }
    }

    /**
     * Hands over to another one, which the driver steps in this one's stead until it ends: so a value costs the same however
     * many have handed over. Throws what the other one threw. What it returned is then in its {@link #given()}.
     *
     * @param waits whether the other one has begun and waits for what is sent next
     */
    final void handOver(Turns<S, T> other, Object handle, boolean waits) {
        var strand = strandOfThisBody();
        delegate = other;
        delegateHandle = handle;
        delegateWaits = waits;
        other.delegator = this;
        strand.suspend();
        throwWhatWasThrownIn();
    }

    /** After a delegate returned: a delegate that swallowed the exit does not keep the one who called it alive. */
    final void checkNotClosed() {
        if (exit != null) {
            throw exit;
        }
    }

    @SuppressWarnings("ReferenceEquality") // threads
    private boolean isInBody() {
        return strand != null && strand.thread() == Thread.currentThread();
    }

    @Override
    public final void onRunnable() {
        var host = hostOfOneKind();
        if (host != null) {
            host.owner.onRunnable();
        } else if (strand != null) {
            strand.unparkDriver();
        }
    }

    /** The strand with which this one stops and goes on as one, on one thread; null if the driver is something else. */
    final @Nullable Strand hostOfOneKind() {
        return host != null && strand != null && host.getClass() == strand.getClass() ? host : null;
    }

    final @Nullable EventLoop loop() {
        return loop;
    }

    @Override
    public String toString() {
        return kind() + (ended ? " that has ended" : strand == null ? " that has not begun" : " that waits or runs");
    }

    /** The strand in which the driver runs; null if it is a mere thread, or nobody drives. */
    final @Nullable Strand host() {
        return host;
    }

    /** In the body, driven by a mere thread: what keeps that thread's context. */
    final @Nullable ThreadContext threadOfDriver(boolean make) {
        if (threadOfDriver == null && make) {
            threadOfDriver = new ThreadContext();
        }
        return threadOfDriver;
    }

    /** The one in whose stead this one is stepped, or null. */
    final @Nullable Turns<?, ?> delegator() {
        return delegator;
    }

    @Override
    public final @Nullable Object context() {
        return context;
    }

    @Override
    public final void context(@Nullable Object context) {
        this.context = context;
    }

    @SuppressWarnings("NullAway") // null is what a nullable type argument lets through, and nothing else
    static <V extends @Nullable Object> V uncheckedNull(@Nullable V value) {
        return value;
    }
}
