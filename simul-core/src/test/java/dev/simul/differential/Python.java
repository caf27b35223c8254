package dev.simul.differential;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A Python process that runs programs on asyncio and tells their traces. */
final class Python implements AutoCloseable {

    /** What CPython's trace is when it recursed too deeply. */
    static final List<String> GAVE_UP = List.of("RecursionError");

    private static final List<String> FILES = List.of("interpreter.py", "rules.py");

    private final Path folder;
    private final Process process;
    private final Writer programs;
    private final BufferedReader traces;

    private Python(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.programs = process.outputWriter(StandardCharsets.UTF_8);
        this.traces = process.inputReader(StandardCharsets.UTF_8);
    }

    /** A Python that is new enough (3.11), if there is one: the system property simul.python, else what PATH has. */
    static Optional<String> find() {
        var asked = System.getProperty("simul.python");
        return (asked != null
                        ? Stream.of(asked)
                        : Stream.of("python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"))
                .filter(Python::isNewEnough)
                .findFirst();
    }

    private static boolean isNewEnough(String command) {
        try {
            var process = new ProcessBuilder(command, "-c", "import sys; sys.exit(sys.version_info < (3, 11))")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static Python start(String command) throws IOException {
        var folder = Files.createTempDirectory("simul-differential");
        for (var file : FILES) {
            try (var content = Python.class.getResourceAsStream("/python/" + file)) {
                Files.copy(content, folder.resolve(file));
            }
        }
        var interpreter = folder.resolve(FILES.getFirst()).toString();
        return new Python(
                folder,
                new ProcessBuilder(command, "-B", interpreter)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** Hands programs over. There may be some hundred whose traces have not been taken. */
    void give(List<Node> some) throws IOException {
        for (var program : some) {
            programs.write(program + "\n");
        }
        programs.flush();
    }

    /** The trace of the oldest program of which it has not been taken. Waits for it. */
    List<String> takeTrace() throws IOException {
        List<String> trace = new ArrayList<>();
        for (var line = traces.readLine(); ; line = traces.readLine()) {
            if (line == null) {
                throw new IOException("the Python process ended, with exit code "
                        + process.onExit().join().exitValue());
            }
            if (line.isEmpty()) {
                return trace;
            }
            trace.add(line);
        }
    }

    /** The trace of one program. */
    List<String> run(Node program) {
        try {
            give(List.of(program));
            return takeTrace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        for (var file : FILES) {
            Files.deleteIfExists(folder.resolve(file));
        }
        Files.deleteIfExists(folder);
    }
}
