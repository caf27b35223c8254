package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real rq of a given release, in a virtual environment of its own under {@code target}. */
final class PythonRq {
    /** What a worker or command of rq must be told in a deployment that speaks JSON. */
    static final List<String> JSON_SERIALIZER = List.of("--serializer", "rq.serializers.JSONSerializer");

    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, PythonServer> SERVERS = new ConcurrentHashMap<>();

    private final Path python;
    private final PythonServer server;
    private final String url;

    private PythonRq(Path python, PythonServer server, String url) {
        this.python = python;
        this.server = server;
        this.url = url;
    }

    /** Installs rq, unless it is there. Only outside CI may a machine without Python or network skip the tests. */
    static PythonRq install(String version, String url) throws InterruptedException {
        return install("rq-" + version, List.of("rq==" + version), url);
    }

    /** The same with rq-dashboard. */
    static PythonRq installWithDashboard(String version, String url) throws InterruptedException {
        // it imports six without asking for it
        return install("rq-" + version + "-dashboard", List.of("rq==" + version, "rq-dashboard==0.9.0", "six"), url);
    }

    private static PythonRq install(String name, List<String> packages, String url) throws InterruptedException {
        var home = Path.of("target", name).toAbsolutePath();
        var python = home.resolve("bin/python");
        try {
            installOnce(home, python, packages);
        } catch (IOException e) {
            var why = "INTEROP WITH PYTHON'S " + name + " WAS NOT TESTED: " + e.getMessage();
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(why, e);
            }
            System.err.println(why);
            abort(why);
        }
        return new PythonRq(python, SERVERS.computeIfAbsent(name, _ -> PythonServer.start(python)), url);
    }

    /** Tests run in several JVMs at a time: one installs, the others wait. */
    private static synchronized void installOnce(Path home, Path python, List<String> packages)
            throws IOException, InterruptedException {
        Files.createDirectories(home);
        try (var file = FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var _ = file.lock()) {
            if (!Files.exists(home.resolve("complete"))) {
                run(List.of("python3", "-m", "venv", home.toString()));
                var install = new ArrayList<>(List.of(python.toString(), "-m", "pip", "install", "--quiet"));
                install.addAll(packages);
                run(install);
                Files.createFile(home.resolve("complete"));
            }
        }
    }

    /** Lets {@code drive.py} do a step and returns its answer. */
    JsonNode ask(String step, Map<String, ?> arguments) throws IOException, InterruptedException {
        return ask("drive.py", step, arguments);
    }

    /** Lets another program of ours do a step and returns its answer. */
    JsonNode ask(String program, String step, Map<String, ?> arguments) throws IOException, InterruptedException {
        return answer(begin(program, step, arguments).output());
    }

    /** Begins a step, which may last. */
    PythonServer.Child begin(String program, String step, Map<String, ?> arguments) throws IOException {
        return server.begin(Map.of("program", program, "url", url, "step", step, "arguments", arguments));
    }

    /** What a step has answered, among all that it has printed. */
    static JsonNode answer(String output) {
        return JSON.readTree(output.lines().toList().getLast());
    }

    /** Runs the {@code rq} command. */
    String rq(String... arguments) throws IOException, InterruptedException {
        return beginRq(arguments).output();
    }

    /** Runs the {@code rq} command for JSON jobs. */
    String rqJson(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(arguments));
        command.addAll(JSON_SERIALIZER);
        return rq(command.toArray(String[]::new));
    }

    /** Begins a {@code rq} command, which may last. */
    PythonServer.Child beginRq(String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(arguments));
        command.addAll(List.of("--url", url));
        return server.begin(Map.of("rq", command));
    }

    /** Starts a script of ours on this rq, with a folder for gates; its complaints go to the log. */
    Process start(String script, Path gates, Path log, Map<String, String> environment) throws IOException {
        var resources = Path.of("src/test/resources/python").toAbsolutePath();
        var builder =
                new ProcessBuilder(python.toString(), resources.resolve(script).toString(), url);
        builder.environment().put("PYTHONPATH", resources.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        builder.environment().put("GATES", gates.toString());
        builder.environment().putAll(environment);
        return builder.redirectError(log.toFile()).start();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue() + ": " + output);
        }
    }
}
