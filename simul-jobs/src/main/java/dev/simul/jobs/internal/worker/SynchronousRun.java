package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Runs jobs in the step after the one that has written them, while the caller waits: RQ's synchronous mode.
 *
 * <p>They are taken in the very step in which they are written, so a caller that dies at any moment leaves them in the
 * started registry, where they are found abandoned like those of a worker. No worker is announced meanwhile.
 *
 * <p>Thread: the caller's.
 */
public final class SynchronousRun {
    private static final Duration FOR_WEBHOOKS = Duration.ofSeconds(10);
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final int SUSPENDED = 2; // its place among the keys of reserve.lua

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final String queue;
    private final JobReserver reserver;
    private final List<ReservedJob> taken = new ArrayList<>();

    /**
     * Prepares.
     *
     * @param list a key that nobody else uses, on which the jobs stand within a step
     */
    public SynchronousRun(RedisLink redis, WorkerSettings settings, JobFunctions functions, String queue, String list) {
        this.redis = redis;
        this.settings = settings;
        this.functions = functions;
        this.queue = queue;
        this.reserver = new JobReserver(redis, settings, _ -> list);
    }

    /**
     * Writes jobs and takes those that may run now; blocks until that is done.
     *
     * @param keys those of {@code enqueue.lua}
     * @param values its arguments
     * @return its answer, which is there
     * @throws RedisUnavailableException if Redis does not answer or cannot do it
     */
    public CompletionStage<List<?>> take(List<String> keys, Arguments values) {
        var now = Instant.now();
        var digits = JobReserver.newDigits();
        var reservation = reserver.arguments(Integer.MAX_VALUE, digits, now);
        var all = new Arguments()
                .add(values.size())
                .add(digits)
                .add(queue)
                .addAll(values)
                .addAll(reservation);
        var names = new ArrayList<>(keys);
        names.addAll(reserver.keys());
        // As in RQ, who tells all workers to pause does not mean the caller, whose own list is no such sign.
        names.set(keys.size() + SUSPENDED, keys.getLast());
        var answer = redis.await(redis.<List<?>>run(Script.SYNCHRONOUS, ScriptOutputType.MULTI, names, all));
        taken.addAll(reserver.reservation((List<?>) answer.get(1), now).jobs());
        return CompletableFuture.completedStage((List<?>) answer.get(0));
    }

    /**
     * Runs what was taken, one after the other; returns when every outcome is recorded.
     *
     * @throws InterruptedException if the thread was interrupted; what was not finished is on its queue then
     * @throws RedisUnavailableException if an outcome cannot be recorded
     */
    public void run() throws InterruptedException {
        if (taken.isEmpty()) {
            return;
        }
        var running = new RunningJobs(() -> {});
        var live = new LiveJobs(redis, settings);
        try (var webhooks = new Webhooks()) {
            var finisher = new JobFinisher(redis, settings, running, webhooks, _ -> {});
            try (var callbacks = new Callbacks(functions, settings.end().handlers(), live, finisher::finish);
                    var runner = new JobRunner(settings, functions, running, live, callbacks::end)) {
                taken.forEach(runner::start);
                awaitEnd(runner, callbacks);
            } finally {
                record(finisher, running);
            }
            webhooks.awaitEnd(FOR_WEBHOOKS);
        }
    }

    private void record(JobFinisher finisher, RunningJobs running) throws InterruptedException {
        if (!finisher.drain(redis.patience())) {
            throw new RedisUnavailableException(
                    "Redis at " + redis.address() + " has not taken the outcome of jobs " + running + " for "
                            + redis.patience().toMillis() + " ms; they count as abandoned a minute after their timeout,"
                            + " and are then tried again or fail, although their functions have ended",
                    null);
        }
        redis.await(redis.commands().del(settings.keys(redis.keys()).toArray(String[]::new)));
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
