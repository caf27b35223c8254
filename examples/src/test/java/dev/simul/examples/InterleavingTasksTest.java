package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class InterleavingTasksTest {
    @Test
    void printsInTheOrderRecordedFromAsyncio() throws Exception {
        assertThat(Printed.by(InterleavingTasks::main))
                .containsExactlyElementsOf(
                        resource("interleaving_tasks.txt").lines().toList());
    }

    @Test
    void asyncioPrintsTheSameProgramInTheSameOrder() throws Exception {
        assertThat(Printed.by(InterleavingTasks::main)).containsExactlyElementsOf(printedByPython());
    }

    private static List<String> printedByPython() throws Exception {
        Process python;
        try {
            python = new ProcessBuilder("python3", "-c", resource("interleaving_tasks.py"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            var why = "no python3 here, so asyncio's order cannot be asked for: " + e.getMessage();
            if (System.getenv("CI") != null) return fail(why, e);
            System.err.println("SKIPPED: " + why);
            return abort(why);
        }
        try (var lines = python.inputReader(StandardCharsets.UTF_8)) {
            var printed = lines.lines().toList();
            assertThat(python.waitFor()).as("exit code of python3").isZero();
            return printed;
        }
    }

    private static String resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(InterleavingTasksTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
