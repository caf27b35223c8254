package dev.simul.cli.compare;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalLong;

/**
 * Looks at the processes of a way while it runs, and keeps the peaks.
 *
 * <p>A look costs a few milliseconds where there are many processes; the pauses are long enough to keep that below a
 * twentieth of a processor, and the sampler's own processor time is subtracted.
 */
final class Sampler implements AutoCloseable {
    private static final long SHORTEST_PAUSE_MILLIS = 20;
    private static final long LOOK_SHARE = 20;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ProcessTree tree;
    private final int threadsBefore;
    private final Thread thread;

    // Guarded by this.
    private long memoryPeak = -1;
    private int childThreadsPeak;
    private int processesPeak = 1;

    // Written by the sampler's thread before it ends, read after.
    private long ownCpuNanos;

    /** @param threadsBefore how many threads this JVM had before the way was opened */
    private Sampler(ProcessTree tree, int threadsBefore) {
        this.tree = tree;
        this.threadsBefore = threadsBefore;
        this.thread = Thread.ofPlatform().daemon().name("compare-sampler").unstarted(this::sample);
    }

    static Sampler start(ProcessTree tree, int threadsBefore) {
        var sampler = new Sampler(tree, threadsBefore);
        sampler.look();
        THREADS.resetPeakThreadCount();
        sampler.thread.start();
        return sampler;
    }

    static int threadsNow() {
        return THREADS.getThreadCount();
    }

    private void sample() {
        try {
            while (true) {
                long begin = System.nanoTime();
                look();
                long millis = (System.nanoTime() - begin) / 1_000_000;
                Thread.sleep(Math.max(SHORTEST_PAUSE_MILLIS, LOOK_SHARE * millis));
            }
        } catch (InterruptedException _) {
            ownCpuNanos = THREADS.getCurrentThreadCpuTime();
        }
    }

    private void look() {
        var usage = tree.read();
        synchronized (this) {
            memoryPeak = Math.max(memoryPeak, usage.memoryBytes().orElse(-1));
            childThreadsPeak = Math.max(childThreadsPeak, usage.childThreads());
            processesPeak = Math.max(processesPeak, usage.processes());
        }
    }

    /** The largest resident memory of all processes together; empty where the system does not say. */
    synchronized OptionalLong peakMemoryBytes() {
        return memoryPeak < 0 ? OptionalLong.empty() : OptionalLong.of(memoryPeak);
    }

    /** The most threads at a time: the calling one, those that the way added to this JVM, and all of its children. */
    synchronized int peakThreads() {
        int added = THREADS.getPeakThreadCount() - threadsBefore - 1; // without the sampler
        return 1 + Math.max(0, added) + childThreadsPeak;
    }

    synchronized int peakProcesses() {
        return processesPeak;
    }

    /** Processor time that is ours, not the way's; known once it is closed. */
    long ownCpuNanos() {
        return ownCpuNanos;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        look();
    }
}
