package dev.simul.cli.compare;

import dev.simul.Promise;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs a shell command for an input; the answer is what it prints.
 *
 * <p>Output goes through files, because reading a pipe would hold the thread of a loop; waiting for the end does not.
 */
final class ExecWork implements Work {
    private final String command;
    private final String mark;

    /**
     * @param command for {@code sh -c}; the input takes the place of {@code {}}, or is appended if there is none
     * @param mark what {@link Strays} knows the command's processes by
     */
    ExecWork(String command, String mark) {
        this.command = command;
        this.mark = mark;
    }

    @Override
    public String answer(String input, Turn turn) throws Exception {
        var quoted = "'" + input.replace("'", "'\\''") + "'";
        return run(command.contains("{}") ? command.replace("{}", quoted) : command + " " + quoted, turn);
    }

    private String run(String shellCommand, Turn turn) throws Exception {
        Path out = Files.createTempFile("simul-", ".out");
        Path err = Files.createTempFile("simul-", ".err");
        try {
            var builder = new ProcessBuilder("sh", "-c", shellCommand)
                    .redirectInput(new File("/dev/null"))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().put(Strays.MARK, mark);
            int exit = turn.await(exitOf(builder.start()));
            if (exit != 0) {
                throw new IOException("the command exited with " + exit + lastLine(err));
            }
            return text(out);
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static Promise<Integer> exitOf(Process process) {
        var exit = Promise.<Integer>outside("exit of process " + process.pid());
        exit.onCancel(_ -> process.destroyForcibly());
        var _ = process.onExit().thenAccept(ended -> exit.complete(ended.exitValue()));
        return exit;
    }

    private static String lastLine(Path file) throws IOException {
        return text(file)
                .lines()
                .reduce((_, last) -> last)
                .map(line -> ": " + line)
                .orElse("");
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip();
    }

    @Override
    public String inTurns() {
        return "yielding while a command runs";
    }

    /** Runs {@code true}; the user's command may cost or change something, so it is not run for practice. */
    @Override
    public void warmUp(String input) throws Exception {
        run("true", Turn.PLAIN);
    }
}
