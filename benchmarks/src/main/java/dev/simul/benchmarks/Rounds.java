package dev.simul.benchmarks;

import java.io.IOException;
import java.util.Map;

/**
 * The side of a JVM contestant: one round of its row for every line on stdin, the figure on stdout, until stdin ends.
 *
 * <p>A figure is nanoseconds per operation or bytes per task. The Python, Kotlin and Go contestants speak the same way,
 * so that {@link Contest} can let them take turns.
 */
final class Rounds {
    /** One round of a row. */
    @FunctionalInterface
    interface Round {
        double play() throws Exception;
    }

    /** Work to be timed. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    private Rounds() {}

    /** Plays {@code rows.get(args[0])} as often as it is asked to. */
    static void serve(String[] args, Map<String, Round> rows) throws Exception {
        var row = rows.get(args[0]);
        if (row == null) throw new IllegalArgumentException("no such row: " + args[0] + ", only " + rows.keySet());
        while (nextLine()) {
            System.out.println(row.play());
            System.out.flush();
        }
    }

    private static boolean nextLine() throws IOException {
        int next;
        do {
            next = System.in.read();
        } while (next >= 0 && next != '\n');
        return next >= 0;
    }

    /** How often so many tasks have their turn in one round. */
    static int turnsOf(int tasks) {
        return Math.max(2, 200_000 / tasks);
    }

    /** Nanoseconds per operation of work that consists of so many. */
    static double per(int operations, Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / (double) operations;
    }

    /**
     * Does work a few times before memory is measured: frames that the compiler has seen are smaller, and who keeps many
     * tasks has compiled them long ago.
     */
    static void warmUp(Work work) throws Exception {
        for (int round = 0; round < 50; round++) work.run();
    }

    /** Bytes on the heap that something still needs. */
    static long usedHeap() {
        System.gc();
        var runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Ends a memory round at once: taking down a million parked tasks one by one measures nothing. */
    static double report(long bytes, int tasks) {
        System.out.println(bytes / (double) tasks);
        System.out.flush();
        Runtime.getRuntime().halt(0);
        throw new AssertionError("halted");
    }

    /** Fails a round whose work went wrong, so that nobody quotes its speed. */
    static void expect(long expected, long actual) {
        if (expected != actual) throw new IllegalStateException("expected " + expected + ", was " + actual);
    }
}
