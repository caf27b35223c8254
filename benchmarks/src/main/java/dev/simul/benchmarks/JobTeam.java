package dev.simul.benchmarks;

import dev.simul.jobs.EmbeddedRedis;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A contestant in an event with jobs: its producer, its worker, and a Redis that serves nobody else.
 *
 * <p>The worker lives through all turns, so that what is compared is how it runs and not how it starts. Between its
 * turns it is stopped as a process: it neither works off what the producer fills in nor takes anybody's processor. Each
 * job that is done appends a byte to a file, whose size is all that is watched.
 */
final class JobTeam implements AutoCloseable {
    private static final Duration LONGEST_TURN = Duration.ofSeconds(60);
    private static final int FIRST_TURN = 40;
    private static final int FIRST_TURN_OF_A_COMPILER = 4_000;
    private static final int PACE_MICROS = 5_000;
    private static final int PACE_OF_A_WARM_UP_MICROS = 500;

    private final JobEvent event;
    private final EmbeddedRedis redis;
    private final DelayProxy proxy;
    private final Path folder;
    private final Path done;
    private final Path latencies;
    private final Process producer;
    private final @Nullable ProcessTree worker;
    private final OutputStream requests;
    private final BufferedReader answers;
    private final int firstTurn;
    private int jobs;

    private JobTeam(JobEvent event, Contestant contestant, EmbeddedRedis redis, Path folder) throws IOException {
        this.event = event;
        this.firstTurn = contestant.compiles() ? FIRST_TURN_OF_A_COMPILER : FIRST_TURN;
        this.jobs = Math.min(event.most(), firstTurn);
        this.redis = redis;
        this.folder = folder;
        this.done = Files.createFile(folder.resolve("done"));
        this.latencies = Files.createFile(folder.resolve("latencies"));
        this.proxy = new DelayProxy(redis.port());
        this.producer = start(contestant, redis.port(), "produce");
        this.requests = producer.getOutputStream();
        this.answers = producer.inputReader();
        int port = event.delay().isZero() ? redis.port() : proxy.port();
        this.worker = event.kind().isEnqueue()
                ? null
                : new ProcessTree(start(
                                contestant,
                                port,
                                "work",
                                String.valueOf(event.concurrency()),
                                String.valueOf(event.queues()))
                        .toHandle());
    }

    static JobTeam start(JobEvent event, Contestant contestant) throws IOException {
        return new JobTeam(event, contestant, EmbeddedRedis.start(), Files.createTempDirectory("simul-jobs-"));
    }

