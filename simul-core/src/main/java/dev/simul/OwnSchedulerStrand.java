package dev.simul;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

// The strand is its own virtual thread's scheduler
//
// The JDK hands a virtual thread's scheduler always the same Runnable, runContinuation; running it is "mount on the
// calling platform thread, go on until the next stop, unmount". So the strand passes itself as the Executor, keeps the
// Runnable it is given at start, and resume() runs it: one call down, one return up, nothing allocated, no queue.
//
// suspend() is Thread.yield(), not park(). A yielded thread counts as runnable for the JDK, which merely hands the
// Runnable to execute() once more, and execute() ignores it because the state says SUSPENDED. Unlike a parked thread
// it cannot be woken by anybody's unpark or interrupt, so a suspended strand needs no permit and no re-check loop; and
// where the stack cannot be set aside (native frame, class initialiser) yield() returns at once and suspend() can say
// so, where park() would block the driver for ever. In a thread dump a suspended strand therefore reads RUNNABLE.
//
// Who writes `state`
//
//   NEW, SUSPENDED, BLOCKED, READY -> RUNNING     driver, in resume()
//   RUNNING, WOKEN -> SUSPENDED, ENDED            body (on the driver's platform thread)
//   RUNNING, WOKEN <-> WAITING_FOR_HOST           the same two, see below; otherwise like SUSPENDED
//   RUNNING -> WOKEN                              any thread, in execute(): JDK unblocked the body while resume() is on
//   RUNNING -> BLOCKED, WOKEN -> READY            driver, when resume() finds that the body stopped in the JDK
//   BLOCKED -> READY                              any thread, in execute(): and it alone calls onRunnable()
//
// When a resume crosses an unpark. The body parks in a socket read; before the driver is back from the continuation, a
// poller unparks it and calls execute(). Both now race on `state`: either execute() finds RUNNING and leaves WOKEN,
// which the driver sees when its RUNNING -> BLOCKED fails, and reports; or the driver is first with BLOCKED, and
// execute() reports. Exactly one onRunnable() either way. The plain stores of the hot path (SUSPENDED -> RUNNING ->
// SUSPENDED) need no fence: between them only this strand's thread and its driver matter, and the JDK's own volatile
// thread state orders them before any execute().
//
// When a resume crosses a stack dump. Thread.getStackTrace (dumps, debuggers, watchdogs) marks an unmounted thread,
// walks it, unmarks it and calls execute() once more. A resume() in between finds the mark, and the continuation
// returns without having run. The dumper's execute() might then read the SUSPENDED of before, and the turn would be
// lost. So when the body seems to have stopped in the JDK, the driver fences and runs the continuation again before it
// believes it: a thread that is really blocked ignores that, one that was only marked runs now, and one still marked
// is reported by the dumper, who is then bound to see RUNNING. A late duplicate execute() leaves a WOKEN or READY too
// many; the extra resume() finds the thread blocked and does nothing.
//
// Strands inside strands. A strand's body cannot drive another strand: it is no platform thread. It leaves an `errand`
// and suspends, and its own driver runs the errand before it resumes the body. So a generator in a coroutine runs on
// the loop's thread, directly, and when it blocks in the JDK the coroutine counts as blocked. When the generator's
// body waits for something of the loop, it is the coroutine that waits: suspend() is called on the host, in the
// guest's thread. The guest then stops as WAITING_FOR_HOST, which is not a suspension to the errand's driver, so the
// errand stays; the host reads as suspended to the loop; and its next resume() goes straight on in the guest.
//
// Child virtual threads inherit this scheduler (JDK 25). Their Runnable is not ours, so execute() passes it on to the
// JDK's default scheduler, and user threads started in a coroutine are ordinary ones.
//
// Mounting overwrites the interrupt status of the platform thread (VirtualThread.mount, unmount), so resume() saves
// and restores it, and the body looks once more for an interrupt of its driver just before it gives the turn back. One
// that comes while the body runs, and is followed by the body blocking in the JDK, is lost: nothing of ours runs then.
//
// Measured on JDK 25.0.3, two cores, interleaved with a bare virtual thread driven by hand: 121-168 ns per resume and
// suspend (bare 129-168), 127-167 ns over 1,000 strands in turn (bare 133-174), 622 B per suspended strand with its
// owner (bare 630 B without), nothing allocated per switch (OwnSchedulerStrandTest).
//
// All reflection into java.lang is here; when the JDK gets public custom schedulers, this is the file to change.
final class OwnSchedulerStrand extends Strand implements Executor {
    private static final int NEW = 0;
    private static final int RUNNING = 1;
    private static final int WOKEN = 2;
    private static final int BLOCKED = 3;
    private static final int READY = 4;
    private static final int SUSPENDED = 5;
    private static final int WAITING_FOR_HOST = 6;
    private static final int ENDED = 7;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(OwnSchedulerStrand.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Thread thread;

    /** The JDK's runContinuation; set once, by execute() inside the constructor's start(). Tests play the JDK with it. */
    @Nullable
    Runnable continuation;

    /** Who resumed last. Written by the driver, read by the body it runs. */
    private @Nullable Thread driver;

    /** What the driver is to run before this body goes on. Driver and body only. */
    private @Nullable OwnSchedulerStrand errand;

    private int state;

    /** An interrupt of the driver that came while the body ran. Body and driver only. */
    private boolean driverInterrupted;

    OwnSchedulerStrand(Owner owner, @Nullable String name) {
        super(owner);
        thread = Jdk.newThread(this, name, this);
        thread.setUncaughtExceptionHandler(this);
        thread.start();
    }

    @Override
    void resume() {
        var me = Thread.currentThread();
        var interrupted = me.isInterrupted();
        driver = me;
        do {
            var guest = errand;
            if (guest != null) {
                guest.resume();
                if (!guest.hasGivenTurn()) {
                    break;
                }
                errand = null;
            }
            step();
        } while (errand != null);
        if (interrupted || driverInterrupted) {
            driverInterrupted = false;
            me.interrupt();
        }
    }

    private void step() {
        var run = Objects.requireNonNull(continuation);
        if (hasStopped() || state == NEW) {
            state = RUNNING;
        } else {
            STATE.setVolatile(this, RUNNING);
        }
        run.run();
        if (!hasStopped()) {
            stoppedInJdk(run);
        }
    }

    /** Whether the body stopped by itself, and not in the middle of a JDK call. */
    private boolean hasStopped() {
        return state >= SUSPENDED;
    }

    private void stoppedInJdk(Runnable run) {
        if (state == RUNNING) {
            VarHandle.fullFence();
            run.run();
        }
        if (!thread.isAlive()) {
            state = ENDED;
        }
        if (hasStopped() || STATE.compareAndSet(this, RUNNING, BLOCKED)) {
            return;
        }
        state = READY;
        owner.onRunnable();
    }

    /** The JDK's side: from inside a step, or from any thread that unblocks the body. */
    @Override
    @SuppressWarnings("ReferenceEquality") // the JDK hands each thread's one and only Runnable
    public void execute(Runnable command) {
        if (continuation == null) {
            continuation = command;
        } else if (command != continuation) {
            Jdk.DEFAULT_SCHEDULER.execute(command);
        } else {
            woken(command);
        }
    }

    private void woken(Runnable command) {
        for (; ; ) {
            switch ((int) STATE.getVolatile(this)) {
                case RUNNING -> {
                    if (STATE.compareAndSet(this, RUNNING, WOKEN)) {
                        return;
                    }
                }
                case BLOCKED -> {
                    if (STATE.compareAndSet(this, BLOCKED, READY)) {
                        owner.onRunnable();
                        return;
                    }
                }
                case ENDED -> {
                    // The thread stopped in its own farewell, after the body: nobody waits for that.
                    Jdk.DEFAULT_SCHEDULER.execute(command);
                    return;
                }
                default -> {
                    return;
                }
            }
        }
    }

    @Override
    public void run() {
        try {
            owner.run();
        } finally {
            bodyEnded();
        }
    }

    /**
     * Looks its strand up anew: what is used after the body would lie on the stack of every suspended one. The body may have
     * replaced the handler by which it is found; then stoppedInJdk() sees the end.
     */
    private static void bodyEnded() {
        if (current() instanceof OwnSchedulerStrand strand) {
            strand.keepInterruptOfDriver();
            strand.state = ENDED;
        }
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // threads
    void suspend() {
        if (Thread.currentThread() == thread) {
            stop(SUSPENDED);
        } else {
            guestInWhichTheCallerRuns().stop(WAITING_FOR_HOST);
        }
    }

    private OwnSchedulerStrand guestInWhichTheCallerRuns() {
        if (errand != null && current() instanceof OwnSchedulerStrand guest) {
            return guest;
        }
        throw new IllegalStateException("a strand is suspended by its own body only, this one is of " + thread);
    }

    @SuppressWarnings("ThreadPriorityCheck") // not a hint here: it is the switch, see above
    private void stop(int how) {
        keepInterruptOfDriver();
        state = how;
        Thread.yield();
        if (state == how) {
            state = RUNNING;
            throw new IllegalStateException(
                    "cannot suspend here: native code or a class initialiser is on the stack; move the call out of it");
        }
    }

    /** The driver's flag is also on while this thread's own is, because mounting copies it. */
    private void keepInterruptOfDriver() {
        if (driver != null && driver.isInterrupted() && !thread.isInterrupted()) {
            driverInterrupted = true;
        }
    }

    @Override
    boolean runMeanwhile(Strand other) {
        if (!(other instanceof OwnSchedulerStrand guest)) {
            return false;
        }
        errand = guest;
        try {
            suspend();
        } finally {
            errand = null;
        }
        return true;
    }

    @Override
    void drive() {
        if (Thread.currentThread().isVirtual()) {
            driveElsewhere();
            return;
        }
        resume();
        while (!isSuspended() && !isEnded()) {
            awaitJdk();
            resume();
        }
    }

    private void awaitJdk() {
        while (isBlocked()) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                interrupt();
            }
        }
    }

