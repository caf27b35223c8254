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
        Rounds.serve(
                args,
                Map.of(
                        "switch", bare::switches,
                        "spawn", bare::spawn,
                        "gather", bare::gather,
                        "memory", () -> bare.memory(Integer.parseInt(args[1])),
                        "generator-next", BareThreadRounds::generatorNext));
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

    private double spawn() throws Exception {
        int tasks = 20_000;
        return Rounds.per(tasks, () -> {
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

        Numbers(int count) {
            BareLoop.startOn(this, () -> {
                for (long next = 0; next < count; next++) {
                    number = next;
                    Thread.yield();
                }
                ended = true;
            });
        }

        long next() {
            step.run();
            return number;
        }
    }

    private static double generatorNext() throws Exception {
        int items = 300_000;
        return Rounds.per(items, () -> {
            var numbers = new Numbers(items);
            long total = 0;
            for (int item = 0; item < items; item++) total += numbers.next();
            numbers.next();
            if (!numbers.ended) throw new IllegalStateException("the generator has not ended");
            Rounds.expect(items * (items - 1L) / 2, total);
        });
    }
}
