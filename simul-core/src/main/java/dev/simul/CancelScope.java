package dev.simul;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

// trio's scopes on asyncio's tasks
//
// Scopes are a tree: a scope's parent is the one in which its task was when it entered, and a task that is forked in
// a group begins in the scope in which the group was opened. Cancellation of a scope is a state and not an event:
// LoopTask asks before each wait and after it whether a scope between the task and the nearest shield is cancelled.
// cancel() has to do no more than wake those who wait at that moment.
//
// So a task needs no entry in its scope: its scope is in its Cancellation, and cancel() finds who is inside by `owner`,
// `inherited` and the inner scopes. A scope without groups and inner scopes costs this one object.
//
// What leaves the body as CancelledError is this scope's business if it is cancelled, no outer scope that reaches in
// here is (that one is then the one to catch it), and no request to cancel the task has come in meanwhile.

/**
 * A part of a coroutine's work that can be cancelled as a whole, with all tasks that are forked in groups inside.
 *
 * <pre>{@code
 * var scope = CancelScope.after(ofSeconds(5));
 * scope.run(() -> {
 *     for (var mirror : mirrors) download(mirror);
 * });
 * if (scope.cancelledCaught()) log("five seconds were not enough");
 * }</pre>
 *
 * <p>In a cancelled scope <em>every</em> wait ends at once with {@link CancelledError}, again and again, so that it cannot be
 * swallowed by accident; what the wait was for is not touched. (A coroutine that was waiting at the moment of the
 * cancellation passes it on to what it waits for, as {@link Task#cancel} does. A blocking call of the JDK is interrupted
 * once.) The scope catches the CancelledError when it leaves the body. Clean-up that has to wait does so in a shielded scope
 * with a deadline of its own:
 *
 * <pre>{@code
 * finally {
 *     CancelScope.after(ofSeconds(1)).shield(true).run(() -> connection.sayGoodbye());
 * }
 * }</pre>
 *
 * <p>Inside of a shielded scope nothing arrives that comes from outside of it: no cancellation of an outer scope, and no
 * request of {@link Task#cancel}, of a {@link Timeout} or of a {@link TaskGroup} around it; such a request is delivered at the
 * first wait after the shield.
 *
 * <p>Thread: coroutines of one loop; {@link #cancel()} any, once the scope is entered. Entered once.
 *
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#cancellation-and-timeouts">trio.CancelScope, whose
 *     rules these are</a>
 */
public final class CancelScope {

    private enum State {
        UNBOUND,
        ACTIVE,
        EXITED
    }

    private State state = State.UNBOUND;
    private @Nullable Duration limit;
    private Deadline deadline;
    private boolean shielded;
    private boolean cancelCalled;
    private String reason = "";
    private @Nullable CancelledError caught;

    private volatile @Nullable LoopTask<?> owner;
    private int requestsBefore;
    private @Nullable Timer timer;

    /** Tasks that began in here, and are not the owner. */
    private @Nullable Set<LoopTask<?>> inherited;

    private @Nullable CancelScope outer;
    private @Nullable CancelScope firstInner;
    private @Nullable CancelScope next;
    private @Nullable CancelScope previous;

    /** A scope without a deadline. */
    public CancelScope() {
        this(null, Deadline.NEVER);
    }

    private CancelScope(@Nullable Duration limit, Deadline deadline) {
        this.limit = limit;
        this.deadline = deadline;
    }

    /**
     * A scope that is cancelled some time after it was entered.
     *
     * @throws IllegalArgumentException if the time is negative
     */
    public static CancelScope after(Duration limit) {
        if (limit.isNegative()) {
            throw new IllegalArgumentException(
                    "a time limit must not be negative, was " + limit + ": use CancelScope.until(Deadline.PASSED)");
        }
        return new CancelScope(limit, Deadline.NEVER);
    }

    /** A scope that is cancelled at a moment. */
    public static CancelScope until(Deadline deadline) {
        return new CancelScope(null, deadline);
    }

    /** A scope into which no cancellation from outside comes until it is left. */
    public static CancelScope shielded() {
        return new CancelScope().shield(true);
    }

