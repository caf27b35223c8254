package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Python that has rq loaded and does what it is asked in forked children; it ends with this JVM. */
final class PythonServer {
    private static final JsonMapper JSON = new JsonMapper();

    private final Writer requests;
    private final Map<Long, Child> children = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    private PythonServer(Process process) {
        this.requests = process.outputWriter(UTF_8);
        Thread.ofPlatform().daemon().start(() -> read(process.inputReader(UTF_8)));
    }

    static PythonServer start(Path python) {
        var programs = Path.of("src/test/resources/python").toAbsolutePath();
        var builder = new ProcessBuilder(
                        python.toString(), programs.resolve("serve.py").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PYTHONPATH", programs.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        try {
            return new PythonServer(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Child begin(Map<String, ?> request) throws IOException {
        var child = new Child(request);
        long id = ids.incrementAndGet();
        children.put(id, child);
        var line = new HashMap<String, Object>(request);
        line.put("id", id);
        synchronized (requests) {
            requests.write(JSON.writeValueAsString(line) + "\n");
            requests.flush();
        }
        return child;
    }

    private void read(BufferedReader answers) {
        try {
            for (var line = answers.readLine(); line != null; line = answers.readLine()) {
                var answer = JSON.readTree(line);
                long id = answer.get("id").longValue();
                if (answer.has("pid")) {
                    Objects.requireNonNull(children.get(id))
                            .pid
                            .complete(answer.get("pid").longValue());
                } else {
                    Objects.requireNonNull(children.remove(id)).end.complete(answer);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            children.values().forEach(child -> child.end.completeExceptionally(new IOException("Python has ended")));
        }
    }

    /** A process that does one request. */
    static final class Child {
        private final Map<String, ?> request;
        private final CompletableFuture<Long> pid = new CompletableFuture<>();
        private final CompletableFuture<JsonNode> end = new CompletableFuture<>();

        private Child(Map<String, ?> request) {
            this.request = request;
        }

        /** What it has printed, when it has ended well. */
        String output() throws IOException, InterruptedException {
            var answer = await(end);
            var output = answer.get("output").stringValue();
            if (answer.get("rc").intValue() != 0) {
                throw new IOException(request + " ended with " + answer.get("rc") + ": " + output);
            }
            return output;
        }

        /** Its exit code, negative for a signal. */
        int exitCode() throws IOException, InterruptedException {
            return await(end).get("rc").intValue();
        }

        long pid() throws IOException, InterruptedException {
            return await(pid);
        }

        boolean isDone() {
            return end.isDone();
        }

        /** Sends it a signal, such as {@code TERM}. */
        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(await(pid)))
                    .start()
                    .waitFor();
        }

        private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
            try {
                return answer.get(1, TimeUnit.MINUTES);
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (TimeoutException e) {
                throw new AssertionError("nothing from Python in a minute", e);
            }
        }
    }
}