    private boolean isBlocked() {
        return errand == null ? (int) STATE.getVolatile(this) == BLOCKED : errand.isBlocked();
    }

    /** For a strand that began under a platform thread and is now driven by a foreign virtual one: right, but slow. */
    private void driveElsewhere() {
        var helper = Thread.ofPlatform().daemon().name("simul-driver").start(this::drive);
        while (helper.isAlive()) {
            try {
                helper.join();
            } catch (InterruptedException e) {
                helper.interrupt();
            }
        }
    }

    @Override
    void interrupt() {
        if (errand == null) {
            thread.interrupt();
        } else {
            errand.interrupt();
        }
    }

    @Override
    void unparkDriver() {
        LockSupport.unpark(driver);
    }

    @Override
    boolean isSuspended() {
        return errand == null ? state == SUSPENDED : errand.waitsForHost();
    }

    private boolean waitsForHost() {
        return errand == null ? state == WAITING_FOR_HOST : errand.waitsForHost();
    }

    /** To the one whose errand this is. */
    private boolean hasGivenTurn() {
        return errand == null && (state == SUSPENDED || state == ENDED);
    }

    @Override
    boolean isEnded() {
        return state == ENDED;
    }

    @Override
    Thread thread() {
        return thread;
    }

    @Override
    @Nullable
    Strand guest() {
        return errand;
    }

