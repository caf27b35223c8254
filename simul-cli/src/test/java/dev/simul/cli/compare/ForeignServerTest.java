package dev.simul.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Python's http.server stands for all servers that are not ours. */
class ForeignServerTest {
    private static final Pattern PORT = Pattern.compile("port (\\d+)");

    @Test
    void realFilesAreCountedAndAWrongHostIsNamedInEveryWay(@TempDir Path folder) throws IOException {
        requirePython();
        Files.writeString(folder.resolve("one.txt"), "a b c\n");
        Files.writeString(folder.resolve("two.txt"), "d\te\nf  g\n");
        var server = new ProcessBuilder(
                        "python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "-d", folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var output = new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            var port = PORT.matcher(output.readLine());
            assertThat(port.find()).isTrue();
            var site = "http://127.0.0.1:" + port.group(1);
            var wrong = "http://no-such-host.invalid/three.txt";
            var gone = site + "/gone.txt";
            var list =
                    Files.write(folder.resolve("urls"), List.of(site + "/one.txt", wrong, "", site + "/two.txt", gone));

            var run = CompareRun.of("--urls", list.toString(), "--json");

            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.ways()).hasSize(6).allSatisfy(way -> {
                assertThat(way.get("status").asString()).isEqualTo("partial");
                assertThat(way.get("answer").asInt()).isEqualTo(7);
                assertThat(way.get("errors")).hasSize(2);
                assertThat(way.get("errors").get(0).get("unit").asString()).isEqualTo(wrong);
                assertThat(way.get("errors").get(0).get("message").asString())
                        .isEqualTo("GET " + wrong + ": unknown host no-such-host.invalid");
                assertThat(way.get("errors").get(1).get("message").asString())
                        .isEqualTo("GET " + gone + ": answered with status 404");
            });
        } finally {
            server.destroyForcibly();
        }
    }

    private static void requirePython() {
        boolean there = false;
        try {
            there = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException _) {
            // not there
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (!there) {
            System.err.println("SKIPPED: there is no python3 to serve files with");
            assertThat(System.getenv("CI")).as("python3 must be there in CI").isNull();
        }
        assumeTrue(there, "no python3");
    }
}
