package dev.simul.test;

import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.QueueInfo;
import dev.simul.jobs.Worker;
import dev.simul.jobs.WorkerTally;
import java.util.List;

/** The queues of one test method, and the worker that runs what is in them when it is told to. */
@SuppressWarnings("exports") // whoever uses this has simul-jobs
public final class TestJobs implements AutoCloseable {
    private final JobSettings settings;
    private final List<Class<?>> functions;
    private final JobClient client;
    private final boolean inline;

    private TestJobs(JobSettings settings, List<Class<?>> functions, JobClient client, boolean inline) {
        this.settings = settings;
        this.functions = functions;
        this.client = client;
        this.inline = inline;
    }

    static TestJobs inline(List<Class<?>> functions) {
        var client = JobClient.inline(functions.toArray(Class<?>[]::new));
        return new TestJobs(JobSettings.of("redis://inline"), functions, client, true);
    }

    static TestJobs on(JobSettings settings, List<Class<?>> functions) {
        return new TestJobs(settings, functions, JobClient.connect(settings), false);
    }

    /** Where the queues are, for code under test that connects by itself. */
    public JobSettings settings() {
        return settings;
    }

    /** A client, closed after the test. */
    public JobClient client() {
        return client;
    }

    /** The queue {@code default}. */
    public JobQueue queue() {
        return queue("default");
    }

    /** The queue of that name. */
    public JobQueue queue(String name) {
        return client.queue(name);
    }

    /**
     * Runs, in this thread, every job that waits in any queue, and those that these enqueue, until all queues are empty.
     * Inline there is nothing left to do.
     *
     * @return how many attempts ended well, and how many did not
     * @throws InterruptedException if the test is interrupted
     */
    public WorkerTally runAll() throws InterruptedException {
        long finished = 0;
        long failed = 0;
        while (!inline) {
            var queues = client.queues().stream()
                    .filter(queue -> queue.queued() > 0)
                    .map(QueueInfo::name)
                    .toArray(String[]::new);
            if (queues.length == 0) {
                break;
            }
            var tally = Worker.on(settings)
                    .queues(queues)
                    .functions(functions.toArray(Class<?>[]::new))
                    .burst(true)
                    .build()
                    .run();
            finished += tally.finished();
            failed += tally.failed();
        }
        return new WorkerTally(finished, failed);
    }

    @Override
    public void close() {
        client.close();
    }
}
