package dev.simul.jobs.internal.worker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The threads that jobs run in: as many as run at a time, and one more for each that is stuck in a job that was given
 * up.
 *
 * <p>Virtual ones are not kept: each job has a new one. To wake a platform thread costs more than many a job takes, so not
 * every job wakes one: a thread that has woken wakes the next one if there is more to do, and runs jobs until there is
 * none. Short jobs so stay in few threads, while jobs that wait soon have one each.
 */
final class JobThreads implements Executor, AutoCloseable {
    private final @Nullable ThreadPoolExecutor pool;
    private final ExecutorService executor;
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>(); // of platform threads
    private final AtomicBoolean waking = new AtomicBoolean(); // a thread was told to look, and has not yet
    private int size; // guarded by this

    /** None is started before there is work. */
    JobThreads(int concurrency, boolean virtual) {
        this.size = concurrency;
        this.pool = virtual ? null : platformThreads(concurrency);
        this.executor = pool != null
                ? pool
                : Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("simul-job-", 1).factory());
    }

    private static ThreadPoolExecutor platformThreads(int concurrency) {
        var pool = new ThreadPoolExecutor(
                concurrency,
                concurrency,
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("simul-job-", 1).factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @Override
    public void execute(Runnable work) {
        if (pool == null) {
            executor.execute(work);
        } else {
            waiting.add(work);
            wakeOne();
        }
    }

    private void wakeOne() {
        if (waking.compareAndSet(false, true)) {
            executor.execute(this::runWaiting);
        }
    }

    private void runWaiting() {
        waking.set(false);
        for (Runnable work; (work = waiting.poll()) != null; ) {
            if (!waiting.isEmpty()) {
                wakeOne(); // before the work, which may take for ever
            }
            work.run();
        }
    }

    /** The hold on a job that runs in this thread. */
    Hold hold() {
        return new Hold(Thread.currentThread());
    }

    private synchronized void resize(int more) {
        size += more;
        if (pool == null) {
            return;
        }
        if (more > 0) {
            pool.setMaximumPoolSize(size);
            pool.setCorePoolSize(size);
        } else {
            pool.setCorePoolSize(size);
            pool.setMaximumPoolSize(size);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }

    /** A job's thread while the job has it. */
    final class Hold implements Grip {
        private final Thread thread;
        private boolean abandoned; // guarded by this

        private Hold(Thread thread) {
            this.thread = thread;
        }

        @Override
        public void interrupt() {
            thread.interrupt();
        }

        @Override
        public StackTraceElement[] stack() {
            return thread.getStackTrace();
        }

        @Override
        public synchronized void abandon() {
            abandoned = true;
            resize(1);
        }

        /** The thread has come back, be it late. Takes back an interrupt that nobody has noticed. */
        synchronized void end() {
            Thread.interrupted();
            if (abandoned) {
                resize(-1);
            }
        }
    }
}