    private Process start(Contestant contestant, int port, String... role) throws IOException {
        var command = new ArrayList<>(contestant.command());
        command.addAll(List.of(role));
        var builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(complaints().toFile()));
        if (role[0].equals("work"))
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(complaints().toFile()));
        builder.environment().put("REDIS_PORT", String.valueOf(port));
        builder.environment().put("JOBS_DONE", done.toString());
        builder.environment().put("JOBS_LATENCIES", latencies.toString());
        return builder.start();
    }

    private Path complaints() {
        return folder.resolve("complaints");
    }

    /** Lets the worker wait until its turn. */
    void rest() throws IOException {
        if (worker != null) worker.pause();
    }

    /**
     * Takes a turn of about so long.
     *
     * @throws IOException with the contestant's last words when it does not come to the end
     */
    Map<JobFigure, Double> turn(Duration length) throws IOException {
        return play(length, event.most(), PACE_MICROS);
    }

    /** Plays a turn that does not count; where jobs come singly they come faster, or the compiler would never have enough. */
    void warmUp(Duration length) throws IOException {
        var _ = play(length, firstTurn, firstTurn == FIRST_TURN ? PACE_MICROS : PACE_OF_A_WARM_UP_MICROS);
    }

    private Map<JobFigure, Double> play(Duration length, int single, int pace) throws IOException {
        try {
            var figures = switch (event.kind()) {
                case WORK -> event.delay().isZero() ? work() : workWithDelay();
                case PICK_UP -> pickUp(single, pace);
                default -> enqueue();
            };
            var rate = figures.get(JobFigure.RATE);
            if (rate != null) jobs = (int) Math.max(fewest(), Math.min(event.most(), rate * length.toNanos() / 1e9));
            return figures;
        } catch (IOException e) {
            throw new IOException(lastWords(e), e);
        }
    }

    /** A turn fills all slots, but for those that are so slow that they have but one. */
    private int fewest() {
        return Math.min(event.concurrency(), firstTurn);
    }

    private Map<JobFigure, Double> enqueue() throws IOException {
        RedisInfo.ask(redis.port(), "FLUSHALL");
        var before = RedisInfo.of(redis.port());
        double seconds = produce(event.kind().mode);
        var after = RedisInfo.of(redis.port());
        var figures = figures(before, after, jobs);
        figures.put(JobFigure.RATE, jobs / seconds);
        if (after.commands() > before.commands())
            figures.put(JobFigure.MEMORY, (after.memory() - before.memory()) / (double) jobs);
        return figures;
    }

    private Map<JobFigure, Double> work() throws IOException {
        var runner = Objects.requireNonNull(worker);
        rest();
        Files.write(done, new byte[0]);
        produce(event.kind().mode);
        var before = RedisInfo.of(redis.port());
        long cpuBefore = runner.cpuMicros();
        long start = System.nanoTime();
        runner.resume();
        long first = 0;
        long atFirst = 0;
        long size = 0;
        while (size < jobs) {
            pause(1);
            size = Files.size(done);
            long now = System.nanoTime();
            if (size > 0 && first == 0) {
                first = now;
                atFirst = size;
            }
            if (now - start > LONGEST_TURN.toNanos()) throw new IOException("did %d of %d jobs".formatted(size, jobs));
        }
        long end = System.nanoTime();
        var after = settled();
        var figures = figures(before, after, jobs);
        boolean brief = first == 0 || size - atFirst < jobs / 2;
        figures.put(JobFigure.RATE, (brief ? jobs : size - atFirst) * 1e9 / (end - (brief ? start : first)));
        figures.put(JobFigure.WORKER_CPU, (runner.cpuMicros() - cpuBefore) / (double) jobs);
        return figures;
    }

    /** Without delay and with it, one after the other, so that the ratio is of one moment. */
    private Map<JobFigure, Double> workWithDelay() throws IOException {
        proxy.delay(Duration.ZERO);
        double near = Objects.requireNonNull(work().get(JobFigure.RATE));
        proxy.delay(event.delay());
        var figures = work();
        figures.put(JobFigure.SLOWDOWN, near / Objects.requireNonNull(figures.get(JobFigure.RATE)));
        return figures;
    }

    private Map<JobFigure, Double> pickUp(int single, int pace) throws IOException {
        Objects.requireNonNull(worker).resume();
        Files.write(latencies, new byte[0]);
        ask("paced %d %d".formatted(single, pace));
        long end = System.nanoTime() + LONGEST_TURN.toNanos();
        var lines = Files.readAllLines(latencies);
        while (lines.size() < single) {
            if (System.nanoTime() > end)
                throw new IOException("picked up %d of %d jobs".formatted(lines.size(), single));
            pause(20);
            lines = Files.readAllLines(latencies);
        }
        var micros = lines.stream()
                .mapToDouble(line -> Double.parseDouble(line) / 1e3)
                .sorted()
                .toArray();
        var figures = new EnumMap<JobFigure, Double>(JobFigure.class);
        figures.put(JobFigure.P50, micros[micros.length / 2]);
        figures.put(JobFigure.P99, micros[(int) (micros.length * 0.99)]);
        figures.put(JobFigure.P999, micros[(int) (micros.length * 0.999)]);
        return figures;
    }

    private static Map<JobFigure, Double> figures(RedisInfo before, RedisInfo after, double jobs) {
        var figures = new EnumMap<JobFigure, Double>(JobFigure.class);
        if (after.commands() == before.commands()) return figures; // this one keeps its jobs in a database
        figures.put(JobFigure.REDIS_CPU, (after.cpuMicros() - before.cpuMicros()) / jobs);
        figures.put(JobFigure.COMMANDS, (after.commands() - before.commands()) / jobs);
        figures.put(JobFigure.READS, (after.reads() - before.reads()) / jobs);
        figures.put(JobFigure.BYTES_IN, (after.bytesIn() - before.bytesIn()) / jobs);
        figures.put(JobFigure.BYTES_OUT, (after.bytesOut() - before.bytesOut()) / jobs);
        return figures;
    }

    /** What Redis has counted when the last job is recorded: its function has returned before that. */
    private RedisInfo settled() throws IOException {
        var info = RedisInfo.of(redis.port());
        for (int look = 0; look < 20; look++) {
            pause(50);
            var next = RedisInfo.of(redis.port());
            if (next.commands() - info.commands() < 5) return next;
            info = next;
        }
        return info;
    }

    private double produce(String mode) throws IOException {
        return ask("%s %d %s %d %d".formatted(mode, jobs, event.job(), event.bytes(), event.queues()));
    }

    private double ask(String request) throws IOException {
        requests.write((request + "\n").getBytes(StandardCharsets.UTF_8));
        requests.flush();
        var answer = CompletableFuture.supplyAsync(() -> {
            try {
                return answers.readLine();
            } catch (IOException e) {
                return null;
            }
        });
        try {
            var seconds = answer.get(LONGEST_TURN.toSeconds(), TimeUnit.SECONDS);
            if (seconds == null) throw new IOException("the producer ended");
            return Double.parseDouble(seconds);
        } catch (TimeoutException e) {
            throw new IOException("enqueueing took longer than " + LONGEST_TURN.toSeconds() + " s", e);
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static void pause(int millis) throws IOException {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private String lastWords(IOException e) throws IOException {
        var lines = Files.exists(complaints()) ? Files.readAllLines(complaints()) : List.<String>of();
        var last = lines.stream()
                .filter(line ->
                        !line.isBlank() && !line.matches("\\s+(at|\\.\\.\\.) .*") && !line.startsWith("Node.js "))
                .reduce((before, after) -> after);
        return e.getMessage() + last.map(line -> "; it said: " + line).orElse("");
    }

    @Override
    public void close() throws IOException {
        new ProcessTree(producer.toHandle()).kill();
        if (worker != null) worker.kill();
        proxy.close();
        redis.close();
        try (var files = Files.list(folder)) {
            for (var file : files.toList()) Files.delete(file);
        }
        Files.delete(folder);
    }
}
