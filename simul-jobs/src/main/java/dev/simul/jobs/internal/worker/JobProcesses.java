package dev.simul.jobs.internal.worker;

import dev.simul.Task;
import dev.simul.process.ProcessDiedException;
import dev.simul.process.ProcessPool;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The child JVMs for jobs that must not take the worker along: as many as jobs run at a time, kept warm.
 *
 * <p>They start with the worker if that is where its jobs run, else with the first job that needs one.
 */
final class JobProcesses implements AutoCloseable {
    private final WorkerSettings settings;
    private @Nullable ProcessPool pool; // guarded by this

    JobProcesses(WorkerSettings settings) {
        this.settings = settings;
    }

    private synchronized ProcessPool pool() {
        var open = pool;
        if (open == null) {
            pool = open = ProcessPool.builder()
                    .name("simul-jobs")
                    .processes(settings.concurrency())
                    .jvmOptions(settings.run().childOptions().toArray(String[]::new))
                    .addToClassPath(settings.run().childClassPath().toArray(Path[]::new))
                    .open();
        }
        return open;
    }

    /** Starts the children before the first job comes. */
    void warmUp() {
        var _ = pool();
    }

    /**
     * Has a child run the job, and waits for it.
     *
     * @return the result as it is kept
     * @throws LostChildException if the child died of it
     */
    byte @Nullable [] call(JobCall call, Hold hold) throws Exception {
        var job = call.job();
        Task<byte @Nullable []> task = pool().submit(
                        ChildCall::run,
                        new ChildCall(
                                job,
                                call.method().method().getDeclaringClass().getName(),
                                settings.name(),
                                settings.end().deployment()));
        hold.take(task);
        try {
            return task.await();
        } catch (ProcessDiedException e) {
            throw new LostChildException(e);
        }
    }

    @Override
    public synchronized void close() {
        if (pool != null) {
            pool.shutdownNow();
            pool.close();
        }
    }

    /** A job's child while the job has it: asking it to end kills it. */
    static final class Hold implements Grip {
        private @Nullable Task<?> task; // guarded by this
        private boolean killed; // guarded by this

        private synchronized void take(Task<?> begun) {
            task = begun;
            if (killed) {
                begun.cancel();
            }
        }

        @Override
        public synchronized void interrupt() {
            killed = true;
            if (task != null) {
                task.cancel();
            }
        }

        @Override
        public StackTraceElement[] stack() {
            return new StackTraceElement[0];
        }

        @Override
        public void abandon() {
            // a child that was killed ends
        }
    }
}
