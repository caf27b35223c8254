package dev.simul.benchmarks;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;

import dev.simul.Generator;
import dev.simul.Promise;
import dev.simul.Task;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;

/** Contestant {@code simul}. */
public final class SimulRounds {
    private static final int TASKS = 1_000;
    private static final int TURNS = 50;

    private SimulRounds() {}

    public static void main(String[] args) throws Exception {
        Rounds.serve(
                args,
                Map.of(
                        "switch", SimulRounds::switches,
                        "spawn", SimulRounds::spawnAndAwait,
                        "gather", SimulRounds::gatherMany,
                        "memory", () -> memory(Integer.parseInt(args[1])),
                        "generator-next", SimulRounds::generatorNext,
                        "generator-foreach", SimulRounds::generatorForEach));
    }

    private static double switches() throws Exception {
        var tasks = many(TASKS, () -> {
            for (int turn = 0; turn < TURNS; turn++) sleep(Duration.ZERO);
            return 1;
        });
        return Rounds.per(TASKS * TURNS, () -> run(() -> gather(tasks)));
    }

    private static double spawnAndAwait() throws Exception {
        int tasks = 20_000;
        return Rounds.per(
                tasks,
                () -> run(() -> {
                    int sum = 0;
                    for (int task = 0; task < tasks; task++)
                        sum += spawn(() -> 1).await();
                    Rounds.expect(tasks, sum);
                }));
    }

    private static double gatherMany() throws Exception {
        var tasks = many(10_000, () -> 1);
        return Rounds.per(
                tasks.length,
                () -> run(() -> Rounds.expect(tasks.length, gather(tasks).size())));
    }

    private static Callable<Integer>[] many(int tasks, Callable<Integer> work) {
        @SuppressWarnings({"unchecked", "rawtypes"}) // arrays have no type parameters
        Callable<Integer>[] array = Collections.nCopies(tasks, work).toArray(new Callable[0]);
        return array;
    }

    private static double memory(int tasks) throws Exception {
        Rounds.warmUp(() -> run(() -> {
            var gate = new Promise<Integer>("gate");
            park(2_000, gate);
            gate.complete(1);
        }));
        return run(() -> {
            var gate = new Promise<Integer>("gate");
            long before = Rounds.usedHeap();
            park(tasks, gate);
            return Rounds.report(Rounds.usedHeap() - before, tasks);
        });
    }

    /** Tasks of which each waits for the one before. */
    private static void park(int tasks, Task<Integer> gate) {
        var before = gate;
        for (int number = 0; number < tasks; number++) {
            var last = before;
            before = spawn(() -> last.await());
        }
        sleep(Duration.ZERO);
    }

    private static Generator<Long> numbers(long count) {
        return Generator.of(out -> {
            for (long number = 0; number < count; number++) out.yield(number);
        });
    }

    private static double generatorNext() throws Exception {
        int items = 300_000;
        return Rounds.per(items, () -> {
            try (var numbers = numbers(items)) {
                long total = 0;
                for (long number : numbers) total += number;
                Rounds.expect(items * (items - 1L) / 2, total);
            }
        });
    }

    private static double generatorForEach() throws Exception {
        int items = 1_000_000;
        var total = new long[1];
        return Rounds.per(items, () -> {
            try (var numbers = numbers(items)) {
                numbers.forEach(number -> total[0] += number);
                Rounds.expect(items * (items - 1L) / 2, total[0]);
            }
        });
    }
}
