package dev.simul.benchmarks;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static java.util.Map.entry;

import dev.simul.EventLoop;
import dev.simul.Generator;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.TimerHandle;
import dev.simul.sync.Channel;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;

/** Contestant {@code simul}. */
public final class SimulRounds {
    private static final int TASKS = 1_000;
    private static final int TURNS = 50;

    private SimulRounds() {}

    public static void main(String[] args) throws Exception {
        int tasks = Integer.parseInt(args[1]);
        Rounds.serve(
                args,
                Map.ofEntries(
                        entry("switch", SimulRounds::switches),
                        entry("turn", () -> turns(tasks)),
                        entry("spawn", () -> spawnAndAwait(0)),
                        entry("spawn-among", () -> spawnAndAwait(tasks)),
                        entry("gather", SimulRounds::gatherMany),
                        entry("ping-pong", SimulRounds::pingPong),
                        entry("channel", SimulRounds::channel),
                        entry("timer-fire", SimulRounds::timerFire),
                        entry("timer-cancel", SimulRounds::timerCancel),
                        entry("loop", SimulRounds::loop),
                        entry("memory", () -> memory(tasks)),
                        entry("generator-next", () -> generatorNext(0)),
                        entry("generator-deep", () -> generatorNext(20)),
                        entry("generator-foreach", SimulRounds::generatorForEach)));
    }

    private static double switches() throws Exception {
        var tasks = many(TASKS, () -> {
            for (int turn = 0; turn < TURNS; turn++) sleep(Duration.ZERO);
            return 1;
        });
        return Rounds.per(TASKS * TURNS, () -> run(() -> gather(tasks)));
    }

    /** In a turn of ours each of the others has one too. */
    private static double turns(int tasks) throws Exception {
        return run(() -> {
            var over = new boolean[1];
            for (int task = 0; task < tasks; task++)
                spawn(() -> {
                    while (!over[0]) sleep(Duration.ZERO);
                });
            sleep(Duration.ZERO);
            int turns = Rounds.turnsOf(tasks);
            double figure = Rounds.per(turns * tasks, () -> {
                for (int turn = 0; turn < turns; turn++) sleep(Duration.ZERO);
            });
            over[0] = true;
            sleep(Duration.ZERO);
            return figure;
        });
    }

    private static double spawnAndAwait(int others) throws Exception {
        int tasks = 20_000;
        return run(() -> {
            var gate = new Promise<Integer>("gate");
            for (int other = 0; other < others; other++) spawn(() -> gate.await());
            sleep(Duration.ZERO);
            double figure = Rounds.per(tasks, () -> {
                int sum = 0;
                for (int task = 0; task < tasks; task++) sum += spawn(() -> 1).await();
                Rounds.expect(tasks, sum);
            });
            gate.complete(1);
            sleep(Duration.ZERO);
            return figure;
        });
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

    private static double pingPong() throws Exception {
        int rounds = 100_000;
        return run(() -> {
            var there = Channel.<Integer>rendezvous();
            var back = Channel.<Integer>rendezvous();
            return Rounds.per(rounds, () -> {
                var server = spawn(() -> {
                    for (int round = 0; round < rounds; round++) back.send(there.receive());
                });
                for (int round = 0; round < rounds; round++) {
                    there.send(round);
                    back.receive();
                }
                server.await();
            });
        });
    }

    private static double channel() throws Exception {
        int items = 300_000;
        return run(() -> {
            var channel = Channel.<Integer>buffered(1_000);
            return Rounds.per(items, () -> {
                var producer = spawn(() -> {
                    for (int item = 0; item < items; item++) channel.send(item);
                });
                for (int item = 0; item < items; item++) channel.receive();
                producer.await();
            });
        });
    }

    private static double timerFire() throws Exception {
        int timers = 100_000;
        return run(() -> {
            var loop = Objects.requireNonNull(EventLoop.current());
            var left = new int[] {timers};
            var fired = new Promise<Integer>("the last timer");
            return Rounds.per(timers, () -> {
                for (int timer = 0; timer < timers; timer++)
                    loop.callLater(Duration.ofMillis(1), () -> {
                        if (--left[0] == 0) fired.complete(1);
                    });
                fired.await();
            });
        });
    }

    private static double timerCancel() throws Exception {
        var timers = new TimerHandle[100_000];
        return run(() -> {
            var loop = Objects.requireNonNull(EventLoop.current());
            return Rounds.per(timers.length, () -> {
                for (int timer = 0; timer < timers.length; timer++)
                    timers[timer] = loop.callLater(Duration.ofMinutes(1), () -> {});
                for (var timer : timers) timer.cancel();
                sleep(Duration.ZERO);
            });
        });
    }

    private static double loop() throws Exception {
        int loops = 2_000;
        return Rounds.per(loops, () -> {
            for (int loop = 0; loop < loops; loop++) Rounds.expect(1, run(() -> 1));
        });
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

    /** A generator that so many others pass on. */
    private static Generator<Long> level(int depth, long count) {
        return depth == 0 ? numbers(count) : Generator.of(out -> out.yieldFrom(level(depth - 1, count)));
    }

    private static double generatorNext(int levels) throws Exception {
        int items = 300_000;
        return Rounds.per(items, () -> {
            try (var numbers = level(levels, items)) {
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
            total[0] = 0;
        });
    }
}
