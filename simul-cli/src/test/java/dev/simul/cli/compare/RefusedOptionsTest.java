package dev.simul.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusedOptionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ways sequential,fibres | --ways: 'fibres' is no way; the ways are sequential, processes, threads, turns, loop, jobs",
                "--work sums | --work must be words, cpu or mixed, was 'sums'",
                "--work cpu --exec true | --work and --exec exclude each other; give one of them",
                "--concurrency 0 | --concurrency must be between 1 and 1000, was 0",
                "--repeat 1001 | --repeat must be between 1 and 1000, was 1001",
                "--units 0 | --units must be between 1 and 100000, was 0",
                "--units 3 http://localhost/ | --units is for work without inputs, but there are 1; leave it out",
                "--delay 1h | --delay must be between 0 and 20s, was PT1H",
                "--redis localhost | --redis must be a URL such as redis://localhost:6379, was 'localhost'",
                "--urls /no/such/file | --urls: there is no file /no/such/file; use - for stdin",
                "--html /no/such/folder/x.html | --html: cannot write a file at /no/such/folder/x.html; name one in a folder that is there",
                "example.org | INPUT must be an http or https address, was 'example.org'",
                "--work cpu many | INPUT must be a number below 100000000 with --work cpu, was 'many'",
                "--exec true | --exec needs inputs; give them as arguments, or in a file with --urls FILE",
                "--classpath . | --classpath is for --class, which is missing",
                "--class java.lang.String | --class: class java.lang.String must be a java.util.concurrent.Callable or a java.util.function.Function<String, ?>",
                "--class a.B --classpath /no.jar | --classpath: /no.jar is not there",
            })
    void refusalNamesTheOptionTheValueAndTheWayOut(String arguments, String message) {
        var run = CompareRun.of(arguments.split(" "));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).isEqualTo(message);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void fileWithoutLinesIsRefused(@TempDir Path folder) throws IOException {
        var file = Files.writeString(folder.resolve("urls"), "\n  \n");
        assertThat(CompareRun.of("--urls", file.toString()).err())
                .isEqualTo("--urls: " + file + " has no lines; put one input on each");
    }

    @Test
    void missingClassIsNamed() {
        assertThat(CompareRun.of("--class", "com.acme.Missing").err())
                .startsWith("--class: class com.acme.Missing is not there")
                .endsWith("say where with --classpath");
    }
}
