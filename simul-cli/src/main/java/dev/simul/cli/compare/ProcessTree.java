package dev.simul.cli.compare;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * This JVM and all processes that it started, directly or not, except one that does not count.
 *
 * <p>Read from {@code /proc} in one pass, see proc(5); on other systems the JDK tells processor time and number only.
 */
final class ProcessTree {
    private static final Path PROC = Path.of("/proc");
    private static final boolean LINUX = Files.isReadable(PROC.resolve("self/stat"));
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux that runs a JVM
    private static final long BYTES_PER_PAGE = 4096;
    private static final com.sun.management.OperatingSystemMXBean SELF =
            ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);

    private final ProcessHandle self = ProcessHandle.current();
    private final long left;

    /** @param left the process that does not count, with all it started; -1 for none */
    ProcessTree(long left) {
        this.left = left;
    }

    Usage read() {
        return LINUX ? readProc() : readPortably();
    }

    private Usage readProc() {
        long cpu = SELF.getProcessCpuTime();
        long memory = 0;
        int childThreads = 0;
        var family = family();
        for (var process : family) {
            memory += process.rssPages * BYTES_PER_PAGE;
            if (process.pid == self.pid()) {
                cpu += process.reapedTicks * NANOS_PER_TICK;
            } else {
                cpu += (process.ownTicks + process.reapedTicks) * NANOS_PER_TICK;
                childThreads += process.threads;
            }
        }
        return new Usage(cpu, OptionalLong.of(memory), childThreads, family.size());
    }

    private Usage readPortably() {
        var children = self.descendants().filter(child -> child.pid() != left).toList();
        long cpu = SELF.getProcessCpuTime();
        for (var child : children) {
            cpu += child.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
        }
        return new Usage(cpu, OptionalLong.empty(), 0, 1 + children.size());
    }

    /** Context switches of all living threads so far; empty where the system does not say. */
    OptionalLong contextSwitches() {
        if (!LINUX) {
            return OptionalLong.empty();
        }
        long switches = 0;
        for (var process : family()) {
            for (var thread : list(PROC.resolve(process.pid + "/task"))) {
                switches += read(thread.resolve("status"))
                        .lines()
                        .filter(line -> line.contains("ctxt_switches:"))
                        .mapToLong(line -> Long.parseLong(
                                line.substring(line.indexOf(':') + 1).strip()))
                        .sum();
            }
        }
        return OptionalLong.of(switches);
    }

    private List<Stat> family() {
        Map<Long, List<Stat>> children = new HashMap<>();
        var queue = new ArrayDeque<Stat>();
        for (var entry : list(PROC)) {
            if (Character.isDigit(entry.getFileName().toString().charAt(0))) {
                var text = read(entry.resolve("stat"));
                if (!text.isEmpty()) { // it may have ended meanwhile
                    var stat = Stat.parse(text);
                    children.computeIfAbsent(stat.parent, _ -> new ArrayList<>())
                            .add(stat);
                    if (stat.pid == self.pid()) {
                        queue.add(stat);
                    }
                }
            }
        }
        var family = new ArrayList<Stat>();
        for (Stat next; (next = queue.poll()) != null; ) {
            family.add(next);
            for (var child : children.getOrDefault(next.pid, List.of())) {
                if (child.pid != left) {
                    queue.add(child);
                }
            }
        }
        return family;
    }

    private static List<Path> list(Path folder) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            var list = new ArrayList<Path>();
            entries.forEach(list::add);
            return list;
        } catch (IOException | java.nio.file.DirectoryIteratorException _) {
            return List.of(); // it has ended
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return ""; // it has ended
        }
    }

    /** One line of {@code /proc/PID/stat}. */
    private record Stat(long pid, long parent, long ownTicks, long reapedTicks, int threads, long rssPages) {
        static Stat parse(String line) {
            // The second field is the program's name in brackets, which may hold spaces and brackets itself.
            var pid = Long.parseLong(line.substring(0, line.indexOf(' ')));
            var fields = line.substring(line.lastIndexOf(')') + 2).split(" ");
            return new Stat(
                    pid,
                    number(fields, 4),
                    number(fields, 14) + number(fields, 15),
                    number(fields, 16) + number(fields, 17),
                    (int) number(fields, 20),
                    number(fields, 24));
        }

        /** A field by its number in proc(5), of which the first two are cut off. */
        private static long number(String[] fields, int number) {
            return Long.parseLong(fields[number - 3].strip());
        }
    }
}
