package dev.simul;

import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

// The own scheduler can only be driven by a platform thread. The default scheduler passes its baton best between
// virtual threads: to a platform thread every switch would be two calls of the operating system.

/** The kind of thread that can drive a loop: the caller's if it is of that kind, else one beside it. */
final class FittingThread {

    private FittingThread() {}

    /** Calls {@code work}; an interrupt of a caller that waits is passed on. */
    static <T extends @Nullable Object> T call(Callable<T> work) throws Exception {
        boolean virtual = Scheduler.current() == Scheduler.DEFAULT;
        if (Thread.currentThread().isVirtual() == virtual) {
            return work.call();
        }
        var driven = new FutureTask<T>(work);
        var builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
        return await(driven, builder.name("simul-loop").start(driven));
    }

    private static <T extends @Nullable Object> T await(FutureTask<T> driven, Thread driver) throws Exception {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return driven.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    driver.interrupt();
                }
            }
        } catch (ExecutionException e) {
            var error = Objects.requireNonNull(e.getCause());
            interrupted &= !(error instanceof InterruptedException);
            throw Completion.asThrown(error);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
