package dev.simul;

import java.lang.System.Logger.Level;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

// The source runs in a task or a thread of its own, by forEach: on its stack, without a strand. Before each of its
// steps one piece of demand is taken, so the body never computes what nobody asked for. All signals but onSubscribe
// come from there, one after the other, and it starts when onSubscribe has returned: rule 1.3 of Reactive Streams.
// request() only counts and wakes, so it may be called inside onNext (3.3).

/** A generator's values on their way to a subscriber. */
final class Outflow<T> implements Flow.Subscription {

    private final Generator<T> source;
    private final @Nullable EventLoop loop;

    // All guarded by this.
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private long demand;
    private boolean cancelled;
    private @Nullable Throwable refusal;
    private @Nullable Promise<@Nullable Void> demanded;
    private @Nullable Task<?> task;
    private @Nullable Thread thread;

    Outflow(Generator<T> source, @Nullable EventLoop loop, Flow.Subscriber<? super T> subscriber) {
        this.source = source;
        this.loop = loop;
        this.subscriber = subscriber;
    }

    void begin() {
        var to = subscriber;
        if (to != null) {
            to.onSubscribe(this);
        }
        try {
            start();
        } catch (RuntimeException closed) {
            finish(closed);
        }
    }

    private synchronized void start() {
        if (loop == null) {
            thread = Thread.ofVirtual()
                    .name("simul-publisher")
                    .start(Context.capture().wrap(this::run));
        } else {
            var running = loop.submit(Async.callable(this::run));
            task = running;
            // One that was cancelled before it began tells nobody.
            running.onDone(_ -> finish(new CancelledError("the loop of the publisher was closed")));
        }
    }

    private void run() {
        Throwable error = null;
        try {
            takeDemand();
            source.forEach(value -> {
                send(value);
                takeDemand();
            });
        } catch (Throwable e) {
            error = closeSource(e);
        }
        finish(error);
    }

    /** Returns what there is to tell after the body was told to end because of {@code error}. */
    private Throwable closeSource(Throwable error) {
        try {
            source.close();
        } catch (Throwable e) {
            if (RunAhead.cameOfStopping(error)) {
                return e;
            }
            error.addSuppressed(e);
        }
        return error;
    }

    private void send(T value) {
        if (value == null) {
            throw new NullPointerException("a publisher cannot send null: let the generator yield something else");
        }
        Flow.Subscriber<? super T> to;
        synchronized (this) {
            to = subscriber;
        }
        if (to != null) {
            try {
                to.onNext(value);
            } catch (Throwable e) {
                log("a subscriber failed in onNext, which it must not: it gets no more", e);
                cancel();
            }
        }
    }

    /** Waits until one more value is wanted. */
    private void takeDemand() {
        while (true) {
            Promise<@Nullable Void> wait;
            synchronized (this) {
                if (cancelled) {
                    throw new GeneratorExit();
                }
                if (refusal != null) {
                    throw Completion.unchecked("publisher", refusal);
                }
                if (demand > 0) {
                    demand -= demand == Long.MAX_VALUE ? 0 : 1;
                    return;
                }
                wait = demanded = new Promise<>("demand of a subscriber");
            }
            try {
                wait.join();
            } catch (TaskFailedException interrupted) {
                // It was cancelled: look again.
                Thread.interrupted();
            }
        }
    }

    private void finish(@Nullable Throwable error) {
        Flow.Subscriber<? super T> to;
        synchronized (this) {
            to = subscriber;
            subscriber = null;
        }
        if (to == null) {
            if (error != null && !RunAhead.cameOfStopping(error)) {
                log("a generator failed after its subscriber had cancelled", error);
            }
        } else if (error == null) {
            to.onComplete();
        } else if (error instanceof CancelledError) {
            var cancellation = new CancellationException(error.getMessage());
            cancellation.initCause(error);
            to.onError(cancellation);
        } else {
            to.onError(error);
        }
    }

    @Override
    public synchronized void request(long n) {
        if (n <= 0) {
            refusal = new IllegalArgumentException(
                    "request(n) of a subscriber must be positive, was " + n + " (Reactive Streams 3.9)");
        } else {
            demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
        }
        wake();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // this very thread
    public void cancel() {
        Task<?> runningTask;
        Thread runningThread;
        synchronized (this) {
            if (cancelled || subscriber == null) {
                return;
            }
            cancelled = true;
            subscriber = null;
            wake();
            runningTask = task;
            runningThread = thread;
        }
        // In its own onNext it sees the mark; elsewhere what it waits for has to end.
        if (runningThread != null && runningThread != Thread.currentThread()) {
            runningThread.interrupt();
        } else if (runningTask != null && runningTask != LoopTask.current()) {
            runningTask.cancel("the subscriber cancelled");
        }
    }

    private void wake() {
        if (demanded != null) {
            demanded.complete(null);
        }
    }

    private static void log(String message, Throwable error) {
        System.getLogger("dev.simul").log(Level.ERROR, message, error);
    }
}
