package dev.simul.benchmarks;

import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Contestant {@code jdk-vt}: the rows with virtual threads on the JDK's default scheduler, which uses every core. */
@SuppressWarnings("ThreadPriorityCheck") // yielding is what is measured
public final class JdkRounds {
    private static final int TASKS = 1_000;
    private static final int TURNS = 50;

    private JdkRounds() {}

    public static void main(String[] args) throws Exception {
        Rounds.serve(
                args,
                Map.of(
                        "switch", JdkRounds::switches,
                        "spawn", JdkRounds::spawn,
                        "gather", JdkRounds::gather,
                        "ping-pong", JdkRounds::pingPong,
                        "channel", JdkRounds::channel,
                        "timer-fire", JdkRounds::timerFire,
                        "timer-cancel", JdkRounds::timerCancel,
                        "loop", JdkRounds::loop,
                        "memory", () -> memory(Integer.parseInt(args[1]))));
    }

    private static void together(int tasks, Runnable work) throws InterruptedException {
        var threads = new Thread[tasks];
        for (int task = 0; task < tasks; task++) threads[task] = Thread.startVirtualThread(work);
        for (var thread : threads) thread.join();
    }

    private static double switches() throws Exception {
        return Rounds.per(
                TASKS * TURNS,
                () -> together(TASKS, () -> {
                    for (int turn = 0; turn < TURNS; turn++) Thread.yield();
                }));
    }

    /** Started from a virtual thread, as a task is started from a coroutine. */
    private static double spawn() throws Exception {
        int tasks = 20_000;
        return Rounds.per(
                tasks,
                () -> Thread.startVirtualThread(() -> {
                            try {
                                for (int task = 0; task < tasks; task++)
                                    Thread.startVirtualThread(() -> {}).join();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException("nobody interrupts this", e);
                            }
                        })
                        .join());
    }

    private static double gather() throws Exception {
        int tasks = 10_000;
        return Rounds.per(tasks, () -> together(tasks, () -> {}));
    }

    private static double pingPong() throws Exception {
        int rounds = 50_000;
        var there = new SynchronousQueue<Integer>();
        var back = new SynchronousQueue<Integer>();
        return Rounds.per(rounds, () -> {
            var server = start(() -> {
                for (int round = 0; round < rounds; round++) back.put(there.take());
            });
            var client = start(() -> {
                for (int round = 0; round < rounds; round++) {
                    there.put(round);
                    back.take();
                }
            });
            client.join();
            server.join();
        });
    }

    private static double channel() throws Exception {
        int items = 300_000;
        var queue = new ArrayBlockingQueue<Integer>(1_000);
        return Rounds.per(items, () -> {
            var producer = start(() -> {
                for (int item = 0; item < items; item++) queue.put(item);
            });
            var consumer = start(() -> {
                for (int item = 0; item < items; item++) queue.take();
            });
            producer.join();
            consumer.join();
        });
    }

    /** The timers are those of the JDK's scheduled pool, with one thread. */
    private static double timerFire() throws Exception {
        int timers = 100_000;
        try (var pool = new ScheduledThreadPoolExecutor(1)) {
            var fired = new CountDownLatch(timers);
            return Rounds.per(timers, () -> {
                for (int timer = 0; timer < timers; timer++) {
                    var _ = pool.schedule(fired::countDown, 1, TimeUnit.MILLISECONDS);
                }
                fired.await();
            });
        }
    }

    private static double timerCancel() throws Exception {
        var timers = new Future<?>[100_000];
        try (var pool = new ScheduledThreadPoolExecutor(1)) {
            pool.setRemoveOnCancelPolicy(true);
            return Rounds.per(timers.length, () -> {
                for (int timer = 0; timer < timers.length; timer++)
                    timers[timer] = pool.schedule(() -> {}, 60, TimeUnit.SECONDS);
                for (var timer : timers) timer.cancel(false);
            });
        }
    }

    private static double loop() throws Exception {
        int loops = 2_000;
        return Rounds.per(loops, () -> {
            for (int loop = 0; loop < loops; loop++) {
                try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    Rounds.expect(1, executor.submit(() -> 1).get());
                }
            }
        });
    }

    private static Thread start(Rounds.Work work) {
        return Thread.startVirtualThread(() -> {
            try {
                work.run();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static double memory(int tasks) throws Exception {
        Rounds.warmUp(() -> {
            for (var thread : park(2_000)) {
                LockSupport.unpark(thread);
                thread.join();
            }
        });
        long before = Rounds.usedHeap();
        var parked = park(tasks);
        return Rounds.report(Rounds.usedHeap() - before, parked.length);
    }

    private static Thread[] park(int tasks) throws InterruptedException {
        var threads = new Thread[tasks];
        var arrived = new CountDownLatch(tasks);
        for (int task = 0; task < tasks; task++) {
            threads[task] = Thread.startVirtualThread(() -> {
                arrived.countDown();
                LockSupport.park();
            });
        }
        arrived.await();
        for (var thread : threads) while (thread.getState() != Thread.State.WAITING) Thread.onSpinWait();
        return threads;
    }
}
