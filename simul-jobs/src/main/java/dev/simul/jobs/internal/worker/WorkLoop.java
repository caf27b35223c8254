package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.worker.JobReserver.Held;
import dev.simul.jobs.internal.worker.JobReserver.Reservation;
import java.lang.System.Logger.Level;
import java.time.Duration;
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
    private static final Duration FOR_WEBHOOKS = Duration.ofSeconds(10);

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final StopRequest stop;
    private final Semaphore slots;
    private final QueueBell bell;
    private final RunningJobs running;
    private final Complaint complaint = new Complaint();
    private long jobsLeft;

    /** Whether the end of a job is a reason to look again. */
    private volatile boolean wakesAtEnds;

    private long idleSince = System.nanoTime();

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
        this.slots = new Semaphore(settings.concurrency());
        this.bell = new QueueBell(redis, settings.queues());
        this.running = new RunningJobs(() -> {
            if (wakesAtEnds) {
                bell.ring();
            }
        });
        this.jobsLeft = settings.run().maxJobs();
        this.wakesAtEnds = settings.burst() || settings.run().maxIdleTime() != null;
    }

    /**
     * Works; returns when everything it has begun is recorded.
     *
     * @throws InterruptedException if the thread was interrupted; what was running has gone back to its queue
     */
    public Tally run() throws InterruptedException {
        var registration = new WorkerRegistration(redis, settings);
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
            return run(registration, upkeep, webhooks);
        } finally {
            bell.close();
            if (registered) {
                end(registration);
            }
        }
    }

    private Tally run(WorkerRegistration registration, Upkeep upkeep, Webhooks webhooks) throws InterruptedException {
        var live = new LiveJobs(redis, settings);
        var finisher = new JobFinisher(redis, settings, running, webhooks, slots::release);
        var reserver = new JobReserver(redis, settings);
        boolean interrupted = false;
        try (var callbacks = new Callbacks(functions, settings.end().handlers(), live, finisher::finish);
                var runner = new JobRunner(settings, functions, running, live, callbacks::end)) {
            var _ = stop.warm().thenRun(() -> stopping(registration));
            try {
                work(reserver, runner, registration);
                runner.awaitEnd(stop, settings.run().gracePeriod());
                callbacks.awaitEnd(stop, settings.run().gracePeriod());
            } catch (InterruptedException e) {
                interrupted = true;
                runner.breakOff();
                callbacks.breakOff();
            }
        }
        boolean settled = settle(reserver);
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

    private static boolean settle(JobReserver reserver) {
        try {
            reserver.settle();
            return true;
        } catch (RedisUnavailableException e) {
            LOG.log(Level.WARNING, "jobs taken in an answer that got lost are left to be rescued: {0}", e.getMessage());
            return false;
        }
    }

    private void work(JobReserver reserver, JobRunner runner, WorkerRegistration registration)
            throws InterruptedException {
        boolean suspended = false;
        while (jobsLeft > 0) {
            slots.acquire();
            int free = 1 + slots.drainPermits();
            if (stop.isAsked()) {
                return;
            }
            boolean alone = running.isEmpty(); // asked before: a job that ends after the look may have enqueued more
            var reservation = take(reserver, (int) Math.min(free, jobsLeft));
            slots.release(free - reservation.jobs().size());
            reservation.jobs().forEach(runner::start);
            jobsLeft -= reservation.jobs().size();
            if (suspended && !reservation.suspended() && reservation.jobs().isEmpty()) {
                registration.resumed();
            }
            suspended = reservation.suspended();
            if (!reservation.jobs().isEmpty() || suspended) {
                idleSince = System.nanoTime();
            }
            if (suspended || reservation.drained()) {
                boolean nothing = alone
                        && reservation.jobs().isEmpty()
                        && reservation.held().stream().noneMatch(Held::waiting);
                if (nothing && (settings.burst() || idleTimeLeft().isNegative())) {
                    return;
                }
                rest(reservation);
            }
        }
    }

    /** How long there may be no job still, before the worker ends; negative if it is over. */
    private Duration idleTimeLeft() {
        var most = settings.run().maxIdleTime();
        if (most == null || !running.isEmpty()) {
            return WHILE_IDLE;
        }
        var idle = Duration.ofNanos(System.nanoTime() - Math.max(idleSince, running.lastEnd()));
        return most.minus(idle);
    }

    private void rest(Reservation reservation) throws InterruptedException {
        var held = reservation.held();
        var patience = held.stream().map(Held::again).min(Duration::compareTo).orElse(WHILE_IDLE);
        // A queue at its limit may have room as soon as one of our jobs ends.
        wakesAtEnds = settings.burst() || settings.run().maxIdleTime() != null || !held.isEmpty();
        if (reservation.suspended() || settings.burst()) {
            bell.awaitCord(patience.compareTo(PAUSE) < 0 ? patience : PAUSE);
        } else {
            var left = idleTimeLeft().plusMillis(1);
            bell.await(
                    left.compareTo(patience) < 0 ? left : patience,
                    held.stream().map(Held::queue).toList());
        }
    }

    /** Takes jobs, however long Redis is away or unable: an error is waited out. */
    private Reservation take(JobReserver reserver, int free) throws InterruptedException {
        while (true) {
            try {
                var reservation = reserver.reserve(free);
                complaint.over("takes jobs again");
                return reservation;
            } catch (RuntimeException e) { // whatever the answer was, a worker must not end of it
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                complaint.say("cannot take jobs: " + e.getMessage());
            }
            if (stop.isAsked()) {
                return Reservation.nothing(false);
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
