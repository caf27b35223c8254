package dev.simul.jobs;

import dev.simul.Async;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Job functions that misbehave, or say where they run. */
final class Deeds {
    /** What {@code deeds.deaf} waits for, by a name of the test's own. */
    static final Map<String, CountDownLatch> LATCHES = new ConcurrentHashMap<>();

    static final AtomicInteger SPINS = new AtomicInteger();

    private static volatile boolean spin;

    private Deeds() {}

    @SimulJob("deeds.thread")
    static String thread() {
        return Thread.currentThread().getName();
    }

    @SimulJob(value = "deeds.child_pid", isolation = Isolation.PROCESS)
    static long childPid() {
        return ProcessHandle.current().pid();
    }

    @SimulJob("deeds.pid")
    static long pid() {
        return ProcessHandle.current().pid();
    }

    @SimulJob(value = "deeds.looped", isolation = Isolation.LOOP)
    static String looped(double seconds) {
        Async.sleep(Duration.ofMillis((long) (seconds * 1000)));
        return Thread.currentThread().isVirtual() ? "coroutine" : "thread";
    }

    @SuppressWarnings("serial")
    static final class Unspeakable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("I cannot say");
        }
    }

    @SimulJob("deeds.unspeakable")
    static void unspeakable() {
        throw new Unspeakable();
    }

    @SimulJob("deeds.virtual")
    static boolean virtual(double seconds) throws InterruptedException {
        Thread.sleep(Duration.ofMillis((long) (seconds * 1000)));
        return Thread.currentThread().isVirtual();
    }

    /** Waits for its latch, however often it is interrupted. */
    @SimulJob("deeds.deaf")
    static String deaf(String latch) {
        var until = Objects.requireNonNull(LATCHES.get(latch));
        while (true) {
            try {
                until.await();
                return "heard";
            } catch (InterruptedException e) {
                // deaf
            }
        }
    }

    /** Computes and never looks up. */
    @SimulJob("deeds.spin")
    static int spin() {
        spin = true;
        int n = 0;
        while (spin) {
            n = SPINS.incrementAndGet();
        }
        return n;
    }

    static void endSpin() {
        spin = false;
    }

    @SimulJob("deeds.exit")
    static void exit(int code) {
        System.err.println("leaving with " + code);
        System.exit(code);
    }

    @SimulJob("deeds.eat")
    static int eat() {
        var heap = new ArrayList<byte[]>();
        while (true) {
            heap.add(new byte[1 << 20]);
            if (heap.size() < 0) {
                return List.copyOf(heap).size();
            }
        }
    }

    @SimulJob("deeds.kill")
    static int kill() throws Exception {
        return new ProcessBuilder(
                        "kill", "-9", Long.toString(ProcessHandle.current().pid()))
                .start()
                .waitFor();
    }
}
