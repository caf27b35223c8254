package dev.simul.benchmarks;

import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/** Contestant {@code bare-vt}: the rows on {@link BareLoop}, by hand. */
@SuppressWarnings("ThreadPriorityCheck") // yielding is what is measured
public final class BareThreadRounds {
    private static final int TASKS = 1_000;
    private static final int TURNS = 50;

    private final BareLoop loop = new BareLoop();
    private int done;

    private BareThreadRounds() {}

    public static void main(String[] args) throws Exception {
        var bare = new BareThreadRounds();
        int tasks = Integer.parseInt(args[1]);
        Rounds.serve(
                args,
                Map.of(
                        "switch", bare::switches,
                        "turn", () -> bare.turns(tasks),
                        "spawn", () -> bare.spawn(0),
                        "spawn-among", () -> bare.spawn(tasks),
                        "gather", bare::gather,
                        "ping-pong", bare::pingPong,
                        "memory", () -> bare.memory(tasks),
                        "generator-next", () -> generatorNext(300_000, 0),
                        "generator-deep", () -> generatorNext(100_000, 20)));
    }

    private double switches() throws Exception {
        return Rounds.per(TASKS * TURNS, () -> {
            for (int task = 0; task < TASKS; task++)
                loop.start(() -> {
                    for (int turn = 0; turn < TURNS; turn++) Thread.yield();
                });
            loop.run();
        });
    }

    /** In a turn of the loop each of its threads has one. */
    private double turns(int tasks) throws Exception {
        var over = new boolean[1];
        for (int task = 0; task < tasks; task++)
            loop.start(() -> {
                while (!over[0]) Thread.yield();
            });
        loop.runSteps(tasks);
        int steps = Rounds.turnsOf(tasks) * tasks;
        double figure = Rounds.per(steps, () -> loop.runSteps(steps));
        over[0] = true;
        loop.run();
        return figure;
    }

    private double spawn(int others) throws Exception {
        int tasks = 20_000;
        var parked = park(others);
        double figure = Rounds.per(tasks, () -> {
            loop.start(() -> {
                var parent = Thread.currentThread();
                for (int task = 1; task <= tasks; task++) {
                    loop.start(() -> {
                        done++;
                        LockSupport.unpark(parent);
                    });
                    while (done < task) LockSupport.park();
                }
            });
            loop.run();
            Rounds.expect(tasks, done);
            done = 0;
        });
        for (var thread : parked) LockSupport.unpark(thread);
        loop.run();
        return figure;
    }

    private double gather() throws Exception {
        int tasks = 10_000;
        return Rounds.per(tasks, () -> {
            loop.start(() -> {
                var parent = Thread.currentThread();
                for (int task = 0; task < tasks; task++)
                    loop.start(() -> {
                        if (++done == tasks) LockSupport.unpark(parent);
                    });
                while (done < tasks) LockSupport.park();
            });
            loop.run();
            Rounds.expect(tasks, done);
            done = 0;
        });
    }

    /** Two threads that wake each other: what a channel without a buffer cannot do without. */
    private double pingPong() throws Exception {
        int rounds = 100_000;
        return Rounds.per(rounds, () -> {
            var threads = new Thread[2];
            for (int side = 0; side < 2; side++) {
                int other = 1 - side;
                loop.start(() -> {
                    threads[1 - other] = Thread.currentThread();
                    for (int round = 0; round < rounds; round++) {
                        if (threads[other] != null) LockSupport.unpark(threads[other]);
                        LockSupport.park();
                        done++;
                    }
                    LockSupport.unpark(threads[other]);
                });
            }
            loop.run();
            Rounds.expect(2L * rounds, done);
            done = 0;
        });
    }

    private double memory(int tasks) throws Exception {
        Rounds.warmUp(() -> {
            for (var thread : park(2_000)) LockSupport.unpark(thread);
            loop.run();
        });
        long before = Rounds.usedHeap();
        var parked = park(tasks);
        return Rounds.report(Rounds.usedHeap() - before, parked.length);
    }

    private Thread[] park(int tasks) {
        var threads = new Thread[tasks];
        for (int task = 0; task < tasks; task++) {
            int slot = task;
            loop.start(() -> {
                threads[slot] = Thread.currentThread();
                LockSupport.park();
            });
        }
        loop.run();
        return threads;
    }

    /** The thread's scheduler keeps its next step, and {@code next()} runs it. */
    private static final class Numbers implements Executor {
        private Runnable step = () -> {};
        private long number;
        private boolean ended;

        @Override
        public void execute(Runnable next) {
            step = next;
        }

        Numbers(int count, int levels) {
            BareLoop.startOn(this, () -> {
                level(levels, count);
                ended = true;
            });
        }

        private void level(int depth, int count) {
            if (depth > 0) {
                level(depth - 1, count);
                return;
            }
            for (long next = 0; next < count; next++) {
                number = next;
                Thread.yield();
            }
        }

        long next() {
            step.run();
            return number;
        }
    }

    private static double generatorNext(int items, int levels) throws Exception {
        return Rounds.per(items, () -> {
            var numbers = new Numbers(items, levels);
            long total = 0;
            for (int item = 0; item < items; item++) total += numbers.next();
            numbers.next();
            if (!numbers.ended) throw new IllegalStateException("the generator has not ended");
            Rounds.expect(items * (items - 1L) / 2, total);
        });
    }
}
