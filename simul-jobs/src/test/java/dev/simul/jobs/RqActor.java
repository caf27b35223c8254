package dev.simul.jobs;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/** Python's rq at work on steps of sequences, in a process of its own. */
final class RqActor implements Actor, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Process process;
    private final BufferedWriter steps;
    private final BufferedReader answers;
    private final Path log;

    RqActor(PythonRq rq, Path gates) throws IOException {
        this.log = gates.resolveSibling(gates.getFileName() + ".log");
        this.process = rq.start("sequences.py", gates, log);
        this.steps = process.outputWriter();
        this.answers = process.inputReader();
    }

    @Override
    public Object act(Sequence.Step step) throws IOException {
        steps.write(step.json());
        steps.newLine();
        steps.flush();
        var answer = answers.readLine();
        if (answer == null) {
            throw new IllegalStateException("rq could not do '" + step.line() + "', see " + log);
        }
        return JSON.readValue(answer, Object.class);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
