package dev.simul;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

// The life of a coroutine
//
// Not started, it has no thread: spawning a task and cancelling it costs an object. Its first step makes the strand.
// From then on it is in exactly one place: running, in the ready queue, waiting for something (`awaited`) that enqueues
// it when it ends, or blocked in a call of the JDK, whose end enqueues it through onRunnable(). All fields belong to
// the
// loop's thread; a body runs on it, too. Other threads come in by the loop's inbox.
//
// Cancellation is asyncio's, step by step. cancel() counts a request. If the task waits for something, the request is
// passed on to that, down to what can end at once: its end wakes the task. Otherwise the task is in the ready queue, or
// running, or not started: `mustCancel` is noted, and delivered the next time the task comes back from waiting. A body
// that returns before is cancelled all the same; one that never started never starts. One request is one
// CancelledError:
// who swallows it lives on. uncancel() takes a request back, and the last one takes back what is not yet delivered.
//
// A task that is blocked in the JDK is interrupted. What the JDK makes of it (InterruptedException, SocketException,
// ...) has then to count as the cancellation; asCancellation() says when.
//
// Java has one thing that asyncio has not: a task that waits for a task that waits for a task is one pointer each, so
// a request is passed down in a loop and not by recursion, and tasks that wait for each other are found by counting.

/** A coroutine of an event loop. */
final class LoopTask<T extends @Nullable Object> extends Completion<T> implements Strand.Owner, Step, Reaction {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final EventLoop loop;

    /** Neighbours in the loop's list of live tasks. */
    @Nullable
    LoopTask<?> older;

    @Nullable
    LoopTask<?> newer;

    private final int number = NUMBERS.incrementAndGet();
    private @Nullable String name;
    private @Nullable Callable<? extends T> body;
    private @Nullable Strand strand;
    private @Nullable Awaited awaited;
    private @Nullable Outcome<T> result;

    private int cancelRequests;
    private boolean mustCancel;
    private String cancelReason = "";

    /** Whether {@link #mustCancel} came with an interrupt. */
    private boolean interrupted;

    /** Whether the body stopped in the middle of a call of the JDK. */
    private boolean blocked;

    /** Loop thread, read by others for {@link #state} as it is at some moment. */
    private boolean running;

    LoopTask(EventLoop loop, @Nullable String name, Callable<? extends T> body) {
        this.loop = loop;
        this.name = name;
        this.body = body;
    }

    /** The task in whose body the caller runs, or null. */
    static @Nullable LoopTask<?> current() {
        var strand = Strand.current();
        return strand != null && strand.owner instanceof LoopTask<?> task ? task : null;
    }

    /** The task in whose body the caller runs. */
    static LoopTask<?> current(String caller, String instead) {
        var task = current();
        if (task == null) {
            throw new IllegalStateException(
                    caller + " needs a running loop: call it inside Async.run(…), or " + instead);
        }
        return task;
    }

    // ---- the loop's side

    /** Runs the body until it waits, ends, or blocks in the JDK. */
    @Override
    public void step() {
        if (isDone()) {
            return;
        }
        var coroutine = strand;
        if (coroutine == null) {
            if (mustCancel) {
                finish(new Outcome.Cancelled<>(new CancelledError(cancelReason)));
                return;
            }
            coroutine = strand = Strand.of(this, name());
        }
        unblocked();
        running = true;
        loop.switches++;
        coroutine.resume();
        running = false;
        if (!coroutine.isSuspended()) {
            if (coroutine.isEnded()) {
                finish(mustCancel ? cancelledAtTheEnd() : result());
            } else {
                blocked = true;
                loop.blockedTasks++;
            }
        }
    }

    private void unblocked() {
        if (blocked) {
            blocked = false;
            loop.blockedTasks--;
        }
    }

    private Outcome<T> result() {
        var outcome = result;
        return outcome != null
                ? outcome
                : new Outcome.Threw<>(new IllegalStateException("the strand of " + name() + " died"));
    }

    /** What becomes of a body that ended while a cancellation was on its way to it. */
    private Outcome<T> cancelledAtTheEnd() {
        return switch (result()) {
            case Outcome.Returned<T> _ -> new Outcome.Cancelled<>(new CancelledError(cancelReason));
            case Outcome.Threw<T> threw
            when interrupted -> new Outcome.Cancelled<>(new CancelledError(cancelReason, threw.error()));
            case Outcome<T> own -> own;
        };
    }

    private void finish(Outcome<T> outcome) {
        body = null;
        strand = null;
        result = null;
        loop.tasks.remove(this);
        if (outcome instanceof Outcome.Threw<T> failure) {
            loop.failures.watch(this, failure);
        }
        end(outcome);
    }

