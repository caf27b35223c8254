package dev.simul.jobs;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/** Runs something while the test goes on. */
final class Background {
    /** Not the common pool: on two cores it has one thread. */
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private Background() {}

    static CompletableFuture<WorkerTally> run(Worker worker) {
        return call(worker::run);
    }

    static <T> CompletableFuture<T> call(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                THREADS);
    }

    /** A client of little patience, which a busy machine may need several tries to connect. */
    static JobClient connect(JobSettings impatient) {
        while (true) {
            try {
                return JobClient.connect(impatient);
            } catch (RedisUnavailableException e) {
                breathe();
            }
        }
    }

    /** A breath between two looks at what is awaited, which may need the processor. */
    static void breathe() {
        LockSupport.parkNanos(1_000_000);
    }
}
