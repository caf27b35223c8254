package dev.simul.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process with its children, as the system sees them. */
final class ProcessTree {
    private static final long MICROS_PER_TICK = 10_000; // Linux has told a hundred ticks a second for ever

    private final ProcessHandle root;
    private final Thread atTheEnd = new Thread(this::killAll); // who is stopped would outlive us for ever

    ProcessTree(ProcessHandle root) {
        this.root = root;
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    private Stream<ProcessHandle> all() {
        return Stream.concat(Stream.of(root), root.descendants());
    }

    /** Takes all of them off the processor until {@link #resume()}. */
    void pause() throws IOException {
        signal("STOP");
    }

    void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        var command = new ArrayList<>(List.of("kill", "-" + name));
        all().map(process -> String.valueOf(process.pid())).forEach(command::add);
        try {
            // Somebody may have ended in the meantime: then kill complains, and has still reached the others.
            new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    /** Processor time of all of them, children that have ended included. */
    long cpuMicros() {
        return all().mapToLong(ProcessTree::cpuMicros).sum();
    }

    private static long cpuMicros(ProcessHandle process) {
        try {
            var stat = Files.readString(Path.of("/proc", String.valueOf(process.pid()), "stat"));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int field = 11; field <= 14; field++) ticks += Long.parseLong(fields[field]);
            return ticks * MICROS_PER_TICK;
        } catch (IOException e) {
            return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1_000;
        }
    }

    void kill() {
        killAll();
        root.onExit().join();
        Runtime.getRuntime().removeShutdownHook(atTheEnd);
    }

    private void killAll() {
        var everyone = all().toList();
        everyone.forEach(ProcessHandle::destroyForcibly);
    }
}
