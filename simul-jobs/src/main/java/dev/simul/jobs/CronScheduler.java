package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.HostName;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.RqJson;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Enqueues jobs at times of day or at intervals.
 *
 * <p>RQ's tools find it among their cron schedulers. Any number with the same jobs may run: each time is taken by one of them, in the step that enqueues the job, so when
 * one dies the others go on without a gap. (Python's own enqueues everything once for each process.) Times that pass while
 * none runs are missed, unless the job says otherwise ({@link CronJob#catchUp}). On several servers each job's history stands
 * where its queue does, and one server that is away holds up only the jobs of its queues.
 *
 * <p>Thread: {@link #run()} takes the caller's until the end; {@link #stop()} may come from any other.
 */
public final class CronScheduler {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(1);

    private final JobSettings deployment;
    private final String name;
    private final ZoneId timeZone;
    private final String configFile;
    private final List<CronJob> jobs;
    private final Instant birth = Instant.now();
    private final Semaphore stop = new Semaphore(0);
    private final OneRun oneRun = new OneRun();

    private CronScheduler(Builder builder) {
        this.deployment = builder.deployment;
        this.name = builder.name == null ? defaultName() : builder.name;
        this.timeZone = builder.timeZone;
        this.configFile = builder.configFile;
        this.jobs = List.copyOf(builder.jobs);
    }

    private static String defaultName() {
        return HostName.own() + ":" + ProcessHandle.current().pid() + ":"
                + UUID.randomUUID().toString().substring(0, 6);
    }

    /**
     * Begins to describe a cron scheduler.
     *
     * @param url {@code redis://[user:password@]host[:port][/db]}, or {@code rediss://} for TLS
     */
    public static Builder on(String url) {
        return on(JobSettings.of(url));
    }

    /** Begins to describe a cron scheduler of a deployment. */
    public static Builder on(JobSettings deployment) {
        return new Builder(deployment);
    }

    /** The name under which RQ's tools list it. */
    public String name() {
        return name;
    }

    /** What it enqueues. */
    public List<CronJob> jobs() {
        return jobs;
    }

    /**
     * Enqueues until {@link #stop()}. A Redis that goes away meanwhile is waited for, and what was due then is enqueued
     * late, once; so is one of several servers that is not there at the start.
     *
     * @return how many jobs it has enqueued itself
     * @throws RedisUnavailableException if there is no Redis at the start
     * @throws IllegalStateException if this scheduler runs already
     * @throws InterruptedException if the thread is interrupted
     */
    public long run() throws InterruptedException {
        return oneRun.run("cron scheduler " + name, this::enqueueUntilStopped);
    }

    private long enqueueUntilStopped() throws InterruptedException {
        try (var client = JobClient.connect(deployment)) {
            var now = Instant.now();
            var entries =
                    jobs.stream().map(job -> new CronEntry(job, timeZone, now)).toList();
            var _ = eachOf(entries, entry -> catchUp(client, entry, now));
            var _ = eachOf(client.members(), member -> show(member, entries));
            try {
                return run(client, entries);
            } finally {
                client.members().forEach(this::leave);
            }
        }
    }

    /** Does it with all of them; one whose server is away, of several, does not keep it from the others. */
    private <T> boolean eachOf(List<T> all, Consumer<T> action) {
        boolean done = true;
        for (var one : all) {
            try {
                action.accept(one);
            } catch (RedisUnavailableException e) {
                if (deployment.servers().size() == 1) {
                    throw e;
                }
                LOG.log(Level.WARNING, "cron scheduler {0} does without a server: {1}", name, e.getMessage());
                done = false;
            }
        }
        return done;
    }

    private long run(JobClient client, List<CronEntry> entries) throws InterruptedException {
        var enqueued = new LongAdder();
        Duration pause;
        do {
            try {
                boolean all = eachOf(entries, entry -> enqueued.add(enqueueIfDue(client, entry)));
                boolean shown = eachOf(client.members(), member -> show(member, entries));
                pause = all && shown ? untilNext(entries) : AFTER_ERROR;
            } catch (RedisUnavailableException e) {
                LOG.log(Level.WARNING, "cron scheduler {0} waits for Redis: {1}", name, e.getMessage());
                pause = AFTER_ERROR;
            }
        } while (!stop.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS));
        return enqueued.sum();
    }

    private static Duration untilNext(List<CronEntry> entries) {
        var now = Instant.now();
        var pause = LONGEST_PAUSE;
        for (var entry : entries) {
            var wait = Duration.between(now, entry.next()).plusMillis(1);
            pause = wait.compareTo(pause) < 0 ? wait : pause;
        }
        return pause.isNegative() ? Duration.ZERO : pause;
    }

    private int enqueueIfDue(JobClient client, CronEntry entry) {
        var now = Instant.now();
        if (!entry.isDue(now)) {
            return 0;
        }
        var cron = entry.job();
        var id = UUID.randomUUID().toString();
        String used;
        try {
            used = home(client, cron)
                    .enqueue(cron.request().with(entry.onceAtThisTime(id)))
                    .id();
        } catch (IllegalArgumentException e) {
            LOG.log(Level.ERROR, "cron job {0} cannot be enqueued: {1}", cron.name(), e.getMessage());
            entry.enqueued(now);
            return 0;
        }
        entry.enqueued(now);
        boolean ours = used.equals(id); // else another scheduler was faster, and may have died before it noted that
        if (ours) {
            LOG.log(Level.INFO, "cron job {0} is enqueued as job {1} on queue {2}", cron.name(), id, cron.queue());
        }
        var redis = home(client, cron).client().redis();
        redis.await(redis.<Long>run(
                Script.CRON_HISTORY,
                ScriptOutputType.INTEGER,
                List.of(redis.keys().cronJobs(), redis.keys().cronHistory(cron.name())),
                new Arguments().add(cron.name()).add(RqTime.unix(now)).add(used)));
        return ours ? 1 : 0;
    }

    /** Where all jobs of a cron job stand, and so what keeps two schedulers from enqueueing the same one. */
    private static JobQueue home(JobClient client, CronJob cron) {
        return client.queue(cron.queue()).part(cron.name());
    }

    private static void catchUp(JobClient client, CronEntry entry, Instant now) {
        var redis = home(client, entry.job()).client().redis();
        var score = redis.await(redis.commands()
                .zscore(redis.keys().cronJobs(), entry.job().name().getBytes(StandardCharsets.UTF_8)));
        if (score != null) {
            entry.catchUp(Instant.ofEpochSecond(score.longValue()), now);
        }
    }

    private void show(JobClient client, List<CronEntry> entries) {
        var redis = client.redis();
        var seal = deployment.ring();
        boolean hidden = seal != null && seal.encrypts();
        var values = new Arguments()
                .add(name)
                .add(RqTime.unix(Instant.now()))
                .add("hostname")
                .add(HostName.own())
                .add("pid")
                .add(ProcessHandle.current().pid())
                .add("name")
                .add(name)
                .add("created_at")
                .add(RqTime.iso(birth))
                .add("config_file")
                .add(configFile)
                .add("cron_jobs")
                .add(RqJson.text(
                        entries.stream().map(entry -> entry.shown(hidden)).collect(Collectors.toList())));
        redis.await(redis.<Long>run(
                Script.CRON,
                ScriptOutputType.INTEGER,
                List.of(redis.keys().cronSchedulers(), redis.keys().cronScheduler(name)),
                values));
    }

    /** As in RQ, the hash is left to expire. */
    private void leave(JobClient client) {
        try {
            var redis = client.redis();
            RedisLink.evenIfInterrupted(() -> redis.await(
                    redis.commands().zrem(redis.keys().cronSchedulers(), name.getBytes(StandardCharsets.UTF_8))));
        } catch (RedisUnavailableException e) {
            LOG.log(Level.WARNING, "cron scheduler {0} is left in its list: {1}", name, e.getMessage());
        }
    }

    /** Asks it to end. From any thread, any number of times. */
    public void stop() {
        stop.release();
    }

    /** What a cron scheduler is to be. */
    public static final class Builder {
        private final JobSettings deployment;
        private final List<CronJob> jobs = new ArrayList<>();
        private @Nullable String name;
        private ZoneId timeZone = ZoneOffset.UTC;
        private String configFile = "";

        private Builder(JobSettings deployment) {
            this.deployment = deployment;
        }

        /** What to enqueue, besides what was named before. */
        public Builder jobs(CronJob... jobs) {
            return jobs(List.of(jobs));
        }

        /** What to enqueue, besides what was named before. */
        public Builder jobs(List<CronJob> jobs) {
            this.jobs.addAll(jobs);
            return this;
        }

        /** Whose clocks cron expressions go by; UTC if not said, as in RQ up to 2.12. */
        public Builder timeZone(ZoneId zone) {
            this.timeZone = zone;
            return this;
        }

        /** The scheduler's name, unlike all others; host, process id and something random if not said. */
        public Builder name(String name) {
            Names.requireVisible("cron scheduler", name);
            this.name = name;
            return this;
        }

        /** The file that the jobs come from, for those who list schedulers. */
        public Builder configFile(String file) {
            this.configFile = file;
            return this;
        }

        /**
         * The scheduler, ready to {@link CronScheduler#run() run}.
         *
         * @throws IllegalArgumentException if it has no job
         */
        public CronScheduler build() {
            if (jobs.isEmpty()) {
                throw new IllegalArgumentException(
                        "a cron scheduler needs at least one job: say jobs(CronJob.cron(…))");
            }
            return new CronScheduler(this);
        }
    }
}
