package dev.simul.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every Java block of the documentation stands in a source that this module compiles and runs. */
class DocumentationTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> everyJavaBlockIsCompiledAndRun() throws IOException {
        var sources = sources();
        return pages().flatMap(page -> {
            var blocks = JAVA_BLOCK
                    .matcher(read(page))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            var tests = new ArrayList<DynamicTest>();
            for (int i = 0; i < blocks.size(); i++) {
                String block = blocks.get(i);
                String name = "%s, block %d".formatted(ROOT.relativize(page), i + 1);
                tests.add(DynamicTest.dynamicTest(
                        name,
                        () -> assertThat(sources)
                                .as("no source under examples/src contains this block of %s:%n%s", name, block)
                                .anyMatch(source -> source.contains(withoutLayout(block)))));
            }
            return tests.stream();
        });
    }

    private static Stream<Path> pages() throws IOException {
        try (var docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.toList().stream())
                    .filter(path -> path.toString().endsWith(".md"))
                    .sorted();
        }
    }

    private static List<String> sources() throws IOException {
        try (var files = Files.walk(Path.of("src"))) {
            return files.filter(path -> path.toString().endsWith(".java"))
                    .map(path -> withoutLayout(read(path)))
                    .toList();
        }
    }

    /** The text without white space, which is the formatter's business. */
    private static String withoutLayout(String text) {
        return text.replaceAll("\\s+", "");
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