    /**
     * Runs {@code body} in this coroutine and in a scope that is cancelled after some time.
     *
     * @return what {@code body} returns, null if the scope ended it
     * @throws IllegalArgumentException if the time is negative
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> @Nullable T moveOnAfter(Duration limit, Callable<? extends T> body)
            throws Exception {
        return after(limit).run(body);
    }

    /** {@link #moveOnAfter(Duration, Callable)} for work without a result. */
    public static void moveOnAfter(Duration limit, Action body) throws Exception {
        after(limit).run(body);
    }

    /**
     * Runs {@code body} in this coroutine and in a scope that is cancelled at a moment.
     *
     * @return what {@code body} returns, null if the scope ended it
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> @Nullable T moveOnAt(Deadline deadline, Callable<? extends T> body)
            throws Exception {
        return until(deadline).run(body);
    }

    /** {@link #moveOnAt(Deadline, Callable)} for work without a result. */
    public static void moveOnAt(Deadline deadline, Action body) throws Exception {
        until(deadline).run(body);
    }

    /**
     * {@link #moveOnAfter(Duration, Callable)} that throws when the scope ended the body.
     *
     * @return what {@code body} returns
     * @throws TimeoutException if the scope ended the body
     * @throws IllegalArgumentException if the time is negative
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> T failAfter(Duration limit, Callable<? extends T> body)
            throws Exception {
        return after(limit).runOrFail("not done after " + limit, body);
    }

    /** {@link #failAfter(Duration, Callable)} for work without a result. */
    public static void failAfter(Duration limit, Action body) throws Exception {
        failAfter(limit, Async.callable(body));
    }

    /**
     * {@link #moveOnAt(Deadline, Callable)} that throws when the scope ended the body.
     *
     * @return what {@code body} returns
     * @throws TimeoutException if the scope ended the body
     * @throws Exception what {@code body} throws
     */
    public static <T extends @Nullable Object> T failAt(Deadline deadline, Callable<? extends T> body)
            throws Exception {
        return until(deadline).runOrFail("not done by the deadline, " + deadline, body);
    }

    /** {@link #failAt(Deadline, Callable)} for work without a result. */
    public static void failAt(Deadline deadline, Action body) throws Exception {
        failAt(deadline, Async.callable(body));
    }

    /**
     * The earliest deadline of the scopes that reach the present coroutine: {@link Deadline#PASSED} if one is cancelled,
     * {@link Deadline#NEVER} if none has a deadline. A {@link Timeout} is not a scope and does not count.
     */
    public static Deadline effectiveDeadline() {
        var earliest = Deadline.NEVER;
        var task = LoopTask.current("CancelScope.effectiveDeadline()", "keep the Deadline");
        for (var scope = task.scope(); scope != null; scope = scope.outer) {
            if (scope.cancelCalled) {
                return Deadline.PASSED;
            }
            if (scope.deadline.compareTo(earliest) < 0) {
                earliest = scope.deadline;
            }
            if (scope.shielded) {
                break;
            }
        }
        return earliest;
    }

    /**
     * Runs {@code body} in this coroutine and in this scope.
     *
     * @return what {@code body} returns, null if the scope's cancellation ended it
     * @throws IllegalStateException if the scope has been entered already, or if what was begun in it goes on after it
     * @throws Exception what {@code body} throws
     */
    public <T extends @Nullable Object> @Nullable T run(Callable<? extends T> body) throws Exception {
        var task = LoopTask.current("a CancelScope", "use Future.get(time, unit)");
        enter(task);
        T result;
        try {
            result = body.call();
        } catch (Throwable e) {
            var error = task.asCancellation(e);
            if (exit(error)) {
                return null;
            }
            throw Completion.asThrown(error);
        }
        exit(null);
        return result;
    }

    /** {@link #run(Callable)} for work without a result. */
    public void run(Action body) throws Exception {
        run(Async.callable(body));
    }

    private <T extends @Nullable Object> T runOrFail(String text, Callable<? extends T> body) throws Exception {
        T result = Turns.uncheckedNull(run(body));
        if (caught != null) {
            var timeout = new TimeoutException(text);
            timeout.initCause(caught);
            throw timeout;
        }
        return result;
    }

    /** Cancels the scope: from now on every wait in it ends with {@link CancelledError}. The first cancellation counts. */
    public void cancel() {
        cancel("");
    }

