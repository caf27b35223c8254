package dev.simul.cli.compare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The units of work as the user gave them: arguments, and the lines of a file or of stdin that are not blank. */
final class Inputs {
    private static final String STDIN = "-";

    private Inputs() {}

    /**
     * Collects them.
     *
     * @param file null for none
     * @throws IllegalArgumentException naming the option if the file cannot be read
     */
    static List<String> of(List<String> arguments, @Nullable String file, InputStream stdin) {
        var inputs = new ArrayList<>(arguments);
        if (file != null) {
            try {
                var text = file.equals(STDIN)
                        ? new String(stdin.readAllBytes(), StandardCharsets.UTF_8)
                        : new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
                var lines = lines(text);
                if (lines.isEmpty()) {
                    throw new IllegalArgumentException("--urls: " + file + " has no lines; put one input on each");
                }
                inputs.addAll(lines);
            } catch (NoSuchFileException _) {
                throw new IllegalArgumentException("--urls: there is no file " + file + "; use - for stdin");
            } catch (IOException e) {
                throw new IllegalArgumentException("--urls: cannot read " + file + ": " + e.getMessage(), e);
            }
        }
        return inputs;
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
