package dev.simul.jobs;

import java.util.concurrent.CompletableFuture;

/** Runs a worker while the test goes on. */
final class Background {
    private Background() {}

    static CompletableFuture<WorkerTally> run(Worker worker) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return worker.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
