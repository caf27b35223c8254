package dev.simul;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

// asyncio.TaskGroup, step by step
//
// The first failure of a task aborts the group: its siblings are cancelled, and so is the owner, if it is inside the
// group, so that it comes to the end. There it waits for all, takes the group's own request to cancel back, and throws.
// Failures win over cancellation; if somebody else has asked the owner to end meanwhile, that request is made once more
// and comes out at the owner's next wait.
//
// Between open() and join() the owner is not cancelled: close() could not turn the CancelledError into the failure, as
// try-with-resources lets the first exception win. So open/join has the rules of the JDK's StructuredTaskScope there,
// and within() has asyncio's.

/**
 * Tasks that end together: none outlives the group, and the first that fails cancels the others.
 *
 * <pre>{@code
 * try (var group = TaskGroup.<Integer>open()) {
 *     for (var url : urls) group.fork(() -> countWords(url));
 *     return group.join().stream().mapToInt(Integer::intValue).sum();
 * }
 * }</pre>
 *
 * <p>The words are those of the JDK's {@code StructuredTaskScope}; what differs is asyncio's: tasks of the group may fork,
 * and all failures are reported, the first one with the others {@linkplain Throwable#getSuppressed suppressed} in it.
 * A task that was cancelled by itself is not a failure.
 *
 * <p>Thread: coroutines of the owner's loop; {@code join} and {@code close} the owner alone, which is the coroutine that
 * opened the group.
 *
 * @param <T> what the tasks return
 */
public final class TaskGroup<T extends @Nullable Object> implements AutoCloseable {

    /**
     * What is done in a group.
     *
     * @param <T> what the group's tasks return
     * @param <R> what the body returns
     */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object, R extends @Nullable Object> {
        /**
         * Does the work.
         *
         * @throws Exception whatever the work throws
         */
        R run(TaskGroup<T> group) throws Exception;
    }

    private final LoopTask<?> owner;
    private final Set<LoopTask<?>> running = new LinkedHashSet<>();
    private final List<@Nullable Outcome<? extends T>> outcomes = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private boolean cancelsOwner;
    private boolean ownerCancelled;
    private boolean forked;
    private boolean joined;
    private boolean ending;
    private boolean aborting;
    private @Nullable Promise<@Nullable Void> allEnded;

    private TaskGroup(LoopTask<?> owner, boolean cancelsOwner) {
        this.owner = owner;
        this.cancelsOwner = cancelsOwner;
    }

    /** A group that belongs to the coroutine that calls this, which has to close it. */
    public static <T extends @Nullable Object> TaskGroup<T> open() {
        return new TaskGroup<>(LoopTask.current("TaskGroup.open()", "use java.util.concurrent.ExecutorService"), false);
    }

    /**
     * Runs a body that itself waits for things, and joins the group: a task's failure also cancels the body.
     *
     * @return what the body returns
     * @throws Exception the first failure of a task, else of the body, with the others suppressed
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> R within(Body<T, R> body) throws Exception {
        var owner = LoopTask.current("TaskGroup.within(…)", "use java.util.concurrent.ExecutorService");
        var group = new TaskGroup<T>(owner, true);
        R result;
        try {
            result = body.run(group);
        } catch (Throwable e) {
            throw group.end(owner.asCancellation(e));
        }
        group.endNormally();
        return result;
    }

    /**
     * Starts a task of the group.
     *
     * @throws IllegalStateException if the group has ended or is ending because a task failed
     */
    public <U extends T> Task<U> fork(Callable<? extends U> work) {
        int position = outcomes.size();
        checkForking();
        LoopTask<U> task = owner.loop.spawn(null, work);
        running.add(task);
        outcomes.add(null);
        task.react(new LoopCallback(
                owner.loop,
                () -> {
                    outcomes.set(position, task.ended());
                    ended(task);
                },
                owner));
        return task;
    }

    /** Starts a task that has no place among the results of {@link #join}. */
    public Task<@Nullable Void> fork(Action work) {
        checkForking();
        var task = owner.loop.spawn(null, work);
        running.add(task);
        task.react(new LoopCallback(owner.loop, () -> ended(task), owner));
        return task;
    }

    /**
     * Waits until all tasks have ended. If the owner is cancelled meanwhile, so are they.
     *
     * @return the results in the order of forking, without those of tasks that were cancelled
     * @throws Exception the first failure, with the others suppressed
     */
    public List<T> join() throws Exception {
        requireOwner("join()");
        if (joined) {
            throw new IllegalStateException("a TaskGroup can be joined once");
        }
        joined = true;
        cancelsOwner = true;
        endNormally();
        List<T> results = new ArrayList<>(outcomes.size());
        for (var outcome : outcomes) {
            if (outcome instanceof Outcome.Returned<? extends T> returned) {
                results.add(returned.value());
            }
        }
        return results;
    }

