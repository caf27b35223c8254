package dev.simul.cli.compare;

import dev.simul.process.ExitStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A JVM with our class path that runs one main class until we close it or die: it halts when its input ends. */
final class ChildJvm implements AutoCloseable {
    private static final String READY = "ready ";

    private static final int PATIENCE_SECONDS = 2;

    private final Process process;
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private volatile @Nullable String lastWords;

    private ChildJvm(Process process) {
        this.process = process;
    }

    static ChildJvm start(Class<?> main, List<String> options, List<String> arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData"));
        command.addAll(inheritedOptions());
        command.addAll(options);
        command.add(main.getName());
        command.addAll(arguments);
        var builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        var child = new ChildJvm(builder.start());
        Thread.ofPlatform().daemon().name("child-stdout").start(child::readOutput);
        Thread.ofPlatform().daemon().name("child-stderr").start(child::readErrors);
        return child;
    }

    /** The cache of loaded classes that our launcher made fits a child with the same class path. */
    private static List<String> inheritedOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:AOTCache="))
                .toList();
    }

    /**
     * In the child: says that it is ready, and has it halt when the parent is gone.
     *
     * @param stop called when the parent asks for an orderly end
     */
    static void ready(String word, Runnable stop) {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                while (System.in.read() != -1) {
                    stop.run();
                }
            } catch (IOException _) {
                // as good as its end
            }
            Runtime.getRuntime().halt(0);
        });
        System.out.println(READY + word);
    }

    /** Waits until the child is ready; returns the word it says then. */
    String awaitReady() throws InterruptedException, IOException {
        try {
            return ready.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IOException(death(), e.getCause());
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** How a child that has ended came to it. */
    String death() throws InterruptedException {
        var status = new ExitStatus(process.waitFor());
        var words = lastWords;
        return "child JVM " + process.pid() + " ended with " + status
                + (words == null ? "" : ", last on its stderr: " + words);
    }

    private void readOutput() {
        try (var reader = reader(process.getInputStream())) {
            for (String line; (line = reader.readLine()) != null; ) {
                if (line.startsWith(READY)) {
                    ready.complete(line.substring(READY.length()));
                }
            }
        } catch (IOException _) {
            // it has ended
        } finally {
            ready.completeExceptionally(new IOException("ended before it was ready"));
        }
    }

    private void readErrors() {
        try (var reader = reader(process.getErrorStream())) {
            for (String line; (line = reader.readLine()) != null; ) {
                if (!line.isBlank()) {
                    lastWords = line;
                }
            }
        } catch (IOException _) {
            // it has ended
        }
    }

    private static BufferedReader reader(java.io.InputStream stream) {
        return new BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /** Asks for an orderly end and waits for it, but not for long. */
    void askToStop() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            endsSoon();
        } catch (IOException _) {
            // it has ended
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        if (!endsSoon()) {
            process.destroyForcibly();
        }
    }

    private boolean endsSoon() {
        try {
            return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
