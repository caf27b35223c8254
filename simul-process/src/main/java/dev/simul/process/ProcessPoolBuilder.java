package dev.simul.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The settings of a {@link ProcessPool} before it is opened. Every one has a default. */
public final class ProcessPoolBuilder {
    private static final AtomicInteger POOLS = new AtomicInteger();
    private static final int MOST_PROCESSES = 1_000;

    private String name = "pool-" + POOLS.incrementAndGet();
    private int processes = Runtime.getRuntime().availableProcessors();
    private Optional<Duration> taskTimeout = Optional.empty();
    private int tasksPerChild = Integer.MAX_VALUE;
    private final List<String> jvmOptions = new ArrayList<>();
    private final List<Path> addedClassPath = new ArrayList<>();
    private int maxPayloadBytes = 256 * 1024 * 1024;

    ProcessPoolBuilder() {}

    /** The name in messages and of threads; {@code pool-1} and so on if not set. */
    public ProcessPoolBuilder name(String name) {
        this.name = name;
        return this;
    }

    /** How many child JVMs run side by side; as many as there are processors if not set. */
    public ProcessPoolBuilder processes(int processes) {
        this.processes = between(1, MOST_PROCESSES, "processes", processes);
        return this;
    }

    /**
     * How long a task may run in its child; without limit if not set. When the time is over the child is killed, the
     * task fails with {@link java.util.concurrent.TimeoutException}, and a new child takes the place. Waiting for a free
     * child does not count.
     */
    public ProcessPoolBuilder taskTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("taskTimeout must be longer than 0, was " + timeout);
        }
        this.taskTimeout = Optional.of(timeout);
        return this;
    }

    /** After how many tasks a child is replaced by a fresh one, against leaks of native code; never if not set. */
    public ProcessPoolBuilder tasksPerChild(int tasks) {
        this.tasksPerChild = between(1, Integer.MAX_VALUE, "tasksPerChild", tasks);
        return this;
    }

    /**
     * More options for the children's JVMs, such as {@code -Xmx200m} or {@code -Dkey=value}. They come after Simul's
     * own and win over them; one that chooses a garbage collector replaces Simul's choice.
     */
    public ProcessPoolBuilder jvmOptions(String... options) {
        jvmOptions.addAll(List.of(options));
        return this;
    }

    /** Entries for the children's class path, after the caller's own. */
    public ProcessPoolBuilder addToClassPath(Path... entries) {
        addedClassPath.addAll(List.of(entries));
        return this;
    }

    /** The largest call or result in bytes, serialised; 256 MiB if not set. What is larger fails its own task. */
    public ProcessPoolBuilder maxPayloadBytes(int bytes) {
        this.maxPayloadBytes = between(1_024, Integer.MAX_VALUE - 64, "maxPayloadBytes", bytes);
        return this;
    }

    /** Opens the pool; its children start in the background. */
    public ProcessPool open() {
        return new ProcessPool(new PoolSettings(
                name,
                processes,
                taskTimeout,
                tasksPerChild,
                List.copyOf(jvmOptions),
                List.copyOf(addedClassPath),
                maxPayloadBytes));
    }

    private static int between(int least, int most, String setting, int value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    setting + " must be between " + least + " and " + most + ", was " + value);
        }
        return value;
    }
}
