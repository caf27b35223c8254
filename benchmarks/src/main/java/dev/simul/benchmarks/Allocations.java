package dev.simul.benchmarks;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;

import com.sun.management.ThreadMXBean;
import dev.simul.sync.Channel;
import dev.simul.sync.Lock;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;

/**
 * What a loop allocates for one operation, counted by the JVM, and of which classes, sampled by Flight Recorder:
 * {@code benchmarks/run allocations}.
 *
 * <p>A virtual thread's allocations count for the platform thread that it is mounted on, which is the loop's.
 */
public final class Allocations {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP_ROUNDS = 30;
    private static final int ROUNDS = 20;

    /** So many operations, in a coroutine. */
    private record Row(String name, int operations, Rounds.Work work) {}

    private Allocations() {}

    public static void main(String[] args) throws Exception {
        System.out.printf("%-44s %12s  %s%n", "operation", "bytes each", "of which classes");
        run(() -> {
            show(new Row("switch: sleep(0), 100 tasks", 100 * 1_000, () -> switches(1_000)));
            show(new Row("sleep of 1 ns: through the timers", 20_000, () -> naps(20_000)));
            show(new Row("there and back over rendezvous channels", 20_000, () -> pingPong(20_000)));
            show(new Row("item through a channel with room", 100_000, () -> channel(100_000)));
            show(new Row("lock taken and released", 100_000, () -> lock(100_000)));
            show(new Row("spawn and await", 10_000, () -> spawns(10_000)));
        });
    }

    private static void show(Row row) throws Exception {
        for (int round = 0; round < WARM_UP_ROUNDS; round++) row.work().run();
        try (var recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
            recording.start();
            long before = THREADS.getTotalThreadAllocatedBytes();
            for (int round = 0; round < ROUNDS; round++) row.work().run();
            long bytes = THREADS.getTotalThreadAllocatedBytes() - before;
            recording.stop();
            double each = bytes / (double) (ROUNDS * row.operations());
            System.out.printf(
                    Locale.ROOT, "%-44s %12.2f  %s%n", row.name(), each, each < 0.5 ? "" : classes(recording));
        }
    }

    /** The classes that most of the bytes went to. */
    private static String classes(Recording recording) throws IOException {
        var file = Files.createTempFile("simul-allocations-", ".jfr");
        try {
            recording.dump(file);
            Map<String, Long> weights = new HashMap<>();
            long all = 0;
            for (var event : RecordingFile.readAllEvents(file)) {
                long weight = event.getLong("weight");
                all += weight;
                weights.merge(event.getClass("objectClass").getName(), weight, Long::sum);
            }
            double total = Math.max(1, all);
            return weights.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(4)
                    .map(entry -> "%s %.0f%%".formatted(entry.getKey(), 100 * entry.getValue() / total))
                    .collect(Collectors.joining(", "));
        } finally {
            Files.delete(file);
        }
    }

    private static void switches(int turns) throws Exception {
        var over = new boolean[1];
        for (int task = 0; task < 99; task++)
            spawn(() -> {
                while (!over[0]) sleep(Duration.ZERO);
            });
        for (int turn = 0; turn < turns; turn++) sleep(Duration.ZERO);
        over[0] = true;
        sleep(Duration.ZERO);
    }

    private static void naps(int count) {
        for (int nap = 0; nap < count; nap++) sleep(Duration.ofNanos(1));
    }

    private static void pingPong(int rounds) throws Exception {
        var there = Channel.<String>rendezvous();
        var back = Channel.<String>rendezvous();
        var server = spawn(() -> {
            for (int round = 0; round < rounds; round++) back.send(there.receive());
        });
        for (int round = 0; round < rounds; round++) {
            there.send("ball");
            back.receive();
        }
        server.await();
    }

    private static void channel(int items) throws Exception {
        var channel = Channel.<String>buffered(1_000);
        var producer = spawn(() -> {
            for (int item = 0; item < items; item++) channel.send("item");
        });
        for (int item = 0; item < items; item++) channel.receive();
        producer.await();
    }

    private static void lock(int times) throws Exception {
        var lock = new Lock();
        for (int time = 0; time < times; time++) {
            lock.acquire();
            lock.release();
        }
    }

    private static void spawns(int tasks) throws Exception {
        for (int task = 0; task < tasks; task++) spawn(() -> 1).await();
    }
}
