package dev.simul.jobs.internal.worker;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads that jobs run in: as many as run at a time, and one more for each that is stuck in a job that was given
 * up.
 *
 * <p>Virtual ones are not kept: each job has a new one.
 */
final class JobThreads implements Executor, AutoCloseable {
    private final @Nullable ThreadPoolExecutor pool;
    private final ExecutorService executor;
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
        executor.execute(work);
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
