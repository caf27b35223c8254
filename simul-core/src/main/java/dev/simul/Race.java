package dev.simul;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Coroutines of which the first to succeed wins. Loop thread only. */
final class Race<T extends @Nullable Object> {

    private final Promise<T> winner;
    private final List<Task<?>> running = new ArrayList<>();
    private final List<Throwable> lost = new ArrayList<>();
    private final int runners;

    private Race(int runners) {
        this.runners = runners;
        this.winner = new DependentPromise<>("the first of " + runners + " to succeed", () -> running, false);
    }

    static <T extends @Nullable Object> T run(List<Callable<? extends T>> runners) throws Exception {
        try (var group = TaskGroup.<@Nullable Void>open()) {
            var race = new Race<T>(runners.size());
            for (var runner : runners) {
                race.running.add(group.fork(() -> race.enter(runner)));
            }
            try {
                return race.winner.await();
            } finally {
                group.stop();
            }
        }
    }

    private void enter(Callable<? extends T> runner) {
        try {
            winner.complete(runner.call());
        } catch (Throwable e) {
            lost.add(e);
            if (lost.size() == runners) {
                winner.fail(TaskGroup.combine(lost));
            }
        }
    }
}
