package dev.simul.examples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What an example prints. */
final class Printed {
    @FunctionalInterface
    interface Main {
        void main(String... args) throws Exception;
    }

    private Printed() {}

    /** The lines on stdout of one run of an example in this JVM. */
    static List<String> by(Main example, String... args) throws Exception {
        var stdout = System.out;
        var printed = new ByteArrayOutputStream();
        try (var capture = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(capture);
            example.main(args);
        } finally {
            System.setOut(stdout);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
