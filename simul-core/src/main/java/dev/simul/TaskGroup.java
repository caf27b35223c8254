package dev.simul;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

// asyncio.TaskGroup, step by step
//
// The first failure of a task aborts the group: its siblings are cancelled, and so is the owner, if it is inside the
// group, so that it comes to the end. There it waits for all, takes the group's own request to cancel back, and
// throws. Failures win over cancellation; if somebody else has asked the owner to end meanwhile, that request is made
// once more and comes out at the owner's next wait. A request is never lost: what arrives while the owner waits for
// tasks that are being cancelled already is swallowed there, but comes out behind the group.
//
// Between open() and join() the owner is not cancelled: close() could not turn the CancelledError into the failure, as
// try-with-resources lets the first exception win. So open/join has the rules of the JDK's StructuredTaskScope there,
// and within() has asyncio's.
//
// Scopes: the tasks begin in the scope in which the group was opened and hear of its cancellation themselves. So an
// owner who has heard of it waits for them with deaf ears, or each of its waits would end at once.

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
 * and all failures are reported, the first one with the others {@linkplain Throwable#getSuppressed suppressed} in it
 * ({@link #failuresOf} lists them). A {@link VirtualMachineError} goes before the others. A task that was cancelled by itself
 * is not a failure.
 *
 * <p>In a <em>supervisor</em> the tasks stand for themselves: one that fails touches nobody, and the group goes on.
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

    /**
     * A task that tells when it is ready; see {@link TaskGroup#start}.
     *
     * @param <V> what it has to tell then
     */
    @FunctionalInterface
    public interface Service<V extends @Nullable Object> {
        /**
         * Does the work, and calls {@link TaskStatus#started} once in it.
         *
         * @throws Exception whatever the work throws
         */
        void run(TaskStatus<V> status) throws Exception;
    }

    private final LoopTask<?> owner;
    private final @Nullable CancelScope scope;
    private final boolean supervising;
    private final @Nullable BiConsumer<? super Task<?>, ? super Throwable> onFailure;
    private final int requestsBefore;
    private final Set<LoopTask<?>> running = new LinkedHashSet<>();
    private final List<@Nullable Outcome<? extends T>> outcomes = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private @Nullable Set<LoopTask<?>> daemons;
    private int starting;
    private boolean cancelsOwner;
    private boolean ownerCancelled;
    private boolean forked;
    private boolean joined;
    private boolean ending;
    private boolean aborting;
    private boolean cancelled;
    private boolean daemonsCancelled;
    private @Nullable CancelledError swallowed;
    private @Nullable Promise<@Nullable Void> allEnded;

    private TaskGroup(
            LoopTask<?> owner,
            boolean cancelsOwner,
            boolean supervising,
            @Nullable BiConsumer<? super Task<?>, ? super Throwable> onFailure) {
        this.owner = owner;
        this.scope = owner.scope();
        this.requestsBefore = owner.admittedRequests();
        this.cancelsOwner = cancelsOwner;
        this.supervising = supervising;
        this.onFailure = onFailure;
    }

    /** A group that belongs to the coroutine that calls this, which has to close it. */
    public static <T extends @Nullable Object> TaskGroup<T> open() {
        return new TaskGroup<>(owner("TaskGroup.open()"), false, false, null);
    }

    /**
     * A group in which a task that fails touches nobody. Whoever holds the task sees its failure; one that nobody looks at
     * is logged.
     */
    public static <T extends @Nullable Object> TaskGroup<T> openSupervisor() {
        return new TaskGroup<>(owner("TaskGroup.openSupervisor()"), false, true, null);
    }

    /**
     * A group in which a task that fails touches nobody.
     *
     * @param onFailure gets each task that failed and what it threw, on the loop's thread; what it throws itself fails the
     *     group, siblings and all
     */
    public static <T extends @Nullable Object> TaskGroup<T> openSupervisor(
            BiConsumer<? super Task<?>, ? super Throwable> onFailure) {
        return new TaskGroup<>(owner("TaskGroup.openSupervisor(…)"), false, true, onFailure);
    }

    /**
     * Runs a body that itself waits for things, and joins the group: a task's failure also cancels the body.
     *
     * @return what the body returns; null if {@link #cancel()} ended it
     * @throws Exception the first failure of a task, else of the body, with the others suppressed
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> R within(Body<T, R> body) throws Exception {
        return new TaskGroup<T>(owner("TaskGroup.within(…)"), true, false, null).run(body);
    }

    /**
     * {@link #within} in a group in which a task that fails touches nobody; see {@link #openSupervisor()}. If the body
     * fails or is cancelled, the tasks are cancelled.
     *
     * @return what the body returns; null if {@link #cancel()} ended it
     * @throws Exception what the body throws
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> R supervise(Body<T, R> body)
            throws Exception {
        return new TaskGroup<T>(owner("TaskGroup.supervise(…)"), true, true, null).run(body);
    }

    /**
     * {@link #supervise(Body)} with somebody who is told of failures; see {@link #openSupervisor(BiConsumer)}.
     *
     * @return what the body returns; null if {@link #cancel()} ended it
     * @throws Exception what the body throws, or {@code onFailure}
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> R supervise(
            BiConsumer<? super Task<?>, ? super Throwable> onFailure, Body<T, R> body) throws Exception {
        return new TaskGroup<T>(owner("TaskGroup.supervise(…)"), true, true, onFailure).run(body);
    }

    /**
     * All failures in what a group has thrown: itself first, then those that are suppressed in it, at any depth, in the order
     * in which they came.
     */
    public static List<Throwable> failuresOf(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> all = new ArrayList<>();
        all.add(thrown);
        seen.add(thrown);
        for (int i = 0; i < all.size(); i++) {
            for (var suppressed : all.get(i).getSuppressed()) {
                if (seen.add(suppressed)) {
                    all.add(suppressed);
                }
            }
        }
        return all;
    }

    private static LoopTask<?> owner(String caller) {
        return LoopTask.current(caller, "use java.util.concurrent.ExecutorService");
    }

    // ---- tasks

    /**
     * Starts a task of the group.
     *
     * @throws IllegalStateException if the group has ended or is ending because a task failed
     */
    public <U extends T> Task<U> fork(Callable<? extends U> work) {
        return forkNamed(null, work);
    }

    /** {@link #fork(Callable)} with a name for people. */
    public <U extends T> Task<U> fork(String name, Callable<? extends U> work) {
        return forkNamed(name, work);
    }

    /** Starts a task that has no place among the results of {@link #join}. */
    public Task<@Nullable Void> fork(Action work) {
        return forkNamed(null, work);
    }

    /** {@link #fork(Action)} with a name for people. */
    public Task<@Nullable Void> fork(String name, Action work) {
        return forkNamed(name, work);
    }

    /** Starts a task that is cancelled when only such ones are left, and has no place among the results of {@link #join}. */
    public Task<@Nullable Void> forkDaemon(Action work) {
        return forkNamedDaemon(null, work);
    }

    /** {@link #forkDaemon(Action)} with a name for people. */
    public Task<@Nullable Void> forkDaemon(String name, Action work) {
        return forkNamedDaemon(name, work);
    }

    private <U extends T> Task<U> forkNamed(@Nullable String name, Callable<? extends U> work) {
        checkForking("fork(…)");
        LoopTask<U> task = begun(LoopTask.of(owner.loop, name, work));
        int position = outcomes.size();
        outcomes.add(null);
        add(task, () -> {
            outcomes.set(position, task.ended());
            ended(task);
        });
        return task;
    }

    private Task<@Nullable Void> forkNamed(@Nullable String name, Action work) {
        checkForking("fork(…)");
        var task = begun(LoopTask.of(owner.loop, name, work));
        add(task, () -> ended(task));
        return task;
    }

    private Task<@Nullable Void> forkNamedDaemon(@Nullable String name, Action work) {
        checkForking("forkDaemon(…)");
        var task = begun(LoopTask.of(owner.loop, name, work));
        if (daemons == null) {
            daemons = new LinkedHashSet<>();
        }
        daemons.add(task);
        add(task, () -> ended(task));
        return task;
    }

    /** Starts a task in the group's scope: a loop of eager tasks lets it take its first step before this returns. */
    private <U extends @Nullable Object> LoopTask<U> begun(LoopTask<U> task) {
        if (scope != null) {
            task.inherit(scope);
        }
        return owner.loop.start(task);
    }

    private void add(LoopTask<?> task, Runnable whenEnded) {
        running.add(task);
        task.react(new LoopCallback(owner.loop, whenEnded, owner));
        if (aborting) { // by the first step of an eager task
            task.cancel();
        }
    }

    /**
     * Starts a task of the group and waits until it says that it is ready: a server until its port is bound.
     *
     * <p>Until then the task belongs to the caller: its failure is thrown here and not a failure of the group, and a caller
     * that is cancelled cancels it and waits for it. Then it belongs to the group.
     *
     * @return what the task has given to {@link TaskStatus#started}
     * @throws IllegalStateException if the task ends without having called that; if the group has ended or is ending
     *     because a task failed
     * @throws Exception what the task throws before it is ready
     */
    public <V extends @Nullable Object> V start(Service<V> work) throws Exception {
        return start(null, work);
    }

    /** {@link #start(Service)} with a name for people. */
    public <V extends @Nullable Object> V start(@Nullable String name, Service<V> work) throws Exception {
        checkForking("start(…)");
        var status = new TaskStatus<V>(this);
        starting++;
        try {
            TaskGroup.<@Nullable Void, @Nullable Void>within(nursery -> {
                var task = LoopTask.of(owner.loop, name, () -> status.run(work));
                status.begin(nursery, task);
                nursery.begun(task);
                return null;
            });
        } finally {
            starting--;
            tellIfAllEnded();
        }
        return status.value();
    }

    /** Takes a task that is about to be started. */
    void takeOver(LoopTask<?> task, Runnable whenEnded) {
        add(task, whenEnded);
    }

    /** Takes a task that has been started from the group in which it began. */
    void takeOver(LoopTask<?> task, TaskGroup<?> nursery) {
        running.add(task);
        task.inherit(scope);
        nursery.running.remove(task);
        nursery.tellIfAllEnded();
        if (aborting) {
            task.cancel();
        }
    }

    @Nullable
    CancelScope scope() {
        return scope;
    }

    boolean isAborting() {
        return aborting;
    }

    /** The tasks that have not ended, in the order of their start. */
    public List<Task<?>> tasks() {
        return List.copyOf(running);
    }

    // ---- ending

    /**
     * Ends the group: its tasks are cancelled, and so is the owner, if it is in the body of {@link #within} or in
     * {@link #join}. Nothing is thrown for it: the group ends as if all had been done. Calling it again, or after the end, does
     * nothing.
     */
    public void cancel() {
        cancel("");
    }

    /**
     * {@link #cancel()} with a reason, which becomes the message of the {@link CancelledError} in the tasks.
     *
     * @param reason for people; empty for none
     */
    public void cancel(String reason) {
        if (EventLoop.current() != owner.loop) {
            owner.loop.enqueue(() -> cancelNow(reason));
        } else {
            cancelNow(reason);
        }
    }

    private void cancelNow(String reason) {
        if (aborting || (ending && isEmpty())) {
            return;
        }
        cancelled = true;
        abort(reason);
        cancelOwner(reason);
    }

    /**
     * Waits until all tasks have ended. If the owner is cancelled meanwhile, so are they.
     *
     * @return the results in the order of forking, without those of tasks that were cancelled, or failed in a supervisor
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
        outcomes.clear();
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
        boolean forgotten = forked
                && !joined
                && !cancelled
                && owner.cancelRequests() == 0
                && (scope == null || scope.cancelledBy() == null);
        stop();
        awaitAll();
        if (swallowed != null) {
            swallowed = null;
            owner.requestAgain();
        }
        outcomes.clear();
        if (!failures.isEmpty()) {
            var failure = takeFailures();
            Traceback.passOnFromGroup(failure);
            throw Completion.unchecked("in a TaskGroup", failure);
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
            abort("");
        }
    }

    private void checkForking(String caller) {
        if (EventLoop.current() != owner.loop) {
            throw new IllegalStateException(
                    caller + " must be called in a coroutine of the loop that the group belongs to");
        }
        if (ending && isEmpty()) {
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

    void ended(LoopTask<?> task) {
        running.remove(task);
        if (daemons != null) {
            daemons.remove(task);
        }
        tellIfAllEnded();
        if (task.outcome() instanceof Outcome.Threw<?> threw && !owner.isDone()) {
            if (!supervising) {
                failed(threw.error());
            } else if (onFailure != null) {
                try {
                    onFailure.accept(task, threw.error());
                } catch (Throwable e) {
                    failed(e);
                }
            }
        }
    }

    private void failed(Throwable error) {
        failures.add(error);
        if (!aborting && !ownerCancelled) {
            abort("");
            cancelOwner("a task of its group failed");
        }
    }

    private void cancelOwner(String reason) {
        if (cancelsOwner && !ownerCancelled) {
            ownerCancelled = true;
            owner.cancelFrom(scope, reason);
        }
    }

    private void abort(String reason) {
        aborting = true;
        for (var task : List.copyOf(running)) {
            task.cancel(reason);
        }
    }

    private void tellIfAllEnded() {
        if (allEnded != null && (isEmpty() || (onlyDaemonsRun() && !daemonsCancelled))) {
            allEnded.complete(null);
        }
    }

    private boolean isEmpty() {
        return running.isEmpty() && starting == 0;
    }

    private boolean onlyDaemonsRun() {
        return daemons != null && running.size() == daemons.size() && starting == 0;
    }

    private <R extends @Nullable Object> R run(Body<T, R> body) throws Exception {
        R result;
        try {
            result = body.run(this);
        } catch (Throwable e) {
            var error = end(owner.asCancellation(e));
            if (error != null) {
                throw error;
            }
            return Turns.uncheckedNull(null);
        }
        endNormally();
        return result;
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
            abort("");
        }
        var cancellation = bodyError instanceof CancelledError error ? error : null;
        var cancelledWaiting = awaitAll();
        if (cancelledWaiting != null) {
            cancellation = cancelledWaiting;
        }
        boolean scopeCancelled = scope != null && scope.cancelledBy() != null;
        if (ownerCancelled) {
            owner.uncancel();
            if (owner.admittedRequests() == 0 && !scopeCancelled) {
                cancellation = null;
            }
        }
        if (bodyError != null && !(bodyError instanceof CancelledError)) {
            failures.add(bodyError);
        }
        if (!failures.isEmpty()) {
            if (owner.admittedRequests() > 0) {
                owner.requestAgain();
            }
            var failure = takeFailures();
            if (failure != bodyError) {
                Traceback.passOnFromGroup(failure);
            }
            return Completion.asThrown(failure);
        }
        if (cancellation == null && (owner.admittedRequests() > requestsBefore || scopeCancelled)) {
            cancellation = swallowed;
        }
        swallowed = null;
        if (cancellation != null) {
            throw cancellation;
        }
        return null;
    }

    /** Returns the cancellation of the owner that made the group end, if one did. */
    private @Nullable CancelledError awaitAll() {
        CancelledError cancellation = null;
        while (!isEmpty()) {
            if (onlyDaemonsRun() && !daemonsCancelled) {
                daemonsCancelled = true;
                List.copyOf(running).forEach(Task::cancel);
            }
            try {
                awaitTasks();
            } catch (CancelledError e) {
                if (aborting) {
                    swallowed = e;
                } else {
                    cancellation = e;
                    abort("");
                }
            }
        }
        return cancellation;
    }

    private void awaitTasks() {
        var promise = new DependentPromise<@Nullable Void>("the end of a TaskGroup", () -> running, true);
        allEnded = promise;
        var deaf = aborting && scope != null ? owner.cancellation() : null;
        if (deaf != null) {
            deaf.deafToScopes = true;
        }
        try {
            promise.join();
        } finally {
            allEnded = null;
            if (deaf != null) {
                deaf.deafToScopes = false;
            }
        }
    }

    private Throwable takeFailures() {
        var all = combine(failures);
        failures.clear();
        swallowed = null;
        return all;
    }

    /** The first failure, or the first that is none of the program's own; the others are suppressed in it. */
    @SuppressWarnings("ReferenceEquality") // nothing can suppress itself
    static Throwable combine(List<Throwable> failures) {
        var first = failures.stream()
                .filter(VirtualMachineError.class::isInstance)
                .findFirst()
                .orElse(failures.getFirst());
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

    @Override
    public String toString() {
        var state = ending && isEmpty() ? "ended" : aborting ? "shutting down" : "running";
        return "TaskGroup[" + state + ", tasks " + running.size() + "]";
    }
}
