package dev.simul;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

// The life of a coroutine
//
// Not started, it has no thread: spawning a task and cancelling it costs an object. Its first step makes the strand.
// From then on it is in exactly one place: running, in the ready queue, waiting for something (`awaited`) that
// enqueues it when it ends, or blocked in a call of the JDK, whose end enqueues it through onRunnable(). All fields
// belong to the loop's thread, on which the body runs, too. Other threads come in by the loop's inbox.
//
// Cancellation is asyncio's, step by step. cancel() counts a request. If the task waits for something, the request is
// passed on to that, down to what can end at once: its end wakes the task. Otherwise the task is in the ready queue,
// or running, or not started: the request is noted as due, and delivered when the task next comes back from waiting.
// A body that returns before that is cancelled all the same; one that never started never starts. One request is one
// CancelledError: who swallows it lives on. uncancel() takes a request back, and the last one takes back what is due.
//
// The cancellation of a CancelScope is no request: whoever waits in it asks for it before and after the wait, see
// Cancellation.
//
// A task that is blocked in the JDK is interrupted. What the JDK makes of it (InterruptedException, SocketException,
// ...) has then to count as the cancellation; see asCancellation().
//
// Tasks that wait for tasks can be a long chain or, by mistake, a ring. So a request is passed along in a loop and not
// by recursion, and a ring is found by counting.
//
// There may be a million of these: hence a count instead of a name, links instead of a set, one field for the body and
// then its outcome, and no field that a smaller object can have when it is needed.
//
// The stack counts more than the fields. C2 puts what it inlines into one frame, 15 levels deep, and run() -> body ->
// await() -> park() -> suspend() -> the JDK's yield are just so many: one more method in between is another frame, 64
// bytes and more for each parked coroutine. And what a method still uses after the wait has a slot there meanwhile;
// therefore bodyEnded() looks its task up anew.

