package dev.simul;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

// One iteration
//
// Take what other threads have sent, move the timers that are due behind it, and run exactly as many steps as are in
// the ready queue then: what they add waits for the next iteration, so that neither timers nor other threads can be
// starved. Nothing resumes a coroutine but this: who completes what a coroutine waits for puts the coroutine into the
// queue. These are asyncio's rules, and the order of steps is asyncio's order.
//
// All state belongs to the thread that runs the loop, and to the coroutines, of which at most one runs, on that thread.
// Everybody else goes through the inbox. So no field here is locked, and only `thread` and `closed` are volatile.

/**
 * One thread on which any number of coroutines take turns: they switch only where they wait.
 *
 * <p>Most programs call {@link Async#run}. A loop of one's own is for a clock of one's own, for several runs one after
 * the other, and for work that comes from other threads.
 *
 * <p>Thread: one at a time runs or closes it; {@link #submit} and {@link #statistics} may be called from any.
 */
public final class EventLoop implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.simul");

    /** The loop that runs in a thread. Coroutines know theirs without it. */
    private static final ThreadLocal<@Nullable EventLoop> RUNNING = new ThreadLocal<>();

    private static final VarHandle THREAD;

    static {
        try {
            THREAD = MethodHandles.lookup().findVarHandle(EventLoop.class, "thread", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final LoopClock clock;
    final Timers timers = new Timers();
    final TaskList tasks = new TaskList();
    final FailureWatch failures = new FailureWatch();
    final LiveGenerators generators = new LiveGenerators(this);

    /** Whose body runs at this moment. */
    @Nullable
    LoopTask<?> running;

    /** How many coroutines are blocked in a call of the JDK. */
    int blockedTasks;

    /** How many promises of outside work are pending, if the clock is virtual. */
    int outsideWork;

    /** How many resumes there have been. Others read it as it is at some moment. */
    long switches;

    private final ReadyQueue ready = new ReadyQueue();
    private final Inbox inbox = new Inbox();
    private long spawned;

    /** That of the main tasks, one after the other: what one sets the next one sees. */
    private final Context context = Context.capture();

    /** Whose end ends the run; an earlier main, left behind by a run that broke off, does not. */
    private @Nullable LoopTask<?> endedMain;

    /** The thread that runs the loop, null between runs. Compared by other threads with themselves. */
    private volatile @Nullable Thread thread;

    /** Set before the last look at the inbox, read by others after their offer. */
    private volatile boolean closed;

    /** Null except in tests that vary the order of steps. */
    private final @Nullable ChosenOrder order;

    private EventLoop(LoopClock clock, @Nullable ChosenOrder order) {
        this.clock = clock;
        this.order = order;
    }

    /** A loop that goes by the clock on the wall. */
    public static EventLoop open() {
        return open(LoopClock.system());
    }

    /** A loop that goes by a clock of its own. */
    public static EventLoop open(LoopClock clock) {
        return new EventLoop(clock, null);
    }

    /** A loop for tests, whose steps are taken in the order that {@code schedule} chooses. */
    public static EventLoop open(LoopClock clock, Schedule schedule) {
        return new EventLoop(clock, new ChosenOrder(schedule));
    }

    /** The loop in whose coroutine or callback the caller runs, or null. */
    public static @Nullable EventLoop current() {
        var task = LoopTask.current();
        return task != null ? task.loop : RUNNING.get();
    }

    /**
     * Runs the loop on this thread until {@code main}, a coroutine, has ended. Tasks that have not ended then go on in
     * the next run, or are cancelled by {@link #close}.
     *
     * <p>Interrupting this thread cancels {@code main}; a second time ends the run at once.
     *
     * @return what {@code main} returns
     * @throws Exception what {@code main} throws; {@link InterruptedException} if the interrupt ended it
     * @throws IllegalStateException if a loop runs in this thread already, this loop runs in another, or is closed
     */
    public <T extends @Nullable Object> T run(Callable<? extends T> main) throws Exception {
        requireOpen();
        return onFittingThread(() -> runMain(main));
    }

    /**
     * Starts a coroutine from any thread. It runs when the loop does.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public <T extends @Nullable Object> Task<T> submit(Callable<? extends T> work) {
        if (isCurrent()) {
            return spawn(null, work);
        }
        if (closed) {
            throw new RejectedExecutionException("the loop is closed");
        }
        LoopTask<T> task = LoopTask.of(this, null, work);
        inbox.offer(() -> {
            adopt(task);
            task.step();
        });
        if (closed) {
            // It may have come too late for the last look at the inbox.
            task.end(new Outcome.Cancelled<>(new CancelledError("the loop is closed")));
        }
        return task;
    }

    /** Whether a thread runs the loop at this moment. Any thread. */
    public boolean isRunning() {
        return thread != null;
    }

    /** Counts, as they are at some moment when asked from another thread. */
    public LoopStatistics statistics() {
        return new LoopStatistics(switches, spawned, tasks.size(), timers.size());
    }

    /**
     * The tasks that have not ended, oldest first.
     *
     * @throws IllegalStateException if called in another thread than that of the running loop
     */
    public List<Task<?>> tasks() {
        if (!isCurrent()) {
            throw new IllegalStateException("tasks() is for the coroutines of the loop: submit a call of it");
        }
        return List.copyOf(tasks.snapshot());
    }

    /**
     * Cancels the tasks that are left, runs the loop until they have ended, closes the generators that its coroutines have
     * begun and left waiting, and logs the failures that nobody has seen.
     * Closing a closed loop does nothing.
     *
     * @throws IllegalStateException if the loop runs
     */
    @Override
    public void close() {
        if (!closed) {
            try {
                onFittingThread(() -> {
                    closed = true;
                    cancelLeftovers();
                    closeLeftGenerators();
                    failures.close();
                    return null;
                });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError("closing throws nothing checked", e);
            }
        }
    }

    /**
     * Closes the generators that coroutines of this loop have begun and left waiting, all at the same time, and waits until
     * their {@code finally} blocks have run; what those throw is logged. {@link #close} does it, too.
     *
     * <p>Thread: a coroutine of this loop.
     *
     * @see <a href="https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.loop.shutdown_asyncgens">
     *     asyncio's shutdown_asyncgens</a>
     */
    public void closeGenerators() {
        LoopTask.current("closeGenerators()", "close the loop, which does it, too");
        generators.closeAll();
    }

    // ---- for coroutines

    static EventLoop current(String caller, String instead) {
        var loop = current();
        if (loop == null) {
            throw new IllegalStateException(
                    caller + " needs a running loop: call it inside Async.run(…), or " + instead);
        }
        return loop;
    }

    /** A callback runs on the loop's thread, which nobody could wake if it waited there. */
    static void refuseToBlock(String caller) {
        if (RUNNING.get() != null) {
            throw new IllegalStateException(
                    caller + " in a callback would block its loop for ever: spawn a coroutine that waits");
        }
    }

    /** Whether the caller runs on the loop's thread. */
    @SuppressWarnings("ReferenceEquality") // this very loop, this very thread
    boolean isCurrent() {
        if (Thread.currentThread() == thread) {
            return true;
        }
        var task = LoopTask.current();
        return task != null && task.loop == this;
    }

    /** Puts a step into the ready queue. Any thread. */
    void enqueue(Step step) {
        if (isCurrent()) {
            ready.add(step);
        } else {
            inbox.offer(step);
        }
    }

    /** Starts a coroutine. Loop thread. */
    <T extends @Nullable Object> LoopTask<T> spawn(@Nullable String name, Callable<? extends T> body) {
        return start(LoopTask.of(this, name, body));
    }

    /** Starts a coroutine without a result. Loop thread. */
    LoopTask<@Nullable Void> spawn(@Nullable String name, Action body) {
        return start(LoopTask.of(this, name, body));
    }

    private <T extends @Nullable Object> LoopTask<T> start(LoopTask<T> task) {
        adopt(task);
        ready.add(task);
        return task;
    }

    /** The time of this loop's clock after a wait; for ever if that is too long to count. */
    long timeAfter(Duration wait) {
        long time = clock.nanos() + TimeUnit.NANOSECONDS.convert(wait);
        return time < 0 ? Long.MAX_VALUE : time;
    }

    private void adopt(LoopTask<?> task) {
        tasks.add(task);
        spawned++;
    }

    // ---- running

    private <T extends @Nullable Object> T runMain(Callable<? extends T> body) throws Exception {
        LoopTask<T> main = spawn(null, body);
        main.context(context);
        main.react(new LoopCallback(this, () -> endedMain = main));
        boolean interrupted = false;
        while (endedMain != main) {
            iterate();
            if (Thread.interrupted()) {
                if (interrupted) {
                    throw new InterruptedException("the loop's thread was interrupted twice");
                }
                interrupted = true;
                main.cancel("the loop's thread was interrupted");
            }
        }
        endedMain = null;
        if (interrupted) {
            if (main.state() == Task.State.CANCELLED && main.uncancel() == 0) {
                throw new InterruptedException("the loop's thread was interrupted");
            }
            Thread.currentThread().interrupt();
        }
        return Completion.forThread(main.ended());
    }

    private void iterate() {
        if (order != null) {
            takeChosen(order);
            return;
        }
        if (ready.isEmpty()) {
            idle();
        }
        inbox.drainTo(ready);
        if (timers.first() != null) {
            timers.moveDue(clock.nanos(), ready);
        }
        for (int left = ready.size(); left > 0; left--) {
            take(ready.remove());
        }
    }

    private static void take(Step step) {
        try {
            step.step();
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "a step of the loop failed", e);
        }
    }

    /** One step, which need not be the oldest. */
    @SuppressWarnings("ReferenceEquality") // this very timer
    private void takeChosen(ChosenOrder order) {
        if (order.isIterationOver() || ready.isEmpty()) {
            inbox.drainTo(ready);
            timers.moveDue(clock.nanos(), ready);
            order.beginIteration(ready.size());
        }
        var first = clock instanceof VirtualClock && blockedTasks == 0 && outsideWork == 0 ? timers.first() : null;
        if (ready.isEmpty() && first == null) {
            idle();
            return;
        }
        var step = order.take(ready, first);
        if (first != null && step == first && clock instanceof VirtualClock virtual) {
            virtual.jumpTo(first.when);
            timers.moveDue(first.when, ready);
        } else if (step != null) {
            take(step);
        }
    }

    /** Waits until somebody can run. */
    private void idle() {
        var first = timers.first();
        if (!(clock instanceof VirtualClock virtual)) {
            long wait = first == null ? Long.MAX_VALUE : clock.realNanosUntil(first.when);
            if (wait > 0) {
                inbox.await(wait);
            }
        } else if (blockedTasks > 0 || outsideWork > 0) {
            inbox.await(Long.MAX_VALUE);
        } else if (inbox.isEmpty()) {
            if (first == null) {
                throw deadlock();
            }
            virtual.jumpTo(first.when);
        }
    }

    private IllegalStateException deadlock() {
        return new IllegalStateException(tasks.snapshot().stream()
                .map(LoopTask::describe)
                .collect(Collectors.joining(
                        "; ",
                        "deadlock: no task can run, no timer is set and no outside work is pending: ",
                        " (what another thread completes must be made with Promise.outside)")));
    }

    private void cancelLeftovers() {
        boolean interrupted = Thread.interrupted();
        inbox.drainTo(ready);
        while (tasks.size() > 0 || !ready.isEmpty()) {
            var left = tasks.snapshot();
            left.forEach(task -> task.cancel("the loop is closing"));
            try {
                do {
                    iterate();
                    interrupted |= Thread.interrupted();
                } while (!left.stream().allMatch(Task::isDone));
            } catch (IllegalStateException deadlock) {
                LOG.log(Level.ERROR, "the loop closes with tasks that refuse to end", deadlock);
                break;
            }
            for (var task : left) {
                if (task.outcome() instanceof Outcome.Threw<?> threw && !threw.isSeen()) {
                    LOG.log(Level.ERROR, "task " + task.name() + " failed while the loop was closing", threw.error());
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeLeftGenerators() {
        while (!generators.isEmpty()) {
            try {
                runMain(Async.callable(generators::closeAll));
            } catch (Exception e) {
                LOG.log(Level.ERROR, "the loop closes with generators that refuse to end", e);
                break;
            }
            cancelLeftovers();
        }
    }

    // ---- threads

    private <T extends @Nullable Object> T onFittingThread(Callable<T> turns) throws Exception {
        var around = current();
        if (around != null) {
            throw new IllegalStateException(
                    around == this
                            ? "this loop is running: wait for what it does with await()"
                            : "a loop is running in this thread: spawn a task on it, or use another thread");
        }
        return FittingThread.call(() -> onThisThread(turns));
    }

    private <T extends @Nullable Object> T onThisThread(Callable<T> turns) throws Exception {
        if (!THREAD.compareAndSet(this, null, Thread.currentThread())) {
            throw new IllegalStateException("this loop is running in another thread, " + thread);
        }
        RUNNING.set(this);
        var ofThread = ThreadContext.ofThisThread();
        var outer = ofThread.context();
        ofThread.context(null);
        try {
            return turns.call();
        } finally {
            ofThread.context(outer);
            RUNNING.remove();
            thread = null;
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the loop is closed: open another");
        }
    }
}
