package dev.simul.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running contestant: a child process that plays one round of its row whenever it is asked. */
final class Player implements AutoCloseable {
    private static final int LONGEST_ROUND_SECONDS = 60;

    private final Process process;
    private final BufferedReader figures;
    private final OutputStream requests;
    private final Path complaints;

    private Player(Process process, Path complaints) {
        this.process = process;
        this.figures = process.inputReader();
        this.requests = process.getOutputStream();
        this.complaints = complaints;
    }

    /** Starts a contestant for one row; it ends with us, as its stdin does. */
    static Player start(Contestant contestant, Row row, int tasks) throws IOException {
        var command = new ArrayList<>(contestant.command());
        command.add(row.name());
        command.add(String.valueOf(tasks));
        var complaints = Files.createTempFile("simul-benchmark-", ".err");
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(Redirect.to(complaints.toFile()))
                    .start();
            return new Player(process, complaints);
        } catch (IOException e) {
            Files.delete(complaints);
            throw e;
        }
    }

    /**
     * Plays one round.
     *
     * @throws IOException when the contestant died, said something else than a figure, or took a minute
     */
    double round() throws IOException {
        try {
            requests.write('\n');
            requests.flush();
            return Double.parseDouble(answer());
        } catch (IOException | NumberFormatException e) {
            process.destroyForcibly();
            throw new IOException(lastComplaint(e), e);
        }
    }

    private String answer() throws IOException {
        var answer = CompletableFuture.supplyAsync(() -> {
            try {
                return String.valueOf(figures.readLine());
            } catch (IOException e) {
                return e.toString();
            }
        });
        try {
            return answer.get(LONGEST_ROUND_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("a round took longer than " + LONGEST_ROUND_SECONDS + " s", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException("interrupted", e);
        }
    }

    private String lastComplaint(Exception e) throws IOException {
        var lines = Files.readAllLines(complaints);
        return lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("\tat "))
                .reduce((before, last) -> last)
                .orElse(String.valueOf(e.getMessage()));
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        Files.deleteIfExists(complaints);
    }
}
