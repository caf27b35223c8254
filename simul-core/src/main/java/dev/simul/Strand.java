package dev.simul;

import org.jspecify.annotations.Nullable;

// A virtual thread that runs only when told
//
// Generators and loop coroutines rest on this one piece. resume() runs the body on the driver's time until the body
// suspends or ends; suspend() gives the turn back. At any instant at most one of the two, driver or body, runs.
//
// Two back ends, one per file, with the same contract. OwnSchedulerStrand is its virtual thread's scheduler, so
// resume() is a plain call of the JDK's continuation; it needs a flag. DefaultSchedulerStrand is an ordinary virtual
// thread that passes a baton to and fro; it needs nothing. Scheduler chooses one for the life of the JVM.
//
// A body may also stop in the middle of a JDK call (socket, lock, sleep). With the own scheduler resume() then returns
// although the body neither suspended nor ended: it is blocked. When the JDK lets it go on, from whatever thread,
// Owner.onRunnable() is called once, and the driver owes the strand another resume(). With the default scheduler
// nobody can see that the body is blocked: resume() waits, and onRunnable() is never called.
//
// A suspended strand is deaf: interrupts and stray unparks neither resume it nor are they reported. An interrupt stays
// in the thread's status until the body looks.
//
// Why the thread's UncaughtExceptionHandler is the strand: it is how code that runs in a body finds its strand with
// one field read, where a ThreadLocal would cost each coroutine a map of its own.
abstract class Strand implements Runnable, Thread.UncaughtExceptionHandler {
    /** Whose work a strand does. */
    interface Owner {
        /** The body. Runs in the strand's thread; what it throws ends the strand and goes to {@link System.Logger}. */
        void run();

        /**
         * Says that the body, which was blocked in a JDK call, can go on: somebody must call {@link Strand#resume()}.
         * Called from any thread, also from the one inside {@code resume()}; must not block, throw or resume.
         */
        void onRunnable();
    }

    final Owner owner;

    Strand(Owner owner) {
        this.owner = owner;
    }

    /** A strand that has not run yet; the first {@link #resume()} enters the body. */
    static Strand of(Owner owner, @Nullable String name) {
        return switch (Scheduler.current()) {
            case OWN -> new OwnSchedulerStrand(owner, name);
            case DEFAULT -> new DefaultSchedulerStrand(owner, name);
        };
    }

    /**
     * A strand for the caller itself to {@link #drive()}. From a virtual thread that is no strand, only the default back
     * end can be driven directly.
     */
    static Strand besideCaller(Owner owner) {
        var driverHasPlatformThread = !Thread.currentThread().isVirtual() || current() instanceof OwnSchedulerStrand;
        return driverHasPlatformThread ? of(owner, null) : new DefaultSchedulerStrand(owner, null);
    }

    /** The strand in whose body the caller runs, or null. */
    static @Nullable Strand current() {
        return Thread.currentThread().getUncaughtExceptionHandler() instanceof Strand strand ? strand : null;
    }

    /**
     * Runs the body until it suspends, ends, or blocks in the JDK. One driver at a time; with the own scheduler the driver
     * is a platform thread. The driver's interrupt status survives.
     */
    abstract void resume();

    /**
     * Gives the turn back to the driver; returns when resumed. Called in the body, or in the body of a strand that this
     * one drives, directly or not: then the two stop and go on as one.
     *
     * @throws IllegalStateException if native code or a class initialiser is on the stack, which cannot be set aside
     */
    abstract void suspend();

    /**
     * Runs the body until it suspends or ends, and waits through what blocks it in between. From any thread. An interrupt
     * of the caller is passed on to a body that is blocked in the JDK.
     */
    abstract void drive();

    /**
     * Has this strand's driver run another strand in this one's stead, until that one suspends or ends. Called in the
     * body. While the other is blocked so is this one; the other's owner must pass {@link Owner#onRunnable()} on to this
     * one's owner.
     *
     * @return false if this pair cannot do that, and the caller is to {@link #drive()} the other itself
     */
    abstract boolean runMeanwhile(Strand other);

    /** Interrupts the JDK call in which the body, or what it runs meanwhile, is blocked. Driver only. */
    abstract void interrupt();

    /** Wakes who waits in {@link #drive()} for a body that was blocked. */
    abstract void unparkDriver();

    /** Whether the body waits in {@link #suspend()}. Driver only. */
    abstract boolean isSuspended();

    /** Whether the body has ended. Driver only. */
    abstract boolean isEnded();

    abstract Thread thread();

    /** The strand that the body drives just now, null if it drives none. The driver; others get what it is just then. */
    abstract @Nullable Strand guest();

    /** Owners catch what their bodies throw, so this is a bug of ours or an {@link Error} of the JVM; it must be seen. */
    @Override
    public final void uncaughtException(Thread thread, Throwable error) {
        System.getLogger("dev.simul").log(System.Logger.Level.ERROR, "a strand died: " + thread, error);
    }
}
