package dev.simul.benchmarks;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a soak did, and what it left behind.
 *
 * @param heap used bytes after a full collection, at equal distances in time
 */
record SoakReport(
        Soak.Tally tally, long switches, int leakedTasks, int leakedTimers, int leakedThreads, List<Long> heap) {
    private static final double FLAT = 1.10;

    /** Platform and virtual threads alive: only a dump knows the virtual ones. */
    static int threads() throws IOException {
        var folder = Files.createTempDirectory("simul-soak-");
        var dump = folder.resolve("threads.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(dump.toString(), ThreadDumpFormat.JSON);
            try (var lines = Files.lines(dump)) {
                return (int) lines.filter(line -> line.contains("\"tid\"")).count();
            }
        } finally {
            Files.deleteIfExists(dump);
            Files.delete(folder);
        }
    }

    /** Whether the second half came back to what the first needed, give or take a tenth. */
    boolean isFlat() {
        int half = heap.size() / 2;
        return least(heap.subList(half, heap.size())) <= FLAT * most(heap.subList(0, half));
    }

    /** Whether all is as it was before. */
    boolean isClean() {
        return tally.unexpected.isEmpty() && leakedTasks == 0 && leakedTimers == 0 && leakedThreads <= 0 && isFlat();
    }

    String json(int tasks, double minutes, long seed) {
        return String.format(
                Locale.ROOT,
                "{\"tasks\": %d, \"minutes\": %s, \"seed\": %d, \"done\": %d, \"failed\": %d, \"cancelled\": %d,"
                        + " \"timedOut\": %d, \"switches\": %d, \"leakedTasks\": %d, \"leakedTimers\": %d,"
                        + " \"leakedThreads\": %d, \"heapMiB\": %s, \"flat\": %s, \"unexpected\": %d, \"clean\": %s}",
                tasks,
                minutes,
                seed,
                tally.done,
                tally.failed,
                tally.cancelled,
                tally.timedOut,
                switches,
                leakedTasks,
                leakedTimers,
                Math.max(0, leakedThreads),
                heap.stream().map(bytes -> String.valueOf(bytes >> 20)).collect(Collectors.joining(", ", "[", "]")),
                isFlat(),
                tally.unexpected.size(),
                isClean());
    }

    private static long least(List<Long> figures) {
        return figures.stream().mapToLong(figure -> figure).min().orElse(0);
    }

    private static long most(List<Long> figures) {
        return figures.stream().mapToLong(figure -> figure).max().orElse(0);
    }
}
