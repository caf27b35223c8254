package dev.simul.jobs.internal.worker;

import dev.simul.jobs.InvalidSettingException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Starts a JVM with the options of the children that are to come, because a child that cannot start fails its job. */
public final class ChildTrial {
    /** One that takes longer waits for somebody, a debugger for one, and is believed. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private ChildTrial() {}

    /**
     * Refuses options with which no JVM starts.
     *
     * @throws InvalidSettingException in the JVM's own words
     */
    public static void require(List<String> options) {
        if (options.isEmpty()) {
            return;
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.add("-version");
        try {
            var said = Files.createTempFile("simul-", ".txt"); // a pipe that nobody empties would hold it up
            try {
                require(options, command, said);
            } finally {
                Files.delete(said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the worker's start is going to see it
        }
    }

    private static void require(List<String> options, List<String> command, Path said)
            throws IOException, InterruptedException {
        var trial = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (trial.waitFor(LONGEST) && trial.exitValue() != 0) {
                throw new InvalidSettingException(
                        "childOptions",
                        "must be options with which a JVM starts",
                        String.join(" ", options),
                        "it says: " + words(said));
            }
        } finally {
            trial.destroyForcibly();
        }
    }

    private static String words(Path said) throws IOException {
        try (var lines = Files.lines(said, Charset.defaultCharset())) {
            return lines.filter(line -> !line.startsWith("Error: Could not create the Java Virtual Machine")
                            && !line.startsWith("Error: A fatal exception has occurred"))
                    .limit(5)
                    .collect(Collectors.joining(" / "));
        }
    }
}
