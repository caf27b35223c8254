package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.RedisLink;
import java.lang.System.Logger.Level;
import java.time.Duration;

/**
 * The life of a worker at one Redis: announced, taking jobs, and gone when all it has begun is recorded.
 *
 * <p>A slot is free again as soon as the outcome of its job has been sent: the next reservation goes over the same
 * connection behind it, so Redis never sees more jobs of this worker than it has slots.
 */
public final class WorkLoop {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration TO_RECORD = Duration.ofSeconds(10);
    private static final Duration FOR_WEBHOOKS = Duration.ofSeconds(10);

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final StopRequest stop;
    private final RunningJobs running;
    private final WorkerRegistration registration;
    private final JobTaker taker;

    /**
     * Prepares.
     *
     * @param stop which asks the loop to end when the jobs it runs have ended, or at once
     */
    public WorkLoop(RedisLink redis, WorkerSettings settings, JobFunctions functions, StopRequest stop) {
        this.redis = redis;
        this.settings = settings;
        this.functions = functions;
        this.stop = stop;
        this.running = new RunningJobs(this::jobEnded);
        this.registration = new WorkerRegistration(redis, settings);
        this.taker = new JobTaker(redis, settings, running, registration, stop);
    }

    private void jobEnded() {
        taker.jobEnded();
    }

    /**
     * Works; returns when everything it has begun is recorded.
     *
     * @throws InterruptedException if the thread was interrupted; what was running has gone back to its queue
     */
    public Tally run() throws InterruptedException {
        boolean registered = false;
        try (var webhooks = new Webhooks();
                var upkeep = new Upkeep(redis, settings, functions, webhooks, stop);
                var heartbeat = new Heartbeat(redis, settings, running, registration);
                // Before the worker is announced: who finds it there may talk to it at once.
                var _ = new WorkerCommands(redis, settings.name(), stop, running, heartbeat::beatSoon)) {
            registration.begin();
            registered = true;
            heartbeat.begin();
            upkeep.begin();
            return run(upkeep, webhooks);
        } finally {
            taker.close();
            if (registered) {
                end();
            }
        }
    }

    private Tally run(Upkeep upkeep, Webhooks webhooks) throws InterruptedException {
        var live = new LiveJobs(redis, settings);
        var finisher = new JobFinisher(redis, settings, running, webhooks, taker::freed);
        boolean interrupted = false;
        try (var callbacks = new Callbacks(functions, settings.end().handlers(), live, finisher::finish);
                var runner = new JobRunner(settings, functions, running, live, callbacks::end)) {
            var _ = stop.warm().thenRun(this::stopping);
            try {
                taker.run(runner::start);
                runner.awaitEnd(stop, settings.run().gracePeriod());
                callbacks.awaitEnd(stop, settings.run().gracePeriod());
            } catch (InterruptedException e) {
                interrupted = true;
                runner.breakOff();
                callbacks.breakOff();
            }
        }
        boolean settled = taker.giveBack();
        boolean recorded = finisher.drain(TO_RECORD);
        if (recorded && settled) {
            upkeep.nothingLeft();
        }
        if (!recorded) {
            finisher.tally().unrecorded(running.snapshot().size());
            LOG.log(
                    Level.ERROR,
                    "Redis does not take the outcomes of {0}; others will find these jobs abandoned",
                    running);
        }
        if (interrupted) {
            throw new InterruptedException("the worker was interrupted; its running jobs went back to their queues");
        }
        webhooks.awaitEnd(FOR_WEBHOOKS);
        return finisher.tally();
    }

    private void stopping() {
        taker.ring();
        if (!running.isEmpty()) {
            registration.stopping();
        }
    }

    private void end() {
        try {
            registration.end();
        } catch (RedisUnavailableException e) {
            LOG.log(Level.WARNING, "the worker''s entry in Redis is left to expire: {0}", e.getMessage());
        }
    }
}