/** A coroutine of an event loop. */
final class LoopTask<T extends @Nullable Object> extends Completion<T>
        implements Strand.Owner, Step, Reaction, ContextHolder {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    final EventLoop loop;

    /** Neighbours in the loop's list of live tasks. */
    @Nullable
    LoopTask<?> older;

    @Nullable
    LoopTask<?> newer;

    private final int number = NUMBERS.incrementAndGet();
    private final @Nullable String name;

    /** A Callable or an Action; the Outcome when the body has ended; null when the task has. */
    private @Nullable Object work;

    private @Nullable Strand strand;
    private @Nullable Awaited awaited;
    private @Nullable Cancellation cancellation;

    /** The values of its task-locals: see {@link ContextHolder}. */
    private @Nullable Object context = Context.snapshot();

    private LoopTask(EventLoop loop, @Nullable String name, Object work) {
        this.loop = loop;
        this.name = name;
        this.work = work;
        if (loop.isDebug()) {
            Traceback.spawned(this);
        }
    }

    static <T extends @Nullable Object> LoopTask<T> of(
            EventLoop loop, @Nullable String name, Callable<? extends T> body) {
        return new LoopTask<>(loop, name, body);
    }

    static LoopTask<@Nullable Void> of(EventLoop loop, @Nullable String name, Action body) {
        return new LoopTask<>(loop, name, body);
    }

    /** The task in whose body the caller runs, or in a generator's body that is driven by the task's; or null. */
    static @Nullable LoopTask<?> current() {
        var strand = Strand.current();
        while (strand != null && strand.owner instanceof Turns<?, ?> turns) {
            strand = turns.hostOfOneKind();
        }
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

    @Override
    public @Nullable Object context() {
        return context;
    }

    @Override
    public void context(@Nullable Object context) {
        this.context = context;
    }

    // ---- the loop's side

    /** Runs the body until it waits, ends, or blocks in the JDK. */
    @Override
    public void step() {
        var coroutine = strand;
        if (coroutine == null) {
            if (isDone()) {
                if (work != null) { // submitted while the loop was closing: the submitter ended it
                    work = null;
                    loop.tasks.remove(this);
                }
                return;
            }
            if (cancellation != null && cancellation.due) {
                finish(new Outcome.Cancelled<>(new CancelledError(cancellation.reason)));
                return;
            }
            try {
                coroutine = Strand.of(this, name);
            } catch (Throwable e) { // no thread to be had: that is this task's failure, not the loop's
                finish(new Outcome.Threw<>(e));
                return;
            }
            strand = coroutine;
        } else if (awaited == CallOfTheJdk.IT) {
            awaited = null;
            loop.blockedTasks--;
        }
        loop.switches++;
        var instruments = loop.instruments;
        do {
            loop.running = this;
            if (instruments == null) {
                coroutine.resume();
            } else {
                instruments.resume(this, coroutine);
            }
            loop.running = null;
        } while (loop.eager != null && firstStepOf(loop.eager));
        if (!coroutine.isSuspended()) {
            if (coroutine.isEnded()) {
                finish(outcomeOfBody());
            } else {
                awaited = CallOfTheJdk.IT;
                loop.blockedTasks++;
                if (cancellation != null) {
                    interruptIfCancelled();
                }
            }
        }
    }

    /** The body has stopped to let a task start that it has just spawned, and goes on when that waits or has ended. */
    private static boolean firstStepOf(LoopTask<?> eager) {
        eager.loop.eager = null;
        eager.step();
        return true;
    }

    /** How the body ended, or what becomes of that if a cancellation was on its way to it. */
    @SuppressWarnings("unchecked")
    private Outcome<T> outcomeOfBody() {
        if (!(work instanceof Outcome<?> outcome)) {
            return new Outcome.Threw<>(new IllegalStateException("the strand of " + name() + " died"));
        }
        var own = (Outcome<T>) outcome;
        if (cancellation == null) {
            return own;
        }
        var interruptedFor = cancellation.interrupted ? whyCancelled() : null;
        return switch (own) {
            case Outcome.Returned<T> _
            when cancellation.due -> new Outcome.Cancelled<>(new CancelledError(cancellation.reason));
            case Outcome.Threw<T> threw
            when interruptedFor != null -> new Outcome.Cancelled<>(new CancelledError(interruptedFor, threw.error()));
            case Outcome.Returned<T> returned -> returned;
            case Outcome.Threw<T> threw -> threw;
            case Outcome.Cancelled<T> cancelled -> cancelled;
        };
    }

    private void finish(Outcome<T> outcome) {
        work = null;
        strand = null;
        loop.tasks.remove(this);
        if (cancellation != null && cancellation.base != null) {
            cancellation.base.dismiss(this);
        }
        if (outcome instanceof Outcome.Threw<T> failure) {
            loop.failures.watch(this, failure);
        }
        end(outcome);
        var instruments = loop.instruments;
        if (instruments != null) {
            instruments.tell(instrument -> instrument.taskExited(this));
        }
    }

    /** Whether the body has stopped in the middle of a method of the JDK. Between its steps, and right after one. */
    boolean isBlockedInJdk() {
        return strand != null && !strand.isSuspended() && !strand.isEnded();
    }

    /** What the task waits for has ended. */
    @Override
    public void ended(Completion<?> task) {
        loop.enqueue(this);
    }

    /** The JDK lets the body go on. */
    @Override
    public void onRunnable() {
        loop.enqueue(this);
    }

    // ---- the body's side

    @Override
    @SuppressWarnings({"unchecked", "NullAway"}) // of() has seen to it that an Action's T is Void
    public void run() {
        try {
            T value = null;
            if (work instanceof Callable<?> body) {
                value = (T) body.call();
            } else {
                ((Action) work).run();
            }
            bodyEnded(new Outcome.Returned<>(value));
        } catch (CancelledError e) {
            bodyEnded(new Outcome.Cancelled<>(e));
        } catch (Throwable e) {
            bodyEnded(new Outcome.Threw<>(e));
        }
    }

    private static void bodyEnded(Outcome<?> outcome) {
        Objects.requireNonNull(current(), "somebody replaced the UncaughtExceptionHandler of a coroutine's thread")
                .work = outcome;
    }

    /** Before {@link #park}: has the task that shall be waited for wake this one. */
    void beginWait(Completion<?> task) {
        if (task == this) {
            throw new IllegalStateException("task " + name() + " cannot wait for itself");
        }
        throwIfScopeIsCancelled();
        task.react(this);
    }

    /** After {@link #park}: a cancellation that became the task's own has arrived with that. */
    void endWait(Completion<?> task) {
        if (task.outcome() instanceof Outcome.Cancelled<?>
                || (task.outcome() instanceof Outcome.Threw<?> threw && threw.error() instanceof CancelledError)) {
            withdrawCancellation();
        } else {
            throwIfCancelled();
        }
    }

    /** Waits for a time of the loop's clock. */
    void sleepUntil(long when) {
        throwIfScopeIsCancelled();
        var sleep = new Sleep(this, when);
        loop.timers.add(sleep);
        try {
            park(sleep);
        } finally {
            loop.timers.cancel(sleep);
        }
        var reason = sleep.cancelledFor();
        if (reason != null) {
            withdrawCancellation();
            throw new CancelledError(reason);
        }
        throwIfCancelled();
    }

    /** Has another task take its first step now; later if this body cannot be suspended where it is. */
    void letStart(LoopTask<?> eager) {
        loop.eager = eager;
        try {
            Objects.requireNonNull(strand).suspend();
        } catch (IllegalStateException notHere) {
            loop.eager = null;
            loop.enqueue(eager);
        }
    }

    /** Lets everything run that is in the ready queue. */
    void passTurn() {
        throwIfScopeIsCancelled();
        loop.enqueue(this);
        Objects.requireNonNull(strand).suspend();
        throwIfCancelled();
    }

    /** Lets everything run that is in the ready queue, and hears of no cancellation. */
    void passTurnShielded() {
        loop.enqueue(this);
        Objects.requireNonNull(strand).suspend();
    }

    /** Parks until what has been asked to enqueue this task has ended; a cancellation of this one is passed on to that. */
    void park(Awaited what) {
        awaited = what;
        try {
            var request = cancellation;
            if (request != null && request.due && what.cancel(request.reason)) {
                request.withdraw();
            }
            do {
                Objects.requireNonNull(strand).suspend();
            } while (!what.isDone() && !isCancellationDue());
        } finally {
            awaited = null;
        }
    }

    // ---- cancellation

    @Override
    public boolean cancel(String reason) {
        if (isDone()) {
            return tooLateToCancel();
        }
        if (loop.isCurrent()) {
            return cancelFrom(null, reason);
        }
        loop.enqueue(() -> cancelFrom(null, reason));
        return true;
    }

    /**
     * {@link #cancel} by somebody who stands in one of the scopes that this task has entered: shields around that do not keep
     * him out. Loop thread.
     */
    boolean cancelFrom(@Nullable CancelScope origin, String reason) {
        if (isDone()) {
            return tooLateToCancel();
        }
        LoopTask<?> task = this;
        for (int left = loop.tasks.size(); left > 0; left--) {
            var request = task.request(task == this ? origin : null, reason);
            if (request == null) {
                return true;
            }
            if (!(task.awaited instanceof LoopTask<?> next && next.loop == loop && !next.isDone())) {
                task.deliver(request);
                return true;
            }
            task = next;
        }
        // More links than tasks: they wait for each other.
        var request = task.request(null, reason);
        if (request != null) {
            task.giveUpWaiting(request);
        }
        return true;
    }

    /**
     * Asks each of the loop's tasks to end, one request for each: where cancelling one after the other would follow a chain of
     * waiting tasks anew from each of its links, this goes once along it.
     */
    @SuppressWarnings("ReferenceEquality") // this very task
    static void cancelAll(List<LoopTask<?>> tasks, String reason) {
        var askedFrom = new IdentityHashMap<LoopTask<?>, LoopTask<?>>(tasks.size());
        for (var first : tasks) {
            LoopTask<?> task = first;
            while (!task.isDone() && askedFrom.putIfAbsent(task, first) == null) {
                var request = task.request(null, reason);
                if (request == null) {
                    break;
                }
                if (!(task.awaited instanceof LoopTask<?> next && next.loop == task.loop && !next.isDone())) {
                    task.deliver(request);
                    break;
                }
                if (askedFrom.get(next) == first) {
                    task.giveUpWaiting(request);
                    break;
                }
                task = next;
            }
        }
    }

    /** For a task that waits for itself through others: one of them has to, or none ever ends. */
    private void giveUpWaiting(Cancellation request) {
        awaited = null;
        request.due = true;
        loop.enqueue(this);
    }

    /** Counts a request; null if a shield keeps it out for now. */
    private @Nullable Cancellation request(@Nullable CancelScope origin, String reason) {
        var request = cancellation();
        request.requests++;
        if (request.isShielded(this, origin)) {
            request.hold(reason, origin);
            return null;
        }
        request.reason = reason;
        request.origin = origin;
        return request;
    }

    private void deliver(Cancellation request) {
        if (awaited == null || !awaited.cancel(request.reason)) {
            request.due = true;
            interruptIfCancelled();
        }
    }

    /** Interrupts the call of the JDK in which the task is blocked, once for a cancellation. */
    private void interruptIfCancelled() {
        var request = cancellation;
        if (awaited == CallOfTheJdk.IT && request != null && !request.interrupted && whyCancelled() != null) {
            request.interrupted = true;
            Objects.requireNonNull(strand).interrupt();
        }
    }

    /** The reason of a cancellation that the task has to be told of; null if there is none. */
    private @Nullable String whyCancelled() {
        var request = cancellation;
        if (request == null) {
            return null;
        }
        if (request.due) {
            return request.reason;
        }
        var scope = request.cancellingScope();
        return scope == null ? null : scope.reason();
    }

    // ---- scopes

    /** What may end this task before its time. */
    Cancellation cancellation() {
        var own = cancellation;
        if (own == null) {
            own = new Cancellation();
            cancellation = own;
        }
        return own;
    }

    /** The innermost scope in which this task is, or null. */
    @Nullable
    CancelScope scope() {
        return cancellation == null ? null : cancellation.scope;
    }

    /** Before its first step, or when it has got another group: the scope that the task is born in. */
    void inherit(@Nullable CancelScope scope) {
        var own = cancellation();
        if (own.base != null) {
            own.base.dismiss(this);
        }
        if (Objects.equals(own.scope, own.base)) {
            own.scope = scope;
        }
        own.base = scope;
        if (scope != null) {
            scope.adopt(this);
        }
    }

    /** A scope in which this task is may have been cancelled: wakes it, if it waits. */
    void scopeCancelled() {
        var what = awaited;
        var request = cancellation;
        var scope = request == null ? null : request.cancellingScope();
        if (scope == null || what == null) {
            return;
        }
        if (what == CallOfTheJdk.IT) {
            interruptIfCancelled();
        } else {
            what.cancel(scope.reason());
        }
    }

    /** A shield is up: a request that is due waits until it is gone. */
    void holdBack() {
        var request = cancellation();
        if (request.due && request.isShielded(this, request.origin)) {
            withdrawCancellation();
            request.hold(request.reason, request.origin);
        }
    }

    /** A shield is gone: delivers what it has kept out. */
    void release() {
        var request = cancellation();
        while (request.release(this)) {
            deliver(request);
        }
    }

    /** A scope is left: an interrupt that came with its cancellation and has not arrived ends with it. In the body. */
    void forgetInterrupt() {
        if (whyCancelled() == null) {
            withdrawCancellation();
        }
    }

    @Override
    public int cancelRequests() {
        return cancellation == null ? 0 : cancellation.requests;
    }

    @Override
    public int uncancel() {
        var request = cancellation;
        if (request == null || request.requests == 0) {
            return 0;
        }
        request.takeBack();
        if (request.requests == 0) {
            withdrawCancellation();
        }
        return request.requests;
    }

    /** Delivers a request once more, without its reason, as asyncio does: it has been swallowed on the way. In the body. */
    void requestAgain() {
        var request = cancellation;
        if (request != null && request.requests > 0) {
            uncancel();
            cancelFrom(request.origin, "");
        }
    }

    /** How many requests to cancel have not been taken back, without those that a shield keeps out. */
    int admittedRequests() {
        return cancellation == null ? 0 : cancellation.admitted();
    }

    /** The cancellation that the JDK made {@code error} of when it was interrupted for it, else {@code error}. In the body. */
    Throwable asCancellation(Throwable error) {
        var reason = cancellation != null && cancellation.interrupted ? whyCancelled() : null;
        if (reason == null) {
            return error;
        }
        withdrawCancellation();
        return new CancelledError(reason, error);
    }

    private boolean isCancellationDue() {
        return cancellation != null && cancellation.due;
    }

    /** After a wait. */
    void throwIfCancelled() {
        var reason = whyCancelled();
        if (reason != null) {
            withdrawCancellation();
            throw new CancelledError(reason);
        }
    }

    /** Before a wait, which then does not begin. */
    void throwIfScopeIsCancelled() {
        var scope = cancellation == null ? null : cancellation.cancellingScope();
        if (scope != null) {
            withdrawCancellation();
            throw new CancelledError(scope.reason());
        }
    }

    @SuppressWarnings("ReferenceEquality") // only the body can take an interrupt of its thread back
    private void withdrawCancellation() {
        if (cancellation != null) {
            if (cancellation.interrupted && current() == this) {
                Thread.interrupted();
            }
            cancellation.withdraw();
        }
    }

    // ---- what others see

    /** Whether its body has begun. */
    boolean isBegun() {
        return strand != null || isDone();
    }

    /** The failure that nobody has looked at, who looks now; or null. */
    @Nullable
    Throwable unseenFailure() {
        return outcome() instanceof Outcome.Threw<T> threw && !threw.isSeen() ? threw.error() : null;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public State state() {
        return stateOr(loop.running == this || awaited == CallOfTheJdk.IT ? State.RUNNING : State.WAITING);
    }

    @Override
    public String name() {
        return name != null ? name : "Task-" + number;
    }

    boolean hasStarted() {
        return strand != null;
    }

    /** The task or promise that this one waits for, or is about to come back from. */
    @Nullable
    Completion<?> cause() {
        return awaited instanceof Completion<?> task ? task : null;
    }

    @Override
    @Nullable
    Awaited awaited() {
        return awaited;
    }

    /** For error texts: the name and what the task waits for. */
    String describe() {
        var what = awaited;
        return what == null ? name() : name() + " waits for " + brief(what);
    }

    /** The strand of the body, null if it has not begun or has ended. As {@link #awaited}. */
    @Nullable
    Strand strand() {
        return strand;
    }

    /** Which of all tasks of this process it is. */
    int number() {
        return number;
    }

    @Override
    public List<StackTraceElement> stack() {
        return isDone() ? super.stack() : Frames.of(this);
    }

    /** What a task waits for that stopped in the middle of a method of the JDK: an interrupt can end that. */
    private enum CallOfTheJdk implements Awaited {
        IT;

        @Override
        public boolean cancel(String reason) {
            return false;
        }

        @Override
        public boolean isDone() {
            return false;
        }

        @Override
        public String toString() {
            return "a call of the JDK";
        }
    }
}
