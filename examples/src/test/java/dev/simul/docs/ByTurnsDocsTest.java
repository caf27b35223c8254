package dev.simul.docs;

import static dev.simul.Async.sleep;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.Coroutine;
import dev.simul.Generator;
import dev.simul.GeneratorExit;
import dev.simul.test.AsyncTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The snippets of docs/by-turns.md. */
@SuppressWarnings({"SystemOut", "StringSplitter"}) // the reader's code, not ours
class ByTurnsDocsTest {
    private final PrintStream console = System.out;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setOut(console);
    }

    private List<String> printedLines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void loopPrintsFibonacciNumbersUpToAHundred() {
        Generator<Long> fibonacci = Generator.of(out -> {
            for (long a = 0, b = 1; ; ) {
                out.yield(a);
                b += a;
                a = b - a;
            }
        });
        try (fibonacci) {
            for (long f : fibonacci) {
                if (f > 100) {
                    break;
                }
                System.out.println(f);
            }
        }
        assertThat(printedLines()).containsExactly("0", "1", "1", "2", "3", "5", "8", "13", "21", "34", "55", "89");
        assertThat(fibonacci.iterator().hasNext()).isFalse();
    }

    @Test
    void generatorGoesOnWhereItStopped() {
        try (var numbers = from(1)) {
            List<Integer> first = numbers.stream().limit(3).toList(); // 1, 2, 3
            int fourth = numbers.next(); // 4
            assertThat(first).containsExactly(1, 2, 3);
            assertThat(fourth).isEqualTo(4);
        }
    }

    private static Generator<Integer> from(int start) {
        return Generator.of(out -> {
            for (int i = start; ; i++) {
                out.yield(i);
            }
        });
    }

    @Test
    void streamCountsLongLines(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("text"), "short\n" + "long ".repeat(20) + "\nshort\n");
        long longLines = lines(file).stream().filter(line -> line.length() > 80).count();
        assertThat(longLines).isEqualTo(1);
    }

    static Generator<String> lines(Path file) {
        return Generator.of(out -> {
            try (var reader = Files.newBufferedReader(file)) {
                for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                    out.yield(line);
                }
            }
        });
    }

    @Test
    void walkFindsFilesAtAnyDepth(@TempDir Path folder) throws IOException {
        var deep = Files.createDirectories(folder.resolve("a/b/c"));
        Files.createFile(deep.resolve("leaf"));
        assertThat(walk(folder).iterator())
                .toIterable()
                .containsExactly(folder.resolve("a"), folder.resolve("a/b"), deep, deep.resolve("leaf"));
    }

    static Generator<Path> walk(Path folder) {
        return Generator.of(out -> {
            try (var entries = Files.newDirectoryStream(folder)) {
                for (var entry : entries) {
                    out.yield(entry);
                    if (Files.isDirectory(entry)) {
                        out.yieldFrom(walk(entry));
                    }
                }
            }
        });
    }

    @Test
    void finderPrintsTheLinesWithTheWord() {
        Coroutine<String, Void> finder = Coroutine.of(in -> {
            while (true) {
                var line = in.yield();
                if (line.contains("async")) {
                    System.out.println(line);
                }
            }
        });
        finder.send("an async line");
        finder.send("another line");
        finder.close();
        assertThat(printedLines()).containsExactly("an async line");
    }

    @Test
    void meanAnswersEachNumber() {
        Coroutine<Double, Double> mean = Coroutine.of(in -> {
            double sum = in.yield();
            for (int n = 1; ; n++) {
                sum += in.yield(sum / n);
            }
        });
        mean.send(10.0); // 10.0
        mean.send(20.0); // 15.0
        assertThat(mean.send(60.0)).isEqualTo(30.0);
        mean.close();
    }

    @Test
    void counterReturnsWhatItHasWhenNothingMoreComes() {
        Coroutine<String, Integer> counter = Coroutine.of(in -> {
            int words = 0;
            try {
                while (true) {
                    words += in.yield().split("\\s+").length;
                }
            } catch (GeneratorExit nothingMore) {
                return words;
            }
        });
        counter.send("to be or");
        counter.send("not to be");
        int words = counter.finish(); // 6
        assertThat(words).isEqualTo(6);
    }

    @Test
    void thrownExceptionIsCaughtAtTheYield() {
        Generator<String> retrying = Generator.of(out -> {
            for (int attempt = 1; ; attempt++) {
                try {
                    out.yield("attempt " + attempt);
                } catch (UncheckedIOException e) {
                    out.yield("after " + e.getCause().getMessage());
                }
            }
        });
        try (retrying) {
            retrying.next(); // "attempt 1"
            retrying.throwing(new UncheckedIOException(new IOException("timeout"))); // "after timeout"
            retrying.next(); // "attempt 2"
            assertThat(retrying.next()).isEqualTo("attempt 3");
        }
    }

    // ---- bodies that wait

    static Generator<String> headlines(Duration every) {
        return Generator.of(out -> {
            try {
                for (int i = 1; ; i++) {
                    sleep(every);
                    out.yield("headline " + i);
                }
            } finally {
                sleep(ofMillis(5)); // the clean-up may wait, too
                System.out.println("closed");
            }
        });
    }

    @AsyncTest
    void closingWaitsForAFinallyThatWaits() {
        try (var news = headlines(ofSeconds(1))) {
            System.out.println(news.next());
        }
        assertThat(printedLines()).containsExactly("headline 1", "closed");
    }

    private static Generator<String> slowPages() {
        return Generator.of(out -> {
            for (int i = 1; i <= 5; i++) {
                sleep(ofMillis(10));
                out.yield("page " + i);
            }
        });
    }

    private static void index(String page) {
        sleep(ofMillis(10));
        System.out.println(page);
    }

    @AsyncTest
    void pagesAreFetchedAhead() {
        try (var pages = slowPages().buffered(4)) {
            for (String page : pages) {
                index(page); // the next pages are being fetched meanwhile
            }
        }
        assertThat(printedLines()).hasSize(5).startsWith("page 1");
    }

    static long errors(Flow.Publisher<String> log) {
        try (var lines = Generator.from(log, 64)) {
            return lines.stream()
                    .filter(line -> line.startsWith("ERROR"))
                    .limit(10)
                    .count();
        }
    }

    @AsyncTest
    void publishersAndGeneratorsAreReadAsOneAnother() {
        Flow.Publisher<String> pages = slowPages().toPublisher();
        assertThat(errors(pages)).isZero();
        var log = Generator.<String>of(out -> {
            for (int i = 0; ; i++) {
                out.yield((i % 2 == 0 ? "ERROR " : "INFO ") + i);
            }
        });
        assertThat(errors(log.toPublisher())).isEqualTo(10);
    }
}
