package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real rq of a given release, in a virtual environment of its own under {@code target}. */
final class PythonRq {
    private static final JsonMapper JSON = new JsonMapper();
    private final Path python;
    private final String url;

    private PythonRq(Path python, String url) {
        this.python = python;
        this.url = url;
    }

    /** Installs rq, unless it is there. Only outside CI may a machine without Python or network skip the tests. */
    static PythonRq install(String version, String url) throws InterruptedException {
        var home = Path.of("target", "rq-" + version).toAbsolutePath();
        var python = home.resolve("bin/python");
        try {
            if (!Files.exists(home.resolve("complete"))) {
                run(List.of("python3", "-m", "venv", home.toString()));
                run(List.of(python.toString(), "-m", "pip", "install", "--quiet", "rq==" + version));
                Files.createFile(home.resolve("complete"));
            }
        } catch (IOException e) {
            var why = "INTEROP WITH PYTHON'S rq " + version + " WAS NOT TESTED: " + e.getMessage();
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(why, e);
            }
            System.err.println(why);
            abort(why);
        }
        return new PythonRq(python, url);
    }

    /** Lets {@code drive.py} do a step and returns its answer. */
    JsonNode ask(String step, Map<String, ?> arguments) throws IOException, InterruptedException {
        return ask("drive.py", step, arguments);
    }

    /** Lets another program of ours do a step and returns its answer. */
    JsonNode ask(String program, String step, Map<String, ?> arguments) throws IOException, InterruptedException {
        var drive =
                Path.of("src/test/resources/python", program).toAbsolutePath().toString();
        var output = run(List.of(python.toString(), drive, url, step, JSON.writeValueAsString(arguments)));
        return JSON.readTree(output.lines().toList().getLast());
    }

    /** Runs the {@code rq} command. */
    String rq(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(python.resolveSibling("rq").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--url", url));
        return run(command);
    }

    /** Starts a script of ours on this rq, with a folder for gates; its complaints go to the log. */
    Process start(String script, Path gates, Path log) throws IOException {
        var resources = Path.of("src/test/resources/python").toAbsolutePath();
        var builder =
                new ProcessBuilder(python.toString(), resources.resolve(script).toString(), url);
        builder.environment().put("PYTHONPATH", resources.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("GATES", gates.toString());
        return builder.redirectError(log.toFile()).start();
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put(
                        "PYTHONPATH",
                        Path.of("src/test/resources/python").toAbsolutePath().toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": " + output);
        }
        return output;
    }
}