    /** Tries the whole cycle once; null if it works, else what is in the way. */
    static @Nullable String probe() {
        try {
            var steps = new Probe();
            steps.strand.resume();
            var suspended = steps.strand.isSuspended();
            steps.strand.resume();
            if (!suspended || !steps.strand.isEnded()) {
                return "this JDK does not run a virtual thread by hand";
            }
            Jdk.loadPollers();
            return null;
        } catch (Throwable e) { // an absent flag or a JDK that has changed: either way, not here
            var cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return cause.toString();
        }
    }

    private static final class Probe implements Owner {
        final Strand strand = new OwnSchedulerStrand(this, null);

        @Override
        public void run() {
            strand.suspend();
        }

        @Override
        public void onRunnable() {}
    }

    /** What the JDK keeps to itself. Fails to initialise where the flag is missing. */
    private static final class Jdk {
        static final Executor DEFAULT_SCHEDULER;
        private static final MethodHandle NEW_VIRTUAL_THREAD;

        static {
            try {
                var own = MethodHandles.lookup();
                var builders = Class.forName("java.lang.ThreadBuilders");
                NEW_VIRTUAL_THREAD = MethodHandles.privateLookupIn(builders, own)
                        .findStatic(
                                builders,
                                "newVirtualThread",
                                MethodType.methodType(
                                        Thread.class, Executor.class, String.class, int.class, Runnable.class));
                var threads = Class.forName("java.lang.VirtualThread");
                DEFAULT_SCHEDULER = (Executor) MethodHandles.privateLookupIn(threads, own)
                        .findStatic(threads, "defaultScheduler", MethodType.methodType(Executor.class))
                        .invoke();
            } catch (Throwable e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static Thread newThread(Executor scheduler, @Nullable String name, Runnable task) {
            try {
                return (Thread) NEW_VIRTUAL_THREAD.invokeExact(scheduler, name, 0, task);
            } catch (Throwable e) {
                throw new LinkageError("java.lang.ThreadBuilders.newVirtualThread", e);
            }
        }

        /**
         * The JDK's socket pollers are virtual threads too and live on the scheduler of the first thread that blocks on a
         * socket. Make that a thread of the default scheduler, or they would wait in some strand's queue.
         */
        static void loadPollers() throws InterruptedException {
            newThread(DEFAULT_SCHEDULER, null, () -> {
                        try {
                            Class.forName("sun.nio.ch.Poller");
                        } catch (ClassNotFoundException e) {
                            throw new LinkageError("sun.nio.ch.Poller", e);
                        }
                    })
                    .join();
        }
    }
}
