package dev.simul.process;

import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** What the children of these tests are asked to do. */
final class Work {
    private Work() {}

    record Point(int x, int y) implements java.io.Serializable {}

    static int twice(int number) {
        return 2 * number;
    }

    static String join(String a, Integer b, List<String> c, Point d) {
        return a + b + c + d;
    }

    static long sum(int a, long b) {
        return a + b;
    }

    static double product(double a, double b, double c) {
        return a * b * c;
    }

    static @Nullable String echo(@Nullable String text) {
        return text;
    }

    static byte[] reversed(byte[] bytes) {
        byte[] reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }

    static int sizeOf(List<String> texts) {
        return texts.size();
    }

    static long pid() {
        return ProcessHandle.current().pid();
    }

    static String property(String name) {
        return System.getProperty(name, "none");
    }

    static int print(String line) {
        System.out.println(line);
        return System.out.hashCode();
    }

    static int readStandardInput() throws IOException {
        return System.in.read();
    }

    static @Nullable Void exit(int code) {
        System.err.println("leaving with " + code);
        System.exit(code);
        return null;
    }

    static @Nullable Void exitAfterManyLines() {
        for (int i = 1; i <= 100; i++) {
            System.err.println("line " + i);
        }
        System.exit(1);
        return null;
    }

    static int fillMemory() {
        List<byte[]> hoard = new ArrayList<>();
        while (hoard.size() < Integer.MAX_VALUE) {
            hoard.add(new byte[1_000_000]);
        }
        return hoard.size();
    }

    static int exitOnFifth(int number) {
        if (number == 5) {
            System.exit(5);
        }
        return number;
    }

    static int refuseOdd(int number) {
        if (number % 2 == 1) {
            throw new IllegalArgumentException("odd: " + number);
        }
        return number;
    }

    static int fail(String message) throws IOException {
        throw new IOException(message, new IllegalStateException("the cause"));
    }

    static int failUnserialisably() {
        throw new Unserialisable("with a socket inside");
    }

    static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    static int leaveInterrupted() {
        Thread.currentThread().interrupt();
        return 1;
    }

    static Object socket() {
        return new Socket();
    }

    static Object objectName() throws Exception {
        return new ObjectName("a:b=c");
    }

    static String nameOf(Object any) {
        return any.getClass().getName();
    }

    static int waitForFile(String path) throws InterruptedException {
        while (!Files.exists(Path.of(path))) {
            Thread.sleep(Duration.ofMillis(5));
        }
        return 1;
    }

    static int sleepForAnHour(String begun) throws IOException, InterruptedException {
        Files.createFile(Path.of(begun));
        Thread.sleep(Duration.ofHours(1));
        return 1;
    }

    static int spinForAnHour() {
        long end = System.nanoTime() + Duration.ofHours(1).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return 1;
    }

    static int startSleepAndWait() throws IOException, InterruptedException {
        return new ProcessBuilder("sleep", "3600").start().waitFor();
    }

    /** Cannot be told from one call to the next: each gets a copy. */
    static final class Counter implements java.io.Serializable {
        private final AtomicInteger count = new AtomicInteger();

        int next() {
            return count.incrementAndGet();
        }
    }

    static final class Unserialisable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unserialisable(String message) {
            super(message, new IllegalStateException("the cause"));
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            throw new NotSerializableException("java.net.Socket");
        }
    }
}
