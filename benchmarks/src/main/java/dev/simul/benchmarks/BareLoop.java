package dev.simul.benchmarks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/**
 * Virtual threads driven by hand with nothing around them: what no library on top of them can go below.
 *
 * <p>One thread runs them in the order in which they became runnable; no timers, no wake-ups from elsewhere, no
 * cancellation. Needs {@code --add-opens java.base/java.lang=ALL-UNNAMED}.
 */
final class BareLoop implements Executor {
    private static final MethodHandle NEW_THREAD = newThread();

    private final ArrayDeque<Runnable> ready = new ArrayDeque<>();

    @Override
    public void execute(Runnable step) {
        ready.add(step);
    }

    /** Makes a virtual thread that runs when this loop is run. */
    void start(Runnable body) {
        startOn(this, body);
    }

    /** Runs until no thread can. */
    void run() {
        for (Runnable step; (step = ready.poll()) != null; ) step.run();
    }

    /** Runs so many steps, of threads that never end. */
    void runSteps(int steps) {
        for (int step = 0; step < steps; step++) ready.remove().run();
    }

    /** Makes a virtual thread whose steps are handed to a scheduler of ours. */
    static void startOn(Executor scheduler, Runnable body) {
        try {
            ((Thread) NEW_THREAD.invokeExact(scheduler, "", 0, body)).start();
        } catch (Throwable e) {
            throw new LinkageError("no virtual thread with a scheduler of ours", e);
        }
    }

    private static MethodHandle newThread() {
        try {
            var builders = Class.forName("java.lang.ThreadBuilders");
            var factory = builders.getDeclaredMethod(
                    "newVirtualThread", Executor.class, String.class, int.class, Runnable.class);
            factory.setAccessible(true);
            return MethodHandles.lookup().unreflect(factory);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
