package dev.simul.jobs;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Python's rq at work on steps of sequences, in a process of its own. */
final class RqActor implements Actor, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BufferedWriter steps;
    private final BufferedReader answers;
    private final Path log;

    RqActor(PythonRq rq, Path gates) throws IOException {
        this(rq, gates, Map.of());
    }

    RqActor(PythonRq rq, Path gates, Map<String, String> environment) throws IOException {
        this.log = gates.resolveSibling(gates.getFileName() + ".log");
        this.process = rq.start("sequences.py", gates, log, environment);
        this.steps = process.outputWriter();
        this.answers = process.inputReader();
    }

    @Override
    public @Nullable Object act(Sequence.Step step) throws IOException {
        steps.write(step.json());
        steps.newLine();
        steps.flush();
        var answer = answers.readLine();
        var fields = answer == null ? Map.of() : JSON.readValue(answer, Map.class);
        if (!fields.containsKey("answer")) {
            throw new IllegalStateException(
                    "rq could not do '" + step.line() + "': " + fields.get("broken") + ", see " + log);
        }
        return fields.get("answer");
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
