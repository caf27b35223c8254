package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.HexId;
import dev.simul.jobs.internal.redis.RedisLink;
import io.lettuce.core.api.StatefulRedisConnection;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Does, from time to time and beside the jobs, what keeps a deployment healthy.
 *
 * <p>It has a connection and threads of its own: a slow duty must not hold up the proof that the worker lives.
 */
final class Upkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration LOOK = Duration.ofSeconds(30);
    private static final int THREADS = 3;

    private final WorkerSettings settings;
    private final StatefulRedisConnection<String, byte[]> connection;
    private final WorkerLease lease;
    private final AbandonedJobs abandoned;
    private final JobRescuer rescuer;
    private final QueueMaintainer maintainer;
    private final @Nullable DueJobs due;
    private final ScheduledThreadPoolExecutor clock;

    Upkeep(RedisLink redis, WorkerSettings settings, JobFunctions functions, Webhooks webhooks, StopRequest stop) {
        this.settings = settings;
        this.connection = redis.open();
        this.lease = new WorkerLease(redis, connection.async(), settings);
        this.abandoned = new AbandonedJobs(redis, settings, functions, webhooks, stop);
        this.rescuer = new JobRescuer(redis, connection.async(), settings.upkeep(), abandoned);
        this.maintainer = new QueueMaintainer(redis, connection.async(), settings, rescuer);
        this.due = settings.upkeep().scheduler() || !settings.burst()
                ? new DueJobs(redis, connection.async(), schedulerName(settings), settings.queues())
                : null;
        this.clock = new ScheduledThreadPoolExecutor(
                THREADS,
                Thread.ofPlatform().daemon().name("simul-job-upkeep-", 1).factory());
    }

    private static String schedulerName(WorkerSettings settings) {
        return settings.upkeep().scheduler() ? HexId.random() : "";
    }

    /** Does what comes before the first job, in the caller's thread, and the rest from now on in the background. */
    void begin() {
        attempt(
                "rescue",
                () -> settings.queues().forEach(queue -> rescuer.rescueFromPredecessor(queue, settings.name())));
        attempt("lease", this::beat);
        every(lease.beat(), "lease", this::beat);
        if (due != null) {
            schedule(due);
        }
        attempt("maintenance", maintainer::cleanAll);
        every(settings.upkeep().maintenanceInterval(), "maintenance", maintainer::cleanAll);
        every(LOOK, "maintenance", maintainer::cleanWhereNeeded);
    }

    /** Moves what is due, and comes again when more is. */
    private void schedule(DueJobs due) {
        var pause = new AtomicReference<>(DueJobs.INTERVAL);
        attempt("scheduler", () -> pause.set(due.move().pause()));
        if (!clock.isShutdown()) {
            var _ = clock.schedule(() -> schedule(due), pause.get().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void beat() {
        lease.renew()
                .forEach((queue, silent) ->
                        clock.execute(() -> attempt("rescue", () -> rescuer.rescueFrom(queue, silent))));
    }

    private void every(Duration period, String duty, Runnable work) {
        var _ = clock.scheduleWithFixedDelay(
                () -> attempt(duty, work), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whatever goes wrong, the next time may go well. */
    private void attempt(String duty, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            if (!clock.isShutdown()) { // else it was interrupted
                LOG.log(Level.WARNING, "upkeep ({0}) has to wait: {1}", duty, e.getMessage());
            }
        }
    }

    /** Says that no job of this worker is left behind, so that nobody looks for one. */
    void nothingLeft() throws InterruptedException {
        stop();
        abandoned.awaitEnd();
        attempt("lease", lease::end);
    }

    private void stop() {
        clock.shutdownNow();
        try {
            var _ = clock.awaitTermination(RedisLink.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
        abandoned.close();
        if (due != null) {
            attempt("scheduler", due::end);
        }
        connection.close();
    }
}
