package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RedisLink;
import java.time.Duration;

/**
 * Runs the jobs of one list while the caller waits: RQ's synchronous mode.
 *
 * <p>Each job goes through the same steps as in a worker, so a caller that dies leaves it in the started registry, where it
 * is found abandoned. No worker is announced meanwhile.
 */
public final class SynchronousRun {
    private static final Duration TO_RECORD = Duration.ofSeconds(10);
    private static final Duration FOR_WEBHOOKS = Duration.ofSeconds(10);
    private static final Duration FOREVER = Duration.ofDays(365);

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final JobFunctions functions;

    public SynchronousRun(RedisLink redis, WorkerSettings settings, JobFunctions functions) {
        this.redis = redis;
        this.settings = settings;
        this.functions = functions;
    }

    /**
     * Runs so many jobs from the list, one after the other; returns when every outcome is recorded.
     *
     * @throws InterruptedException if the thread was interrupted; what was not finished is on its queue then
     */
    public void run(String list, int jobs) throws InterruptedException {
        var running = new RunningJobs(() -> {});
        var live = new LiveJobs(redis, settings);
        try (var webhooks = new Webhooks()) {
            var finisher = new JobFinisher(redis, settings, running, webhooks, _ -> {});
            try (var callbacks = new Callbacks(functions, settings.end().handlers(), live, finisher::finish);
                    var runner = new JobRunner(settings, functions, running, live, callbacks::end)) {
                new JobReserver(redis, settings, _ -> list).reserve(jobs).jobs().forEach(runner::start);
                awaitEnd(runner, callbacks);
            } finally {
                finisher.drain(TO_RECORD);
                redis.await(redis.commands().del(settings.keys(redis.keys()).toArray(String[]::new)));
            }
            webhooks.awaitEnd(FOR_WEBHOOKS);
        }
    }

    private static void awaitEnd(JobRunner runner, Callbacks callbacks) throws InterruptedException {
        var stop = new StopRequest();
        try {
            runner.awaitEnd(stop, FOREVER);
            callbacks.awaitEnd(stop, FOREVER);
        } catch (InterruptedException e) {
            runner.breakOff();
            callbacks.breakOff();
            throw e;
        }
    }
}
