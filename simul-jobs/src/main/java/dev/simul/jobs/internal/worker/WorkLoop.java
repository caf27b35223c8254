package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.worker.JobReserver.Reservation;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Takes jobs while there are free slots and work, until it is told to stop or, in a burst, has run dry.
 *
 * <p>A slot is free again as soon as the outcome of its job has been sent: the next reservation goes over the same
 * connection behind it, so Redis never sees more jobs of this worker than it has slots.
 */
public final class WorkLoop {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration WHILE_IDLE = Duration.ofMinutes(5);
    private static final Duration TO_RECORD = Duration.ofSeconds(10);

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final CompletableFuture<Void> stop;
    private final Semaphore slots;
    private final QueueBell bell;
    private final RunningJobs running;

    /**
     * Prepares.
     *
     * @param stop whose completion asks the loop to end when the jobs it runs have ended
     */
    public WorkLoop(RedisLink redis, WorkerSettings settings, JobFunctions functions, CompletableFuture<Void> stop) {
        this.redis = redis;
        this.settings = settings;
        this.functions = functions;
        this.stop = stop;
        this.slots = new Semaphore(settings.concurrency());
        this.bell = new QueueBell(redis, settings.queues());
        this.running = new RunningJobs(settings.burst() ? bell::ring : () -> {});
    }

    /**
     * Works; returns when everything it has begun is recorded.
     *
     * @throws InterruptedException if the thread was interrupted; what was running is left to whoever finds it abandoned
     */
    public Tally run() throws InterruptedException {
        var registration = new WorkerRegistration(redis, settings);
        registration.begin();
        try (var _ = new Heartbeat(redis, settings, running, registration)) {
            var finisher = new JobFinisher(redis, settings, running, slots::release);
            try (var runner = new JobRunner(functions, settings.concurrency(), finisher::finish)) {
                var _ = stop.thenRun(() -> stopping(registration));
                work(new JobReserver(redis, settings), runner);
                runner.awaitEnd();
            }
            if (!finisher.drain(TO_RECORD)) {
                LOG.log(
                        Level.ERROR,
                        "Redis does not take the outcomes of {0}; others will find these jobs abandoned",
                        running);
            }
            return finisher.tally();
        } finally {
            bell.close();
            end(registration);
        }
    }

    private void work(JobReserver reserver, JobRunner runner) throws InterruptedException {
        while (true) {
            slots.acquire();
            int free = 1 + slots.drainPermits();
            if (stop.isDone()) {
                return;
            }
            boolean alone = running.isEmpty(); // asked before: a job that ends after the look may have enqueued more
            var reservation = take(reserver, free);
            slots.release(free - reservation.jobs().size());
            for (var job : reservation.jobs()) {
                running.add(job);
                runner.start(job);
            }
            if (reservation.suspended() || reservation.drained()) {
                if (settings.burst() && alone && reservation.jobs().isEmpty()) {
                    return;
                }
                rest(reservation);
            }
        }
    }

    private void rest(Reservation reservation) throws InterruptedException {
        if (reservation.suspended() || settings.burst()) {
            bell.awaitCord(PAUSE);
        } else {
            bell.await(WHILE_IDLE);
        }
    }

    /**
     * Waits for the answer however long Redis is away: jobs taken on our behalf must not be forgotten. An error is
     * waited out.
     */
    private Reservation take(JobReserver reserver, int free) throws InterruptedException {
        while (true) {
            var reply = reserver.reserve(free).toCompletableFuture();
            try {
                var _ = CompletableFuture.anyOf(reply, stop).get();
                return redis.await(reply);
            } catch (ExecutionException | RedisUnavailableException e) {
                var cause = e.getCause() == null ? e : e.getCause();
                LOG.log(Level.WARNING, "cannot take jobs: {0}", cause.getMessage());
            }
            if (stop.isDone()) {
                return new Reservation(false, List.of(), false);
            }
            bell.awaitCord(PAUSE);
        }
    }

    private void stopping(WorkerRegistration registration) {
        slots.release(); // wakes the loop, which then takes no more jobs
        bell.ring();
        if (!running.isEmpty()) {
            registration.stopping();
        }
    }

    private static void end(WorkerRegistration registration) {
        try {
            registration.end();
        } catch (RedisUnavailableException e) {
            LOG.log(Level.WARNING, "the worker''s entry in Redis is left to expire: {0}", e.getMessage());
        }
    }
}
