package dev.simul;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

// One field holds the life of a task
//
// `cell` is, while the task is pending, the reactions to its end: null, one Reaction, or a Chain of them, newest first.
// Its last value is the Outcome. Every change is one compare-and-set, so that a reaction either is in the chain that
// the ending thread takes over, or sees the outcome: none is lost, none runs twice, and nobody ever blocks. A task with
// one waiter, the usual case, allocates nothing for it. The ending thread turns the chain round: asyncio calls back in
// the order of registration, and so do we.

/** A task whose end is kept here. */
abstract sealed class Completion<T extends @Nullable Object> implements Task<T>, Awaited
        permits Promise, LoopTask, Gather, ThreadWork {

    private record Chain(Reaction reaction, Object older) {}

    private static final VarHandle CELL;

    static {
        try {
            CELL = MethodHandles.lookup().findVarHandle(Completion.class, "cell", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile @Nullable Object cell;

    @Override
    @SuppressWarnings("unchecked")
    public final @Nullable Outcome<T> outcome() {
        return cell instanceof Outcome<?> outcome ? (Outcome<T>) outcome : null;
    }

    /** Ends the task, unless it has ended. The reactions are called before this returns. */
    final boolean end(Outcome<T> outcome) {
        while (true) {
            Object before = cell;
            if (before instanceof Outcome<?>) {
                return false;
            }
            if (CELL.compareAndSet(this, before, outcome)) {
                callBack(before);
                reactionsCalled();
                return true;
            }
        }
    }

    /** Called when the task has ended and everybody has been told. */
    void reactionsCalled() {}

    /** Has {@code reaction} called at the end of the task, now if it has ended. */
    final void react(Reaction reaction) {
        while (true) {
            Object before = cell;
            if (before instanceof Outcome<?>) {
                reaction.ended(this);
                return;
            }
            if (CELL.compareAndSet(this, before, before == null ? reaction : new Chain(reaction, before))) {
                return;
            }
        }
    }

    /** What cancel() says of what has ended. Whoever cancels does not care for a failure: it counts as seen, as in asyncio. */
    final boolean tooLateToCancel() {
        if (outcome() instanceof Outcome.Threw<T> threw) {
            threw.markSeen();
        }
        return false;
    }

    /** Takes reactions back, and says how many. They must be such as were given to {@link #react}. */
    final int forget(Predicate<Reaction> unwanted) {
        while (true) {
            Object before = cell;
            if (before == null || before instanceof Outcome<?>) {
                return 0;
            }
            var all = reactionsIn(before);
            Object kept = null;
            int removed = 0;
            for (var reaction : all) {
                if (unwanted.test(reaction)) {
                    removed++;
                } else {
                    kept = kept == null ? reaction : new Chain(reaction, kept);
                }
            }
            if (removed == 0 || CELL.compareAndSet(this, before, kept)) {
                return removed;
            }
        }
    }

    /** The oldest first. */
    private static List<Reaction> reactionsIn(@Nullable Object reactions) {
        List<Reaction> all = new ArrayList<>();
        Object rest = reactions;
        while (rest instanceof Chain(Reaction reaction, Object older)) {
            all.add(reaction);
            rest = older;
        }
        if (rest instanceof Reaction oldest) {
            all.add(oldest);
        }
        return all.reversed();
    }

    /** Whoever is told of the end, for those who draw the graph of waits; oldest first. Any thread. */
    final List<Reaction> reactions() {
        return reactionsIn(cell);
    }

    private void callBack(@Nullable Object reactions) {
        if (reactions instanceof Chain newest) {
            Object rest = newest;
            Chain turned = null;
            while (rest instanceof Chain(Reaction reaction, Object older)) {
                turned = new Chain(reaction, turned == null ? this : turned);
                rest = older;
            }
            ((Reaction) rest).ended(this);
            for (Object next = turned; next instanceof Chain(Reaction reaction, Object later); next = later) {
                reaction.ended(this);
            }
        } else if (reactions instanceof Reaction only) {
            only.ended(this);
        }
    }

    @Override
    public final T await() throws Exception {
        var coroutine = LoopTask.current();
        if (coroutine != null) {
            if (!isDone()) { // in line here and not in a method of the coroutine: see there what a stack costs
                coroutine.beginWait(this);
                coroutine.park(this);
                coroutine.endWait(this);
            }
            return forCoroutine(passedOn(ended()));
        }
        if (!isDone()) {
            EventLoop.refuseToBlock("await()");
            new ParkedThread().await(this);
        }
        return forThread(passedOn(ended()));
    }

    private Outcome<T> passedOn(Outcome<T> outcome) {
        if (outcome instanceof Outcome.Threw<T> threw) {
            Traceback.passOn(threw.peek(), this);
        }
        return outcome;
    }

    /** The result, or what the work threw as that same object; a cancellation as the coroutine's form of it. */
    static <T extends @Nullable Object> T forCoroutine(Outcome<T> outcome) throws Exception {
        return switch (outcome) {
            case Outcome.Returned<T>(T value) -> value;
            case Outcome.Threw<T> threw -> throw asThrown(threw.error());
            // A new one for each who waits: it has its own stack, and what is suppressed in it is its own.
            case Outcome.Cancelled<T>(CancelledError error) -> throw new CancelledError(error);
        };
    }

    /** The result, or what the work threw as that same object; a cancellation as the JDK's form of it. */
    static <T extends @Nullable Object> T forThread(Outcome<T> outcome) throws Exception {
        try {
            return forCoroutine(outcome);
        } catch (CancelledError e) {
            throw ofJdk(e);
        }
    }

    /** For {@code throw}: a cancellation as the caller knows it. */
    static RuntimeException cancellation(CancelledError error) {
        var anew = new CancelledError(error);
        if (EventLoop.current() != null) {
            throw anew;
        }
        return ofJdk(anew);
    }

    private static CancellationException ofJdk(CancelledError error) {
        var exception = new CancellationException(error.getMessage());
        exception.initCause(error);
        return exception;
    }

    /** For {@code throw}: an {@link Error} does not come back. */
    static Exception asThrown(Throwable error) {
        return switch (error) {
            case Exception e -> e;
            case Error e -> throw e;
            // Only foreign byte code gets here: the language knows no other kind.
            default -> new TaskFailedException("?", error);
        };
    }

    @Override
    public final T join() {
        try {
            return await();
        } catch (Exception e) {
            throw unchecked(name(), e);
        }
    }

    /** For {@code throw} where no checked exception may be thrown. */
    static RuntimeException unchecked(String taskName, Throwable error) {
        return switch (error) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case InterruptedException e -> {
                Thread.currentThread().interrupt();
                yield new TaskFailedException(taskName, e);
            }
            default -> new TaskFailedException(taskName, error);
        };
    }

    /** The outcome of a task known to have ended. */
    final Outcome<T> ended() {
        return ended(this);
    }

    /** The outcome of a task that must have ended. */
    static <T extends @Nullable Object> Outcome<T> ended(Task<T> task) {
        var outcome = task.outcome();
        if (outcome == null) {
            throw new IllegalStateException("task " + task.name() + " has not ended: wait for it with await()");
        }
        return outcome;
    }

    /** The state of a task that has ended, or {@code otherwise}. */
    final State stateOr(State otherwise) {
        return switch (outcome()) {
            case null -> otherwise;
            case Outcome.Returned<T> _ -> State.DONE;
            case Outcome.Threw<T> _ -> State.FAILED;
            case Outcome.Cancelled<T> _ -> State.CANCELLED;
        };
    }

    @Override
    public final boolean isDone() {
        return cell instanceof Outcome<?>;
    }

    @Override
    public final void onDone(Consumer<? super Task<T>> callback) {
        react(new Callback<>(this, callback, EventLoop.current()));
    }

    @Override
    public final int removeOnDone(Consumer<? super Task<T>> callback) {
        return forget(reaction -> reaction instanceof Callback<?> registered && registered.calls(callback));
    }

    @Override
    public final CompletableFuture<T> toCompletableFuture() {
        var future = new TaskFuture<>(this);
        react(future);
        return future;
    }

    /** In asyncio's words. What is awaited is named, and not described: it may be a long chain, or a ring. */
    @Override
    public String toString() {
        var text = new StringBuilder("<").append(briefly());
        var what = awaited();
        if (what != null) {
            text.append(" wait_for=").append(brief(what));
        }
        var callbacks = reactionsIn(cell);
        if (!callbacks.isEmpty()) {
            text.append(" cb=[").append(brief(callbacks)).append(']');
        }
        switch (outcome()) {
            case Outcome.Returned<T>(T value) -> text.append(" result=").append(cut(String.valueOf(value)));
            case Outcome.Threw<T> threw ->
                text.append(" exception=").append(cut(threw.peek().toString()));
            case null, default -> {}
        }
        return text.append('>').toString();
    }

    static String brief(Awaited what) {
        return what instanceof Completion<?> task ? "<" + task.briefly() + ">" : what.toString();
    }

    private String briefly() {
        var state = switch (outcome()) {
            case null -> cancelRequests() > 0 ? "cancelling" : "pending";
            case Outcome.Cancelled<T> _ -> "cancelled";
            default -> "finished";
        };
        return kind() + " " + state + " name='" + name() + "'";
    }

    private String kind() {
        return this instanceof LoopTask<?> ? "Task" : this instanceof Promise<?> ? "Promise" : "Gather";
    }

    /** What this one waits for itself, as far as that is known. */
    @Nullable
    Awaited awaited() {
        return null;
    }

    private static String brief(List<Reaction> callbacks) {
        var first = callback(callbacks.getFirst());
        return switch (callbacks.size()) {
            case 1 -> first;
            case 2 -> first + ", " + callback(callbacks.getLast());
            default -> first + ", <" + (callbacks.size() - 2) + " more>, " + callback(callbacks.getLast());
        };
    }

    private static String callback(Reaction reaction) {
        return switch (reaction) {
            case LoopTask<?> waiter -> waiter.name();
            case Callback<?> registered -> registered.toString();
            default -> reaction.getClass().getSimpleName();
        };
    }

    private static String cut(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
