package dev.simul.jobs;

import dev.simul.jobs.internal.redis.HexId;
import dev.simul.jobs.internal.worker.SynchronousRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Runs the jobs of one queue before their enqueueing returns, where no worker sees them wait. */
final class SynchronousJobs {
    /** Nobody beats meanwhile, so jobs count as alive until their time is over, as those of RQ's SimpleWorker do. */
    private static final Duration WITHOUT_HEARTBEAT = Duration.ofDays(1);

    private final JobClient client;
    private final String queue;
    private final Class<?>[] functions;

    SynchronousJobs(JobClient client, String queue, Class<?>[] functions) {
        this.client = client;
        this.queue = queue;
        this.functions = functions.clone();
    }

    /** Writes the jobs, runs those that wait for nothing, and says where each of them is. */
    List<Enqueuer.Place> enqueue(List<NewJob> jobs) {
        var redis = client.redis();
        var caller = HexId.random();
        var worker = Worker.on(client.settings())
                .name("synchronous-" + caller)
                .queues(queue)
                .functions(functions)
                .build();
        var list = redis.keys().synchronous(caller);
        var run = new SynchronousRun(
                redis, worker.settings().silentFor(WITHOUT_HEARTBEAT), worker.functions(), queue, list);
        try {
            return new Enqueuer(redis, queue, list, Instant::now, (keys, values, _) -> run.take(keys, values))
                    .enqueue(jobs);
        } finally {
            try {
                run.run(); // also what was taken before a later step failed
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