    /**
     * {@link #cancel()} with a reason, which becomes the message of the {@link CancelledError}.
     *
     * @param reason for people; empty for none
     */
    public void cancel(String reason) {
        var task = owner;
        if (task == null || task.loop.isCurrent()) {
            cancelNow(reason);
        } else {
            task.loop.enqueue(() -> cancelNow(reason));
        }
    }

    /** Whether the scope was cancelled or its deadline has passed, whatever came of it. */
    public boolean cancelCalled() {
        if (!cancelCalled && state != State.EXITED && !deadline.isNever()) {
            var loop = EventLoop.current();
            if (loop != null && deadline.nanos() <= loop.clock.nanos()) {
                cancelNow("the deadline has passed");
            }
        }
        return cancelCalled;
    }

    /** Whether the body has ended because of the scope's cancellation. */
    public boolean cancelledCaught() {
        return caught != null;
    }

    /** When the scope will be cancelled. Before it is entered, the time limit of {@link #after} does not count. */
    public Deadline deadline() {
        return deadline;
    }

    /** Moves the deadline; one that has passed cancels the scope at once. A cancelled scope stays cancelled. */
    public CancelScope deadline(Deadline deadline) {
        stopTimer();
        limit = null;
        this.deadline = deadline;
        if (state == State.ACTIVE) {
            startTimer(Objects.requireNonNull(owner));
        }
        return this;
    }

    /** Whether cancellation from outside is kept out. */
    public boolean isShielded() {
        return shielded;
    }

    /** Keeps cancellation from outside out, or lets it in. The scope's own cancellation and deadline work all the same. */
    public CancelScope shield(boolean shielded) {
        if (this.shielded != shielded) {
            this.shielded = shielded;
            var task = owner;
            if (state == State.ACTIVE && task != null) {
                if (shielded) {
                    task.holdBack();
                } else {
                    wakeWaiting();
                    task.release();
                }
            }
        }
        return this;
    }

    // ---- entering and leaving

    private void enter(LoopTask<?> task) {
        if (state != State.UNBOUND) {
            throw new IllegalStateException("a CancelScope is entered once: make one for each use");
        }
        state = State.ACTIVE;
        owner = task;
        var cancellation = task.cancellation();
        // One that has not arrived yet arrives in here, and is not ours.
        requestsBefore = cancellation.admitted() - (cancellation.due ? 1 : 0);
        linkInto(cancellation.scope);
        cancellation.scope = this;
        if (limit != null) {
            deadline = Deadline.after(limit);
        }
        startTimer(task);
        if (shielded) {
            task.holdBack();
        }
    }

    /** Returns whether the error that leaves the body, if one does, ends here. */
    private boolean exit(@Nullable Throwable error) {
        if (state == State.EXITED) { // an outer scope has been left before this one, and has said so
            return false;
        }
        var task = LoopTask.current("leaving a CancelScope", "leave it in its coroutine");
        var cancellation = task.cancellation();
        var wrong = isOf(task) ? whatGoesOn(cancellation) : notByTheOwner();
        if (wrong != null) {
            if (error != null) {
                wrong.addSuppressed(error);
            }
            throw wrong;
        }
        end(cancellation);
        task.release();
        task.forgetInterrupt();
        if (error instanceof CancelledError cancelled
                && cancelCalled
                && (shielded || outer == null || outer.cancelledBy() == null)
                && cancellation.admitted() <= requestsBefore) {
            caught = cancelled;
            return true;
        }
        return false;
    }

    private void end(Cancellation cancellation) {
        stopTimer();
        state = State.EXITED;
        cancellation.scope = outer;
        unlink();
    }

    private IllegalStateException notByTheOwner() {
        return new IllegalStateException("a CancelScope must be left by the coroutine that entered it, "
                + Objects.requireNonNull(owner).name()
                + ": a generator with a scope around its yield belongs to one coroutine");
    }

