package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the worker and its executions alive in Redis, from a thread and a connection of its own, so that no job can
 * hold it up.
 */
final class Heartbeat implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final RunningJobs running;
    private final WorkerRegistration registration;
    private final StatefulRedisConnection<String, byte[]> connection;
    private final Semaphore due = new Semaphore(0);
    private volatile boolean closed;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("simul-job-heartbeat").unstarted(this::run);

    Heartbeat(RedisLink redis, WorkerSettings settings, RunningJobs running, WorkerRegistration registration) {
        this.redis = redis;
        this.settings = settings;
        this.running = running;
        this.registration = registration;
        this.connection = redis.open();
    }

    void begin() {
        thread.start();
    }

    private void run() {
        try {
            while (true) {
                var _ = due.tryAcquire(settings.heartbeatInterval().toMillis(), TimeUnit.MILLISECONDS);
                if (closed) {
                    return;
                }
                try {
                    beat();
                } catch (RuntimeException e) {
                    LOG.log(Level.WARNING, "no heartbeat: {0}", e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Does not wait for the next one: something may have been said that was not heard. */
    void beatSoon() {
        due.release();
    }

    private void beat() {
        var runs = running.snapshot();
        var now = Instant.now();
        var values = new Arguments()
                .add(settings.name())
                .add(RqTime.iso(now))
                .add(RqTime.unix(now))
                .add(now.getEpochSecond())
                .add(runs.isEmpty() ? settings.run().idleSeconds() : settings.heartbeatSeconds() + 60);
        for (var run : runs) {
            var job = run.job();
            values.add(job.queue()).add(job.id()).add(job.executionId());
            values.add(RqTime.unix(job.reserved())).add(job.aliveSeconds(settings.heartbeatSeconds()));
        }
        var answer = redis.await(redis.<List<?>>run(
                Script.HEARTBEAT, connection.async(), ScriptOutputType.MULTI, settings.keys(redis.keys()), values));
        if ((Long) answer.get(0) == 1) {
            registration.renew(runs.size());
        }
        for (var index : (List<?>) answer.get(1)) {
            var run = runs.get(((Long) index).intValue());
            if (run.ask(JobRun.Reason.GIVEN_UP)) {
                LOG.log(
                        Level.WARNING,
                        "job {0} was given up by somebody; its run here is broken off",
                        run.job().id());
            }
        }
        for (var index : (List<?>) answer.get(2)) {
            var run = runs.get(((Long) index).intValue());
            if (run.ask(JobRun.Reason.STOPPED)) {
                LOG.log(
                        Level.INFO,
                        "job {0} is to end, as its hash says; the command was not heard",
                        run.job().id());
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        due.release();
        try {
            if (thread.isAlive()) { // it has not begun if the worker's name was taken
                thread.join(RedisLink.PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connection.close();
    }
}
