package dev.simul;

import java.lang.System.Logger.Level;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// One iteration
//
// Take what other threads have sent, move the timers that are due behind it, and run exactly as many steps as are in
// the ready queue then: what they add waits for the next iteration, so that neither timers nor other threads can be
// starved. Nothing resumes a coroutine but this: who completes what a coroutine waits for puts the coroutine into the
// queue. These are asyncio's rules, and the order of steps is asyncio's order.
//
// All state belongs to the thread that runs the loop, and to the coroutines, of which at most one runs, on that thread.
// Everybody else goes through the inbox. So no field here is locked, and the few that others read say so and are
// volatile; `steps`, `idle` and `switches` are read as they are at some moment.

/**
 * One thread on which any number of coroutines take turns: they switch only where they wait.
 *
 * <p>Most programs call {@link Async#run}. A loop of one's own is for a clock of one's own, for several runs one after
 * the other, and for work that comes from other threads.
 *
 * <p>As an {@link Executor} it runs callbacks, each in its turn: that of an HTTP client, of a channel, of a
 * {@link java.util.concurrent.CompletableFuture}.
 *
 * <p>Thread: one at a time runs or closes it; {@link #submit}, {@link #execute}, {@link #callSoonThreadSafe}, {@link #stop},
 * {@link #report} and {@link #statistics} may be called from any.
 */
