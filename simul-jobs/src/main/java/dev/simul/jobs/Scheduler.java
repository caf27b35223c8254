package dev.simul.jobs;

import dev.simul.jobs.internal.redis.HexId;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.worker.DueJobs;
import dev.simul.jobs.internal.worker.ServerThreads;
import dev.simul.jobs.internal.worker.StopRequest;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Puts jobs that were scheduled for a time, or for another attempt, on their queues when the time has come.
 *
 * <p>It is a scheduler of RQ's: it holds the same locks, one for each queue, so any number may run, in Java or in Python,
 * and each job is moved once. What it holds falls to another one of ours some six seconds after its death, to one of RQ's
 * when the lock has run out, after at most 61. A worker that was told so ({@link Worker.Builder#scheduler}) does the same
 * in a thread of its own; a scheduler by itself is for queues whose workers come and go. On several servers it has a
 * thread for each, so one that is away holds up only its own share.
 *
 * <p>Thread: {@link #run()} takes the caller's until the end; {@link #stop()} may come from any other.
 */
public final class Scheduler {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    private final JobSettings deployment;
    private final String name;
    private final List<String> queues;
    private final boolean burst;
    private final StopRequest stop = new StopRequest();
    private final OneRun oneRun = new OneRun();

    private Scheduler(Builder builder) {
        this.deployment = builder.deployment;
        this.name = builder.name;
        this.queues = builder.queues;
        this.burst = builder.burst;
    }

    /**
     * Begins to describe a scheduler.
     *
     * @param url {@code redis://[user:password@]host[:port][/db]}, or {@code rediss://} for TLS
     */
    public static Builder on(String url) {
        return on(JobSettings.of(url));
    }

    /** Begins to describe a scheduler of a deployment. */
    public static Builder on(JobSettings deployment) {
        return new Builder(deployment);
    }

    /** The name that stands in its locks. */
    public String name() {
        return name;
    }

    /**
     * Schedules until {@link #stop()}, or in a burst until nothing is due. A Redis that goes away meanwhile is waited for;
     * of several servers also one that is not there at the start, except in a burst.
     *
     * @return how many jobs it has put on their queues
     * @throws RedisUnavailableException if there is no Redis at the start
     * @throws IllegalStateException if this scheduler runs already
     * @throws InterruptedException if the thread is interrupted; the locks are given up
     */
    public long run() throws InterruptedException {
        return oneRun.run("scheduler " + name, this::schedule);
    }

    private long schedule() throws InterruptedException {
        var servers = deployment.servers();
        if (servers.size() > 1) {
            var moved = new ServerThreads("simul-scheduler-", servers, burst, stop).run(this::run);
            return moved.stream().mapToLong(Long::longValue).sum();
        }
        try (var redis = RedisLink.connect(deployment)) {
            return run(redis);
        }
    }

    private long run(RedisLink redis) throws InterruptedException {
        var due = new DueJobs(redis, redis.commands(), name, queues);
        try {
            return run(due);
        } finally {
            end(due);
        }
    }

    private long run(DueJobs due) throws InterruptedException {
        long moved = 0;
        var pause = DueJobs.INTERVAL;
        do {
            try {
                var look = due.move();
                moved += look.moved();
                pause = look.pause();
                if (burst && !pause.isZero()) {
                    break;
                }
            } catch (RedisUnavailableException e) {
                if (burst) {
                    throw e;
                }
                LOG.log(Level.WARNING, "scheduler {0} waits for Redis: {1}", name, e.getMessage());
                pause = DueJobs.INTERVAL;
            }
        } while (!stop.await(pause));
        return moved;
    }

    private void end(DueJobs due) {
        try {
            RedisLink.evenIfInterrupted(due::end);
        } catch (RedisUnavailableException e) {
            LOG.log(Level.WARNING, "the locks of scheduler {0} are left to expire: {1}", name, e.getMessage());
        }
    }

    /** Asks it to end. From any thread, any number of times. */
    public void stop() {
        stop.askWarmly();
    }

    /** What a scheduler is to be. */
    public static final class Builder {
        private final JobSettings deployment;
        private List<String> queues = List.of("default");
        private String name = HexId.random();
        private boolean burst;

        private Builder(JobSettings deployment) {
            this.deployment = deployment;
        }

        /** The queues whose jobs to schedule; {@code default} if not said. */
        public Builder queues(String... names) {
            this.queues = Names.requireQueues("a scheduler", names);
            return this;
        }

        /** The scheduler's name, unlike all others; random if not said. */
        public Builder name(String name) {
            Names.requireVisible("scheduler", name);
            this.name = name;
            return this;
        }

        /** Whether to end when nothing more is due, instead of waiting. */
        public Builder burst(boolean burst) {
            this.burst = burst;
            return this;
        }

        /** The scheduler, ready to {@link Scheduler#run() run}. */
        public Scheduler build() {
            return new Scheduler(this);
        }
    }
}