    /** What ends too late: it is cancelled, and that is an error. */
    private @Nullable IllegalStateException whatGoesOn(Cancellation cancellation) {
        boolean inner = !equals(cancellation.scope);
        if (!inner && (inherited == null || inherited.isEmpty())) {
            return null;
        }
        cancelNow("the scope around was left");
        for (var scope = cancellation.scope; scope != null && !equals(scope); scope = cancellation.scope) {
            scope.end(cancellation);
        }
        end(cancellation);
        return new IllegalStateException(
                inner
                        ? "a CancelScope was left while the coroutine was still within an inner one"
                        : "a CancelScope was left while tasks of a group opened in it still run: close the group first");
    }

    /** Has another scope around this one from now on. */
    void moveInto(@Nullable CancelScope scope) {
        unlink();
        linkInto(scope);
        wakeWaiting();
    }

    private void linkInto(@Nullable CancelScope scope) {
        outer = scope;
        if (scope != null) {
            next = scope.firstInner;
            if (next != null) {
                next.previous = this;
            }
            scope.firstInner = this;
        }
    }

    private void unlink() {
        if (next != null) {
            next.previous = previous;
        }
        if (previous != null) {
            previous.next = next;
        } else if (outer != null && equals(outer.firstInner)) {
            outer.firstInner = next;
        }
        next = null;
        previous = null;
    }

    /** A task begins in this scope. */
    void adopt(LoopTask<?> task) {
        if (inherited == null) {
            inherited = new LinkedHashSet<>();
        }
        inherited.add(task);
    }

    /** A task that began in this scope has ended, or lives elsewhere now. */
    void dismiss(LoopTask<?> task) {
        if (inherited != null) {
            inherited.remove(task);
        }
    }

    // ---- cancellation

    private void cancelNow(String reason) {
        if (!cancelCalled) {
            cancelCalled = true;
            this.reason = reason;
            stopTimer();
            wakeWaiting();
        }
    }

    /** Tells everybody in here who waits, if this scope is cancelled or an outer one that reaches in. */
    private void wakeWaiting() {
        if (cancelledBy() == null) {
            return;
        }
        Set<LoopTask<?>> inside = new LinkedHashSet<>();
        var left = new ArrayDeque<CancelScope>();
        left.add(this);
        for (var scope = left.poll(); scope != null; scope = left.poll()) {
            var task = scope.owner;
            if (task != null) {
                inside.add(task);
            }
            if (scope.inherited != null) {
                inside.addAll(scope.inherited);
            }
            for (var inner = scope.firstInner; inner != null; inner = inner.next) {
                left.add(inner);
            }
        }
        inside.forEach(LoopTask::scopeCancelled);
    }

    /** The scope whose cancellation reaches in here, perhaps this one; null if none does. */
    @Nullable
    CancelScope cancelledBy() {
        for (var scope = this; scope != null; scope = scope.outer) {
            if (scope.cancelCalled) {
                return scope;
            }
            if (scope.shielded) {
                return null;
            }
        }
        return null;
    }

    String reason() {
        return reason;
    }

    @Nullable
    CancelScope outer() {
        return outer;
    }

    @SuppressWarnings("ReferenceEquality") // this very task
    boolean isOf(LoopTask<?> task) {
        return owner == task;
    }

    // ---- the deadline

    private void startTimer(LoopTask<?> task) {
        if (cancelCalled || deadline.isNever()) {
            return;
        }
        if (deadline.nanos() <= task.loop.clock.nanos()) {
            cancelNow(expiry());
        } else {
            timer = new Expiry(deadline.nanos());
            task.loop.timers.add(timer);
        }
    }

    private void stopTimer() {
        var task = owner;
        if (timer != null && task != null) {
            task.loop.timers.cancel(timer);
            timer = null;
        }
    }

    private String expiry() {
        return limit != null ? "timed out after " + limit : "timed out at " + deadline;
    }

    @Override
    public String toString() {
        var text = new StringBuilder("CancelScope[").append(state.name().toLowerCase(Locale.ROOT));
        if (!deadline.isNever()) {
            text.append(", deadline ").append(deadline);
        }
        if (shielded) {
            text.append(", shielded");
        }
        if (cancelCalled) {
            text.append(", cancelled");
        }
        return text.append(']').toString();
    }

    private final class Expiry extends Timer {

        Expiry(long when) {
            super(when);
        }

        @Override
        @Nullable
        LoopTask<?> limits() {
            return owner;
        }

        @Override
        void fire() {
            timer = null;
            cancelNow(expiry());
        }
    }
}
