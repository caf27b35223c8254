package dev.simul.jobs;

import dev.simul.process.ProcessEnd;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a number of worker processes alive, each a JVM of its own that runs the same command.
 *
 * <p>One that ends before the pool is stopped is replaced: at once, or after a pause that doubles up to half a minute
 * while its successors end within seconds. In a {@linkplain #burst burst} nothing is replaced. A worker process is
 * expected to understand SIGTERM as {@link Worker#signal} does; what it prints goes where this JVM's output goes.
 *
 * <p>Most programs need no pool: one worker runs many jobs at a time, in threads or child JVMs. It is for workers
 * whose own memory should be bounded and thrown away, and for RQ's habit of one worker per processor.
 *
 * <p>Thread: {@link #run()} takes the caller's until the end; everything else may come from any other.
 */
public final class WorkerPool {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final int MOST_WORKERS = 1000;
    private static final long LONG_LIFE_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_PAUSE_NANOS = Duration.ofSeconds(30).toNanos();

    private final ProcessBuilder command;
    private final List<Place> places; // guarded by this
    private boolean burst; // guarded by this
    private boolean stopped; // guarded by this
    private long lastSignal; // guarded by this

    /** One of the workers, with its predecessors. */
    private static final class Place {
        @Nullable
        Process process;

        long started;
        long pause;
        boolean over;
    }

    private WorkerPool(int workers, List<String> command) {
        if (workers < 1 || workers > MOST_WORKERS) {
            throw new InvalidSettingException("workers", "must be between 1 and " + MOST_WORKERS, workers);
        }
        this.command = new ProcessBuilder(command)
                .redirectInput(nothing())
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        this.places = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            places.add(new Place());
        }
    }

    private static File nothing() {
        return new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");
    }

    /**
     * A pool of workers that are started by a command.
     *
     * @param workers how many, 1 to 1000
     * @param command a program and its arguments
     */
    public static WorkerPool of(int workers, List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException(
                    "a pool needs the command that starts a worker: a program and its arguments");
        }
        return new WorkerPool(workers, command);
    }

    /**
     * A pool of workers in Java, with this JVM's Java, class path and module path.
     *
     * @param workers how many, 1 to 1000
     * @param main the class whose {@code main} builds a {@link Worker} and runs it
     * @param arguments what {@code main} gets
     */
    public static WorkerPool of(int workers, Class<?> main, String... arguments) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        var module = main.getModule();
        if (module.isNamed()) {
            command.addAll(List.of("--module-path", System.getProperty("jdk.module.path", ""), "-m"));
        }
        command.add(module.isNamed() ? module.getName() + "/" + main.getName() : main.getName());
        command.addAll(List.of(arguments));
        return new WorkerPool(workers, command);
    }

    /**
     * Whether workers that end are not replaced: for commands that end when the queues are empty. Off if not said.
     */
    public synchronized WorkerPool burst(boolean burst) {
        this.burst = burst;
        return this;
    }

    /** The process ids of the workers that live now. */
    public synchronized List<Long> pids() {
        return places.stream()
                .map(place -> place.process)
                .filter(process -> process != null && process.isAlive())
                .map(Process::pid)
                .toList();
    }

    /**
     * Starts the workers and keeps them alive until {@link #stop()}, or in a burst until all have ended. Returns when
     * the last one has ended.
     *
     * @return how many of the last workers ended with an exit code other than 0
     * @throws InterruptedException if the thread is interrupted: the workers are then killed
     * @throws UncheckedIOException if the command cannot be started
     */
    public int run() throws InterruptedException {
        try {
            supervise();
            return failures();
        } finally {
            kill();
        }
    }

    private synchronized void supervise() throws InterruptedException {
        while (!places.stream().allMatch(place -> place.over)) {
            long soonest = LONGEST_PAUSE_NANOS;
            for (var place : places) {
                soonest = Math.min(soonest, look(place));
            }
            if (!places.stream().allMatch(place -> place.over)) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(soonest, 1_000_000));
            }
        }
    }

    /** Starts a worker in that place if it is time; returns after how many nanoseconds to look again. */
    private long look(Place place) {
        var process = place.process;
        if (place.over || (process != null && process.isAlive())) {
            return LONGEST_PAUSE_NANOS;
        }
        if (stopped || (burst && process != null)) {
            place.over = true;
            return 0;
        }
        long now = System.nanoTime();
        if (process != null) {
            boolean shortLived = now - place.started < LONG_LIFE_NANOS && process.exitValue() != 0;
            long rest = place.started + (shortLived ? place.pause : 0) - now;
            if (rest > 0) {
                return rest;
            }
            LOG.log(
                    Level.WARNING,
                    "worker process {0} ended with exit code {1}; another one takes its place",
                    Long.toString(process.pid()),
                    process.exitValue());
            place.pause = shortLived ? Math.min(place.pause * 2, LONGEST_PAUSE_NANOS) : FIRST_PAUSE_NANOS;
        } else {
            place.pause = FIRST_PAUSE_NANOS;
        }
        place.started = now;
        place.process = start();
        return LONGEST_PAUSE_NANOS;
    }

    private Process start() {
        try {
            var process = command.start();
            ProcessEnd.whenEnded(process, this::wake);
            return process;
        } catch (IOException e) {
            stopped = true;
            throw new UncheckedIOException("no worker can be started: " + e.getMessage(), e);
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** Asks all workers to end when their jobs have, and starts no more. */
    public synchronized void stop() {
        if (!stopped) {
            stopped = true;
            lastSignal = System.nanoTime();
            terminate();
            notifyAll();
        }
    }

    /** Asks all workers to end at once, which gives their jobs back to the queues. */
    public synchronized void stopNow() {
        stop();
        // A worker takes a second signal within a second for an echo.
        long wait = TimeUnit.SECONDS.toNanos(1) - (System.nanoTime() - lastSignal);
        Thread.ofPlatform().daemon().name("simul-worker-pool").start(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(wait + TimeUnit.MILLISECONDS.toNanos(100));
            } catch (InterruptedException e) {
                return; // nobody interrupts it
            }
            terminateAgain();
        });
    }

    private synchronized void terminateAgain() {
        terminate();
    }

    /**
     * What a signal means: the first one asks as {@link #stop}, a further one as {@link #stopNow}; one that follows
     * within a second of another is taken for its echo.
     */
    public synchronized void signal() {
        if (!stopped) {
            stop();
        } else if (System.nanoTime() - lastSignal >= TimeUnit.SECONDS.toNanos(1)) {
            lastSignal = System.nanoTime();
            terminate();
        }
    }

    private void terminate() {
        for (var place : places) {
            if (place.process != null) {
                place.process.destroy();
            }
        }
    }

    private synchronized int failures() {
        return (int) places.stream()
                .filter(place -> place.process != null && place.process.exitValue() != 0)
                .count();
    }

    private synchronized void kill() {
        stopped = true;
        for (var place : places) {
            if (place.process != null && place.process.isAlive()) {
                place.process.destroyForcibly();
            }
        }
    }
}
