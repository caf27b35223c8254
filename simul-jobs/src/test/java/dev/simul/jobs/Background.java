package dev.simul.jobs;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Runs a worker while the test goes on. */
final class Background {
    /** Not the common pool: on two cores it has one thread. */
    private static final Executor THREADS = task -> Thread.ofPlatform().daemon().start(task);

    private Background() {}

    static CompletableFuture<WorkerTally> run(Worker worker) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return worker.run();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                THREADS);
    }
}
