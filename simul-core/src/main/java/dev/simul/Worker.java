package dev.simul;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

// trio's from_thread. The coroutine that a thread runs in the loop belongs to the task for which the thread works: it
// has that task's context, through the thread's, and its cancellation. The thread waits until the coroutine has
// ended, also when it is interrupted, which is passed on: nothing outlives its caller.

/** The loop and the task for which a thread works. */
record Worker(EventLoop loop, Task<?> task) {

    private static final ThreadLocal<@Nullable Worker> CURRENT = new ThreadLocal<>();

    /** Does work for a loop's task in this thread. */
    static void within(Worker worker, Runnable work) {
        var outer = CURRENT.get();
        CURRENT.set(worker);
        try {
            work.run();
        } finally {
            CURRENT.set(outer);
        }
    }

    static Worker current(String caller) {
        var worker = CURRENT.get();
        if (worker == null) {
            throw new IllegalStateException(
                    caller + " is for threads that work for a loop, by onThread(…) or on(…): use EventLoop.submit");
        }
        return worker;
    }

    void throwIfCancelled() {
        if (task instanceof ThreadWork<?> work) {
            work.throwIfCancelled();
        } else if (task.outcome() instanceof Outcome.Cancelled<?>(CancelledError error)) {
            throw new CancelledError(error);
        }
    }

    /** Runs a coroutine in the loop and waits until it has ended. */
    <T extends @Nullable Object> T run(Callable<? extends T> body) throws Exception {
        if (EventLoop.current() != null) {
            throw new IllegalStateException("fromThread(…) is for threads, this is a coroutine: call the work itself");
        }
        LoopTask<T> coroutine = LoopTask.of(loop, null, body);
        throwIfCancelled();
        if (task instanceof ThreadWork<?> work) {
            work.enterLoop(coroutine);
        }
        try {
            loop.adoptLater(coroutine);
            return Completion.forCoroutine(awaitEnd(coroutine));
        } finally {
            if (task instanceof ThreadWork<?> work) {
                work.leaveLoop();
            }
        }
    }

    /** Waits in a thread; an interrupt is passed on, and thrown when the coroutine has ended by it. */
    static <T extends @Nullable Object> Outcome<T> awaitEnd(LoopTask<T> coroutine) throws Exception {
        EventLoop.refuseToBlock("waiting for a coroutine");
        InterruptedException interrupt = null;
        while (!coroutine.isDone()) {
            try {
                new ParkedThread().await(coroutine);
            } catch (InterruptedException e) {
                interrupt = e;
                coroutine.cancel("the thread that waits for it was interrupted");
            }
        }
        var outcome = coroutine.ended();
        if (interrupt != null && !(outcome instanceof Outcome.Cancelled<?>)) {
            Thread.currentThread().interrupt();
        } else if (interrupt != null) {
            throw interrupt;
        }
        return outcome;
    }
}
