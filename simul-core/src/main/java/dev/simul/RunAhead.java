package dev.simul;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

// The body of a buffered generator is the consumer's side of this: it takes what the source has put here and yields
// it. The source runs in a task of its own if a coroutine asked first, else in a virtual thread, by forEach: so on
// the stack of that task or thread, without a strand.
//
// Either side may be a coroutine or a thread, so the buffer has a lock, and each side waits for a promise: `room` is
// the source's while the buffer is full, `arrival` the consumer's while it is empty.

/** A generator's body in a task or thread of its own, some values ahead of who reads them. */
final class RunAhead<T extends @Nullable Object> {

    private static final String VALUE = "a value of a generator that runs ahead";

    private final Generator<T> source;
    private final int limit;

    // All guarded by this.
    private final Queue<Object> buffer = new ArrayDeque<>();
    private @Nullable Promise<@Nullable Void> room;
    private @Nullable Promise<@Nullable Void> arrival;
    private boolean stopped;
    private @Nullable Throwable failure;

    /** Whether the source has a thread, and no task. */
    private boolean inThread;

    /** That the source has ended, in whatever way. */
    private final Promise<@Nullable Void> over = new Promise<>("the end of a generator that runs ahead");

    /** ArrayDeque takes no null. */
    private enum Null {
        VALUE
    }

    RunAhead(Generator<T> source, int limit) {
        this.source = source;
        this.limit = limit;
    }

    /** Yields what the source yields. When this is over, so is the source. */
    void pourInto(Out<T> out) throws Exception {
        var stop = start();
        Throwable end = null;
        try {
            for (var next = take(); next != null; next = take()) {
                out.yield(valueOf(next));
            }
        } catch (Throwable e) {
            end = e;
        }
        synchronized (this) {
            stopped = true;
        }
        if (!over.isDone()) {
            stop.run();
            over.await();
        }
        var failed = failure;
        if (failed != null && (end == null || (end instanceof GeneratorExit && !cameOfStopping(failed)))) {
            throw Completion.asThrown(failed);
        }
        if (end != null) {
            throw Completion.asThrown(end);
        }
    }

    /** Returns what stops it. */
    private Runnable start() {
        var coroutine = LoopTask.current();
        if (coroutine != null) {
            var task = coroutine.loop.spawn(null, this::run);
            task.react(_ -> over.complete(null));
            return task::cancel;
        }
        inThread = true;
        return Thread.ofVirtual().name("simul-ahead").start(Context.capture().wrap(() -> {
            try {
                run();
            } finally {
                over.complete(null);
            }
        }))::interrupt;
    }

    private void run() {
        Throwable error = null;
        try {
            source.forEach(this::put);
        } catch (Throwable e) {
            error = e;
        }
        synchronized (this) {
            failure = stopped && cameOfStopping(error) ? null : error;
            stopped = true;
            wake(arrival);
        }
    }

    private void put(T value) {
        while (true) {
            Promise<@Nullable Void> wait;
            synchronized (this) {
                if (stopped) {
                    throw new GeneratorExit();
                }
                if (buffer.size() < limit) {
                    buffer.add(value == null ? Null.VALUE : value);
                    wake(arrival);
                    return;
                }
                wait = room = new Promise<>("room in the buffer of a generator that runs ahead");
            }
            try {
                wait.join();
            } catch (TaskFailedException interrupted) {
                // As stopped as it can be: look again.
                Thread.interrupted();
            }
        }
    }

    /** Whether an error is only the way in which the body heard that it shall end. */
    static boolean cameOfStopping(@Nullable Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof GeneratorExit
                    || cause instanceof CancelledError
                    || cause instanceof InterruptedException
                    || cause instanceof InterruptedIOException
                    || cause instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    /** Waits for a value; null at the end. */
    private @Nullable Object take() throws Exception {
        while (true) {
            Promise<@Nullable Void> wait;
            synchronized (this) {
                var next = buffer.poll();
                if (next != null) {
                    wake(room);
                    return next;
                }
                if (stopped) {
                    return null;
                }
                wait = arrival = inThread ? Promise.outside(VALUE) : new Promise<>(VALUE);
            }
            wait.await();
        }
    }

    private static void wake(@Nullable Promise<@Nullable Void> waiting) {
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    @SuppressWarnings("unchecked") // only put() fills the buffer
    private T valueOf(Object buffered) {
        return buffered == Null.VALUE ? Turns.uncheckedNull(null) : (T) buffered;
    }
}