    /**
     * Cancels the tasks that have not ended, and waits for them.
     *
     * @throws TaskFailedException a failure that {@code join} has not thrown; unchecked ones are thrown as they are
     * @throws IllegalStateException if there were tasks and they were never joined
     */
    @Override
    public void close() {
        requireOwner("close()");
        boolean forgotten = forked && !joined && owner.cancelRequests() == 0;
        stop();
        var cancelled = awaitAll();
        if (!failures.isEmpty()) {
            var failure = takeFailures();
            Traceback.passOnFromGroup(failure);
            throw Completion.unchecked("in a TaskGroup", failure);
        }
        if (cancelled != null) {
            throw cancelled;
        }
        if (forgotten) {
            throw new IllegalStateException("a TaskGroup was closed before join(): its tasks were cancelled");
        }
    }

    /** Cancels what runs and accepts no more: the results are not wanted. */
    void stop() {
        joined = true;
        ending = true;
        if (!aborting) {
            abort();
        }
    }

    private void checkForking() {
        if (EventLoop.current() != owner.loop) {
            throw new IllegalStateException(
                    "fork(…) must be called in a coroutine of the loop that the group belongs to");
        }
        if (ending && running.isEmpty()) {
            throw new IllegalStateException("the TaskGroup has ended: fork before join()");
        }
        if (aborting) {
            var refusal = new IllegalStateException("the TaskGroup is shutting down: it takes no more tasks");
            if (!failures.isEmpty()) {
                refusal.initCause(failures.getFirst());
            }
            throw refusal;
        }
        forked = true;
    }

    private void ended(LoopTask<?> task) {
        running.remove(task);
        if (allEnded != null && running.isEmpty()) {
            allEnded.complete(null);
        }
        if (!(task.outcome() instanceof Outcome.Threw<?> threw)) {
            return;
        }
        failures.add(threw.error());
        if (aborting || ownerCancelled) {
            return;
        }
        abort();
        if (cancelsOwner) {
            ownerCancelled = true;
            owner.cancel("a task of its group failed");
        }
    }

    private void abort() {
        aborting = true;
        List.copyOf(running).forEach(Task::cancel);
    }

    private void endNormally() throws Exception {
        var error = end(null);
        if (error != null) {
            throw error;
        }
    }

    /** Waits for the tasks. Returns what the owner has to throw, if anything; {@code bodyError} is what it was to throw. */
    @SuppressWarnings("ReferenceEquality") // this very failure
    private @Nullable Exception end(@Nullable Throwable bodyError) {
        ending = true;
        if (bodyError != null && !aborting) {
            abort();
        }
        var cancelled = bodyError instanceof CancelledError error ? error : null;
        var cancelledWaiting = awaitAll();
        if (cancelledWaiting != null) {
            cancelled = cancelledWaiting;
        }
        if (ownerCancelled && owner.uncancel() == 0) {
            cancelled = null;
        }
        if (bodyError != null && !(bodyError instanceof CancelledError)) {
            failures.add(bodyError);
        }
        if (!failures.isEmpty()) {
            if (owner.cancelRequests() > 0) {
                owner.uncancel();
                owner.cancel();
            }
            var failure = takeFailures();
            if (failure != bodyError) {
                Traceback.passOnFromGroup(failure);
            }
            return Completion.asThrown(failure);
        }
        if (cancelled != null) {
            throw cancelled;
        }
        return null;
    }

    /** Returns the cancellation of the owner that made the group end, if one did. */
    private @Nullable CancelledError awaitAll() {
        CancelledError cancelled = null;
        while (!running.isEmpty()) {
            allEnded = new DependentPromise<>("the end of a TaskGroup", () -> running, true);
            try {
                allEnded.join();
            } catch (CancelledError e) {
                if (!aborting) {
                    cancelled = e;
                    abort();
                }
            }
            allEnded = null;
        }
        return cancelled;
    }

    private Throwable takeFailures() {
        var all = combine(failures);
        failures.clear();
        return all;
    }

    /** The first failure, the others suppressed in it. */
    @SuppressWarnings("ReferenceEquality") // nothing can suppress itself
    static Throwable combine(List<Throwable> failures) {
        var first = failures.getFirst();
        for (var failure : failures) {
            if (failure != first) {
                first.addSuppressed(failure);
            }
        }
        return first;
    }

    private void requireOwner(String caller) {
        if (!Objects.equals(LoopTask.current(), owner)) {
            throw new IllegalStateException(
                    caller + " must be called by the coroutine that opened the group, " + owner.name());
        }
    }
}
