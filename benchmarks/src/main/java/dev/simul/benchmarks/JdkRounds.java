package dev.simul.benchmarks;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
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