public final class EventLoop implements Executor, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.simul");

    /** The loop that runs in a thread. Coroutines know theirs without it. */
    private static final ThreadLocal<@Nullable EventLoop> RUNNING = new ThreadLocal<>();

    /** The earliest time of a timer: far enough from the least long to be subtracted from. */
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

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
    final FailureWatch failures = new FailureWatch(this);
    final LiveGenerators generators = new LiveGenerators(this);

    private @Nullable LoopThreads threads;

    /** Whose body runs at this moment. */
    @Nullable
    LoopTask<?> running;

    /** Who is to take its first step before the body that runs goes on. */
    @Nullable
    LoopTask<?> eager;

    /** Whether tasks start within the call that spawns them. */
    private boolean startsEagerly;

    /** How many coroutines are blocked in a call of the JDK. */
    int blockedTasks;

    /** How many promises of outside work are pending, if the clock is virtual. */
    int outsideWork;

    /** How long the tasks that are left at the end have until those who go on are reported. */
    Duration patience = Duration.ofSeconds(5);

    /** How many resumes there have been. Others read it as it is at some moment. */
    long switches;

    private final ReadyQueue ready = new ReadyQueue();
    private final Inbox inbox = new Inbox();
    private long spawned;

    /** That of the main tasks, one after the other: what one sets the next one sees. */
    private final Context context = Context.capture();

    /** Whose end ends the run; an earlier main, left behind by a run that broke off, does not. */
    private @Nullable Task<?> endedMain;

    /** Whether the run ends after this iteration. */
    private boolean stopping;

    final LoopSignals signals = new LoopSignals();
    private boolean cancelsOnCtrlC = !"off".equals(System.getProperty("simul.ctrl-c"));
    private boolean debug = Boolean.getBoolean("simul.debug");
    private volatile long slowNanos =
            TimeUnit.MILLISECONDS.toNanos(Watchdog.DEFAULT_MILLIS > 0 ? Watchdog.DEFAULT_MILLIS : 100);
    private boolean watched = Watchdog.DEFAULT_MILLIS > 0;

    /** How many steps there have been, and whether the loop waits for the next. The watchdog reads what it gets. */
    int steps;

    boolean idle;

    /** Null while nobody wants to be told. Changed on the loop's thread, or between runs. */
    @Nullable
    Instruments instruments;

    private @Nullable Instrument flight;

    private final LoopErrors errors = new LoopErrors();

    /** The thread that runs the loop, null between runs. Compared by other threads with themselves. */
    private volatile @Nullable Thread thread;

    /** Set before the last look at the inbox, read by others after their offer. */
    private volatile boolean closed;

    private final int number = NUMBERS.incrementAndGet();

    private final IdleTime idleTime = new IdleTime(this, inbox);

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
        return Loops.opened(new EventLoop(clock, null));
    }

    /** A loop for tests, whose steps are taken in the order that {@code schedule} chooses. */
    public static EventLoop open(LoopClock clock, Schedule schedule) {
        return Loops.opened(new EventLoop(clock, new ChosenOrder(schedule)));
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
     * <p>Interrupting this thread cancels {@code main}; a second time ends the run at once. So does Ctrl-C, if this is the
     * JVM's main thread and the application has no handler of its own: the second time it ends the JVM. See
     * {@link #cancelsOnCtrlC}.
     *
     * @return what {@code main} returns
     * @throws KeyboardInterrupt if Ctrl-C ended it; uncaught, it ends the JVM with exit code 130
     * @throws Exception what {@code main} throws; {@link InterruptedException} if the interrupt ended it
     * @throws IllegalStateException if a loop runs in this thread already, this loop runs in another, or is closed
     */
    public <T extends @Nullable Object> T run(Callable<? extends T> main) throws Exception {
        LoopTask<T> task = LoopTask.of(this, null, main);
        return runMain(task, task);
    }

    /** {@link #run(Callable)} for work without a result. */
    public void run(Action main) throws Exception {
        var task = LoopTask.of(this, null, main);
        runMain(task, task);
    }

    /**
     * {@link #run(Callable)} until a task that exists already has ended; asyncio's {@code run_until_complete}.
     *
     * @throws IllegalArgumentException if it is a coroutine of another loop
     * @throws IllegalStateException also if {@link #stop} ends the run before: the task is then left as it is
     */
    public <T extends @Nullable Object> T run(Task<T> main) throws Exception {
        if (main instanceof LoopTask<?> coroutine && coroutine.loop != this) {
            throw new IllegalArgumentException("task " + main.name() + " belongs to another loop: run that one");
        }
        return runMain(main, null);
    }

    /**
     * Runs the loop on this thread until {@link #stop}.
     *
     * @throws InterruptedException if this thread is interrupted; the loop can be run again
     * @throws IllegalStateException as {@link #run(Callable)}
     */
    public void runForever() throws InterruptedException {
        requireOpen();
        try {
            onFittingThread(() -> {
                runUntilStopped();
                return null;
            });
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError("the loop itself throws nothing else that is checked", e);
        }
    }

    /**
     * Ends the run after the present iteration: what is in the ready queue now still runs, what that adds waits for the next
     * run. Before a run, it lets that make one iteration. Any thread.
     */
    public void stop() {
        if (isCurrent()) {
            stopping = true;
        } else {
            inbox.offer(() -> stopping = true);
        }
    }

    /** Whether {@link #close} was called. Any thread. */
    public boolean isClosed() {
        return closed;
    }

    /** The present time of the loop's clock, since some moment in the past. */
    public Duration time() {
        return Duration.ofNanos(clock.nanos());
    }

    // ---- callbacks

    /**
     * Runs a callback once, in the next iteration of the loop, after those that were there before. It may not wait; what it
     * throws goes to {@link #onError}, and the loop goes on.
     *
     * @throws IllegalStateException if the loop is closed; with {@link #debug} also if it is running in another thread, from
     *     which only {@link #callSoonThreadSafe} is right
     */
    public Handle callSoon(Runnable callback) {
        requireOwnThread("callSoon(…)");
        var handle = new SoonHandle(this, callback);
        enqueue(handle);
        return handle;
    }

    /**
     * {@link #callSoon} after a time of the loop's clock. Times in the past are in order, too: the earliest runs first.
     *
     * @throws IllegalStateException as {@link #callSoon}
     */
    public TimerHandle callLater(Duration delay, Runnable callback) {
        return callAt("callLater(…)", timeAfter(delay), callback);
    }

    /**
     * {@link #callSoon} at a time of the loop's clock, as {@link #time} counts.
     *
     * @throws IllegalStateException as {@link #callSoon}
     */
    public TimerHandle callAt(Duration when, Runnable callback) {
        return callAt("callAt(…)", Math.max(TimeUnit.NANOSECONDS.convert(when), LONG_AGO), callback);
    }

    private TimerHandle callAt(String caller, long when, Runnable callback) {
        requireOwnThread(caller);
        var handle = new TimerHandle(this, when, callback);
        if (isCurrent()) {
            timers.add(handle.timer);
        } else {
            inbox.offer(handle.timer);
        }
        return handle;
    }

    /**
     * {@link #callSoon} from any thread. The handle may be used from any thread, too: while the callback runs, it makes others
     * wait.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public Handle callSoonThreadSafe(Runnable callback) {
        var handle = new ThreadSafeHandle(this, callback);
        offer(handle);
        return handle;
    }

    /**
     * {@link #callSoonThreadSafe} without a handle: the loop as the JDK's {@link Executor}.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    @Override
    public void execute(Runnable callback) {
        offer(new SoonHandle(this, callback));
    }

    private void offer(Step step) {
        if (!isCurrent()) {
            requireNotRejecting();
        }
        enqueue(step);
    }

    /**
     * This loop as the JDK's executor, whose every piece of work is a coroutine, and may wait. Its futures may be waited for in
     * coroutines and in threads; cancelling one cancels its coroutine. Shutting the executor down does not close the loop.
     */
    public ExecutorService asExecutorService() {
        return new LoopExecutor(this);
    }

    // ---- threads for blocking work

    /**
     * Has an executor do what {@link Async#onThread} is given, instead of threads of the loop's own. Who made it closes it.
     *
     * @param executor null for threads of the loop's own, at most 32 or four more than there are processors
     */
    public void defaultExecutor(@Nullable Executor executor) {
        threads().executor(executor);
    }

    /**
     * Waits until what {@link Async#onThread} was given has ended, and lets the threads go; from now on {@code onThread} is
     * refused. {@link #close} does it, too, with a limit of five minutes. In a coroutine of this loop.
     *
     * @param limit how long to wait; then a warning is logged and the threads are left alone
     */
    public void shutdownDefaultExecutor(Duration limit) {
        LoopTask.current("shutdownDefaultExecutor(…)", "close the loop, which does it, too");
        threads().close(limit);
    }

    LoopThreads threads() {
        if (threads == null) {
            threads = new LoopThreads(this);
        }
        return threads;
    }

    boolean hasThreads() {
        return threads != null;
    }

    // ---- signals

    /**
     * Has a callback run when this process gets a signal, instead of what else would happen then. A second one for the same
     * signal takes the place of the first. Loop thread, or while nobody runs the loop.
     *
     * @param signal its name, such as {@code TERM}, {@code INT} (Ctrl-C) or {@code HUP}
     * @throws IllegalArgumentException if there is no such signal, or it cannot be handled, as {@code KILL}
     * @throws IllegalStateException as {@link #callSoon}
     */
    public void addSignalHandler(String signal, Runnable callback) {
        requireOwnThread("addSignalHandler(…)");
        var context = Context.capture();
        Objects.requireNonNull(callback, "callback");
        signals.install(signal, context.wrap(() -> execute(callback)));
    }

    /**
     * Puts back what was there before {@link #addSignalHandler}.
     *
     * @return false if there was no handler of this loop
     */
    public boolean removeSignalHandler(String signal) {
        return signals.remove(signal);
    }

    /**
     * Whether Ctrl-C cancels the main task of the runs from now on. It does at first, unless the system property
     * {@code simul.ctrl-c} is {@code off}.
     */
    public void cancelsOnCtrlC(boolean on) {
        cancelsOnCtrlC = on;
    }

    // ---- errors

    /**
     * Has a handler told of errors that no code awaits: those of callbacks, of tasks that nobody looked at, of the loop's
     * end. Without one, or with null, they are logged. The handler runs where the error is found, usually on the loop's
     * thread; what it throws itself is logged.
     */
    public void onError(@Nullable Consumer<? super ErrorContext> handler) {
        errors.handler(handler);
    }

    /** The handler of errors, null if they are logged. */
    public @Nullable Consumer<? super ErrorContext> onError() {
        return errors.handler();
    }

    /** Tells the handler of errors; asyncio's {@code call_exception_handler}. Any thread. */
    public void report(ErrorContext context) {
        errors.report(context);
    }

    /** Logs an error, as is done without a handler: for handlers that want that too. */
    public static void log(ErrorContext context) {
        LoopErrors.log(context);
    }

    /**
     * Switches checks on that cost time: calls from wrong threads are refused, and steps that take longer than
     * {@link #slowStep} are logged. Off, unless the system property {@code simul.debug} is true.
     */
    public void debug(boolean on) {
        debug = on;
    }

    /** Whether the checks of {@link #debug(boolean)} are on. */
    public boolean isDebug() {
        return debug;
    }

    /**
     * How long a step may take before it is logged: while it lasts, once, with the stack of what holds the loop; and with
     * {@link #debug(boolean)} also when it has ended. At first 100 ms, or the system property {@code simul.slowStepMillis}.
     *
     * @param limit zero or less: no watchdog for this loop
     */
    public void slowStep(Duration limit) {
        slowNanos = TimeUnit.NANOSECONDS.convert(limit);
        watched = limit.isPositive();
        if (!watched) {
            Watchdog.unwatch(this);
        } else if (thread != null) {
            Watchdog.watch(this);
        }
    }

    /**
     * Has an instrument told what this loop does from now on; once, however often it is added.
     *
     * <p>Thread: the loop's, or any while nobody runs it.
     */
    public void addInstrument(Instrument instrument) {
        requireOwnThread("addInstrument(…)");
        attach(instrument);
    }

    private void attach(Instrument instrument) {
        if (instruments == null) {
            instruments = new Instruments();
        }
        instruments.add(instrument);
    }

    /**
     * Takes an instrument off. The loop's thread, or any while nobody runs it.
     *
     * @return whether it was there
     */
    public boolean removeInstrument(Instrument instrument) {
        requireOwnThread("removeInstrument(…)");
        var all = instruments;
        if (all == null || !all.remove(instrument)) {
            return false;
        }
        if (all.isEmpty()) {
            instruments = null;
        }
        return true;
    }

    /** Loop thread. */
    void lookForFlightRecorder() {
        if (flight == null && FlightInstrument.isWanted()) {
            flight = new FlightInstrument();
            attach(flight);
        }
    }

    /** Whether the Flight Recorder was started, and this loop has not seen it. Any thread. */
    boolean lacksFlightRecorder() {
        return flight == null && FlightInstrument.isWanted();
    }

    long slowNanos() {
        return slowNanos;
    }

    // ---- tasks

    /**
     * Starts a coroutine from any thread. It runs when the loop does.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public <T extends @Nullable Object> Task<T> submit(Callable<? extends T> work) {
        if (isCurrent()) {
            return spawn(null, work);
        }
        return submit(LoopTask.of(this, null, work));
    }

    /** {@link #submit(Callable)} for work without a result. */
    public Task<@Nullable Void> submit(Action work) {
        if (isCurrent()) {
            return spawn(null, work);
        }
        return submit(LoopTask.of(this, null, work));
    }

    private <T extends @Nullable Object> LoopTask<T> submit(LoopTask<T> task) {
        requireNotRejecting();
        adoptLater(task);
        if (closed) {
            // It may have come too late for the last look at the inbox.
            task.end(new Outcome.Cancelled<>(new CancelledError("the loop is closed")));
        }
        return task;
    }

    /** From whatever thread. */
    void startFromAnywhere(LoopTask<?> task) {
        if (isCurrent()) {
            start(task);
        } else {
            submit(task);
        }
    }

    /** Any other thread. A loop that is closing adopts it in order to cancel it. */
    void adoptLater(LoopTask<?> task) {
        inbox.offer(() -> {
            if (!task.isDone()) {
                start(task);
                if (closed) {
                    task.cancel("the loop is closing");
                }
            }
        });
    }

    /**
     * Has every task of this loop start as {@link Async#spawnEagerly} does: those of groups and gathers, too. Off at first.
     *
     * @see <a href="https://docs.python.org/3/library/asyncio-task.html#asyncio.eager_task_factory">
     *     asyncio's eager_task_factory</a>
     */
    public void startEagerly(boolean on) {
        startsEagerly = on;
    }

    /** Whether a thread runs the loop at this moment. Any thread. */
    public boolean isRunning() {
        return thread != null;
    }

    /** Counts, as they are at some moment when asked from another thread. */
    public LoopStatistics statistics() {
        var first = timers.earliest();
        return new LoopStatistics(
                switches,
                spawned,
                tasks.size(),
                timers.size(),
                ready.size(),
                blockedTasks,
                first == null ? null : Duration.ofNanos(first.when - clock.nanos()));
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
                    new Shutdown(this).run();
                    Loops.closed(this);
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

    /** How many generators its coroutines have begun that have neither ended nor been closed. Loop thread, or between runs. */
    public int openGenerators() {
        return generators.size();
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

    /** Which of all loops of this process it is. */
    int number() {
        return number;
    }

    /** The thread that runs the loop, null between runs. Any thread. */
    @Nullable
    Thread thread() {
        return thread;
    }

    /** Whether nothing is left to do in this iteration. Loop thread. */
    boolean isIdle() {
        return ready.isEmpty();
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

    /** Starts a coroutine that takes its first step within this call. Loop thread. */
    <T extends @Nullable Object> LoopTask<T> spawnEagerly(@Nullable String name, Callable<? extends T> body) {
        return startNow(LoopTask.of(this, name, body));
    }

    /** {@link #spawnEagerly(String, Callable)} for work without a result. */
    LoopTask<@Nullable Void> spawnEagerly(@Nullable String name, Action body) {
        return startNow(LoopTask.of(this, name, body));
    }

    /** Starts a coroutine that has been made ready for it. Loop thread. */
    <T extends @Nullable Object> LoopTask<T> start(LoopTask<T> task) {
        return startsEagerly ? startNow(task) : startLater(task);
    }

    private <T extends @Nullable Object> LoopTask<T> startLater(LoopTask<T> task) {
        adopt(task);
        ready.add(task);
        return task;
    }

    private <T extends @Nullable Object> LoopTask<T> startNow(LoopTask<T> task) {
        var spawner = LoopTask.current();
        if (spawner != null) {
            adopt(task);
            spawner.letStart(task);
            return task;
        }
        if (Strand.current() != null) { // a generator that a callback drives: no loop can be driven from there
            return startLater(task);
        }
        adopt(task);
        task.step();
        return task;
    }

    /** The time of this loop's clock after a wait; for ever if that is too long to count. */
    long timeAfter(Duration wait) {
        long now = clock.nanos();
        long nanos = TimeUnit.NANOSECONDS.convert(wait);
        long time = now + nanos;
        if (nanos < 0) {
            return time > now ? LONG_AGO : Math.max(time, LONG_AGO);
        }
        return time < now ? Long.MAX_VALUE : time;
    }

    private void adopt(LoopTask<?> task) {
        tasks.add(task);
        spawned++;
        if (instruments != null) {
            instruments.tell(instrument -> instrument.taskSpawned(task));
        }
    }

    // ---- running

    private <T extends @Nullable Object> T runMain(Task<T> main, @Nullable LoopTask<?> fresh) throws Exception {
        requireOpen();
        try (var ctrlC = cancelsOnCtrlC ? CtrlC.watch(this, main) : null) {
            return onFittingThread(() -> {
                if (fresh != null) {
                    startLater(fresh).context(context);
                }
                return runUntilEnded(main, ctrlC);
            });
        } catch (KeyboardInterrupt e) {
            CtrlC.exitIfUncaught();
            throw e;
        } finally {
            if (main.outcome() instanceof Outcome.Threw<T> threw) {
                Traceback.passOn(threw.peek(), main);
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very main
    private <T extends @Nullable Object> T runUntilEnded(Task<T> main, @Nullable CtrlC ctrlC) throws Exception {
        if (main instanceof Completion<?> task) {
            task.react(new LoopCallback(this, () -> endedMain = main));
        } else {
            main.onDone(_ -> enqueue(() -> endedMain = main));
        }
        boolean interrupted = false;
        try {
            while (endedMain != main && !stopping) {
                iterate();
                if (Thread.interrupted()) {
                    if (interrupted) {
                        throw new InterruptedException("the loop's thread was interrupted twice");
                    }
                    interrupted = true;
                    main.cancel("the loop's thread was interrupted");
                }
            }
        } finally {
            endedMain = null;
            stopping = false;
        }
        boolean ctrlCPressed = ctrlC != null && ctrlC.isAccepted();
        int requests = (interrupted ? 1 : 0) + (ctrlCPressed ? 1 : 0);
        if (requests > 0 && main.state() == Task.State.CANCELLED && main.cancelRequests() <= requests) {
            throw ctrlCPressed
                    ? new KeyboardInterrupt()
                    : new InterruptedException("the loop's thread was interrupted");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        var outcome = main.outcome();
        if (outcome == null) {
            throw new IllegalStateException("the loop was stopped before task " + main.name() + " ended");
        }
        return Completion.forThread(outcome);
    }

    private void runUntilStopped() throws InterruptedException {
        try {
            while (!stopping) {
                iterate();
                if (Thread.interrupted()) {
                    throw new InterruptedException("the loop's thread was interrupted");
                }
            }
        } finally {
            stopping = false;
        }
    }

    void iterate() {
        if (order != null) {
            takeChosen(order);
            return;
        }
        if (ready.isEmpty() && !stopping) {
            idleTime.pass();
        }
        inbox.drainTo(ready, timers);
        if (timers.first() != null) {
            timers.moveDue(clock.nanos(), ready);
        }
        if (instruments != null) {
            instruments.tellScheduled(ready);
        }
        if (debug) {
            stepsOnTheWatch();
            return;
        }
        for (int left = ready.size(); left > 0; left--) {
            take(ready.remove());
        }
    }

    private void take(Step step) {
        steps++;
        try {
            step.step();
        } catch (Throwable e) {
            report(ErrorContext.of("a step of the loop failed", e));
        }
    }

    /** One step, which need not be the oldest. */
    @SuppressWarnings("ReferenceEquality") // this very timer
    private void takeChosen(ChosenOrder order) {
        if (order.isIterationOver() || ready.isEmpty()) {
            inbox.drainTo(ready, timers);
            timers.moveDue(clock.nanos(), ready);
            order.beginIteration(ready.size());
        }
        var first = clock instanceof VirtualClock && blockedTasks == 0 && outsideWork == 0 ? timers.first() : null;
        if (ready.isEmpty() && (first == null || idleTime.quiet.isAwaited())) {
            if (!stopping) {
                idleTime.pass();
            }
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

    private void stepsOnTheWatch() {
        for (int left = ready.size(); left > 0; left--) {
            var step = ready.remove();
            long start = System.nanoTime();
            take(step);
            long nanos = System.nanoTime() - start;
            if (nanos >= slowNanos) {
                LOG.log(Level.WARNING, "executing " + step + " took " + Duration.ofNanos(nanos));
            }
        }
    }

    /** Runs a user's callback in the context in which it was handed over. Loop thread. */
    void call(Runnable callback, @Nullable Bindings context, Handle handle) {
        Context.runIn(context, () -> {
            try {
                callback.run();
            } catch (Throwable e) {
                report(new ErrorContext("exception in callback", e, null, handle, null));
            }
        });
    }

    /** Runs what is left after the last task, for a while, and forgets the rest. */
    void runOut() {
        int iterations = order == null ? 3 : 100;
        for (int i = 0; i < iterations && (!ready.isEmpty() || !inbox.isEmpty()); i++) {
            iterate();
        }
        while (tasks.size() == 0 && !ready.isEmpty()) {
            ready.remove();
        }
    }

    /**
     * Ends when no task of the loop has been able to run for a time: all others wait, for timers, for each other or for what
     * comes from outside. For tests; trio's {@code wait_all_tasks_blocked}. Loop thread.
     *
     * @param cushion how long, in the loop's time; several who wait at the same time are told in the order of theirs
     */
    public Task<@Nullable Void> whenAllBlocked(Duration cushion) {
        if (!isCurrent()) {
            throw new IllegalStateException("whenAllBlocked(…) is for the coroutines of the loop: submit a call of it");
        }
        return idleTime.quiet.next(TimeUnit.NANOSECONDS.convert(cushion));
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
        if (watched) {
            Watchdog.watch(this);
        }
        lookForFlightRecorder();
        if (instruments != null) {
            instruments.tell(instrument -> instrument.beforeRun(this));
        }
        try {
            return turns.call();
        } finally {
            if (instruments != null) {
                instruments.tell(instrument -> instrument.afterRun(this));
            }
            if (watched) {
                Watchdog.unwatch(this);
            }
            ofThread.context(outer);
            RUNNING.remove();
            thread = null;
        }
    }

    /** Callbacks scheduled on the loop's thread, or while nobody runs it. */
    private void requireOwnThread(String caller) {
        if (isCurrent()) {
            return;
        }
        requireOpen();
        if (debug && thread != null) {
            throw new IllegalStateException(
                    caller + " in another thread than the loop's, " + thread + ": use callSoonThreadSafe(…)");
        }
    }

    private void requireNotRejecting() {
        if (closed) {
            throw new RejectedExecutionException("the loop is closed");
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the loop is closed: open another");
        }
    }
}