    /** What the task waits for has ended. */
    @Override
    public void ended(Completion<?> task) {
        loop.enqueue(this);
    }

    @Override
    public void onRunnable() {
        loop.enqueue(this);
    }

    // ---- the body's side

    @Override
    public void run() {
        var work = Objects.requireNonNull(body);
        try {
            result = new Outcome.Returned<>(work.call());
        } catch (CancelledError e) {
            result = new Outcome.Cancelled<>(e);
        } catch (Throwable e) {
            result = new Outcome.Threw<>(e);
        }
    }

    /** Waits for another task; a cancellation of this one is passed on to that. */
    <V extends @Nullable Object> V await(Completion<V> task) throws Exception {
        if (task == this) {
            throw new IllegalStateException("task " + name() + " cannot wait for itself");
        }
        if (!task.isDone()) {
            task.react(this);
            park(task);
            if (!(task.outcome() instanceof Outcome.Cancelled<?>)) {
                throwIfCancelled();
            }
            mustCancel = false;
        }
        return task.ended().forCoroutine();
    }

    /** Lets everything run that is in the ready queue. */
    void passTurn() {
        loop.enqueue(this);
        suspend();
        throwIfCancelled();
    }

    /** Waits for a time of the loop's clock. */
    void sleepUntil(long when) {
        var sleep = new Sleep(this, when);
        loop.timers.add(sleep);
        try {
            park(sleep);
        } finally {
            loop.timers.cancel(sleep);
        }
        var reason = sleep.cancellation();
        if (reason != null) {
            withdrawCancellation();
            throw new CancelledError(reason);
        }
        throwIfCancelled();
    }

    /** Parks until what has been asked to enqueue this task has ended. */
    private void park(Awaited what) {
        awaited = what;
        try {
            if (mustCancel && what.cancel(cancelReason)) {
                mustCancel = false;
            }
            do {
                suspend();
            } while (!what.isDone() && !mustCancel);
        } finally {
            awaited = null;
        }
    }

    private void suspend() {
        running = false;
        Objects.requireNonNull(strand).suspend();
        running = true;
    }

    private void throwIfCancelled() {
        if (mustCancel) {
            withdrawCancellation();
            throw new CancelledError(cancelReason);
        }
    }

    // ---- cancellation

    @Override
    public boolean cancel(String reason) {
        if (isDone()) {
            return false;
        }
        if (loop.isCurrent()) {
            return cancelNow(reason);
        }
        loop.enqueue(() -> cancelNow(reason));
        return true;
    }

    /** Passes the request down the chain of tasks that wait for each other. */
    private boolean cancelNow(String reason) {
        if (isDone()) {
            return false;
        }
        LoopTask<?> task = this;
        task.cancelRequests++;
        for (int left = loop.tasks.size(); left > 0; left--) {
            if (!(task.awaited instanceof LoopTask<?> next && next.loop == loop && !next.isDone())) {
                task.request(reason);
                return true;
            }
            task = next;
            task.cancelRequests++;
        }
        // More links than tasks: they wait for each other in a ring. One has to give up waiting, or none ever ends.
        task.awaited = null;
        task.request(reason);
        loop.enqueue(task);
        return true;
    }

    private void request(String reason) {
        if (awaited != null && awaited.cancel(reason)) {
            return;
        }
        mustCancel = true;
        cancelReason = reason;
        if (blocked && strand != null) {
            interrupted = true;
            strand.interrupt();
        }
    }

    /** How many requests to cancel have not been taken back. */
    int cancelRequests() {
        return cancelRequests;
    }

    /** Takes one request back. In the body. Returns how many are left. */
    int uncancel() {
        if (cancelRequests > 0 && --cancelRequests == 0) {
            withdrawCancellation();
        }
        return cancelRequests;
    }

    /** The cancellation that the JDK made {@code error} of when it was interrupted for it, else {@code error}. In the body. */
    Throwable asCancellation(Throwable error) {
        if (!mustCancel || !interrupted) {
            return error;
        }
        withdrawCancellation();
        return new CancelledError(cancelReason, error);
    }

    private void withdrawCancellation() {
        mustCancel = false;
        if (interrupted) {
            interrupted = false;
            Thread.interrupted();
        }
    }

    // ---- what others see

    @Override
    public State state() {
        return stateOr(running || blocked ? State.RUNNING : State.WAITING);
    }

    @Override
    public String name() {
        var given = name;
        return given != null ? given : "Task-" + number;
    }

    /** For error texts: the name and what the task waits for. */
    String describe() {
        var what = awaited;
        return what == null ? name() : name() + " waits for " + what;
    }
}
