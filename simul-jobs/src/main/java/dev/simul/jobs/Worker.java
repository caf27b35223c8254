package dev.simul.jobs;

import dev.simul.jobs.internal.redis.HexId;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.worker.ChildTrial;
import dev.simul.jobs.internal.worker.EndSettings;
import dev.simul.jobs.internal.worker.JobFunctions;
import dev.simul.jobs.internal.worker.RunSettings;
import dev.simul.jobs.internal.worker.ServerLoops;
import dev.simul.jobs.internal.worker.StopRequest;
import dev.simul.jobs.internal.worker.UpkeepSettings;
import dev.simul.jobs.internal.worker.WorkLoop;
import dev.simul.jobs.internal.worker.WorkerSettings;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs jobs from RQ's queues, whoever put them there, beside any number of other workers in Java or Python.
 *
 * <p>It runs only functions that were named when it was built ({@link Builder#functions}). Each job is run at least
 * once: at every instant it stands in its queue or in a registry, so a worker that is killed loses nothing, but a job
 * that was running then may be run again. Jobs run in threads of their own; when a job's time is over its thread is
 * interrupted.
 *
 * <p>Thread: {@link #run()} takes the caller's until the end; {@link #stop()} may come from any other.
 */
public final class Worker {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration TO_REQUEUE = Duration.ofSeconds(15);

    private final JobSettings deployment;
    private final JobsOwnClient client;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final @Nullable Duration shutdownPatience;
    private final StopRequest stop = new StopRequest();
    private final OneRun oneRun = new OneRun();

    private Worker(Builder builder) {
        this.deployment = builder.deployment;
        this.client = new JobsOwnClient(deployment);
        this.functions = JobFunctions.of(builder.functions);
        this.shutdownPatience = builder.shutdownPatience;
        this.settings = new WorkerSettings(
                builder.name,
                List.copyOf(builder.queues),
                builder.concurrency,
                builder.burst,
                builder.publishCurrentJob,
                builder.heartbeatInterval,
                new RunSettings(
                        builder.isolation,
                        builder.virtualThreads,
                        builder.interruptGrace,
                        builder.gracePeriod,
                        List.copyOf(builder.childOptions),
                        List.copyOf(builder.childClassPath),
                        builder.maxJobs,
                        builder.maxIdleTime,
                        builder.strategy,
                        builder.workerTtl,
                        deployment.middleware(),
                        deployment.ring()),
                builder.upkeep,
                new EndSettings(
                        List.copyOf(builder.exceptionHandlers),
                        builder.keepFailures,
                        builder.resultTtl,
                        builder.failureTtl,
                        deployment,
                        client));
    }

    /**
     * Begins to describe a worker.
     *
     * @param url {@code redis://[user:password@]host[:port][/db]}, or {@code rediss://} for TLS
     */
    public static Builder on(String url) {
        return on(JobSettings.of(url));
    }

    /** Begins to describe a worker of a deployment. */
    public static Builder on(JobSettings deployment) {
        return new Builder(deployment);
    }

    WorkerSettings settings() {
        return settings;
    }

    JobFunctions functions() {
        return functions;
    }

    /** The name under which other tools see it. */
    public String name() {
        return settings.name();
    }

    /**
     * Works until {@link #stop()}, or in a burst until the queues are empty. Returns when every job it has begun is
     * recorded. A Redis that goes away while it works is waited for.
     *
     * @throws RedisUnavailableException if there is no Redis at the start
     * @throws IllegalStateException if a live worker has the same name, or this one runs already
     * @throws InterruptedException if the thread is interrupted: the worker ends as by {@link #stopNow}
     */
    public WorkerTally run() throws InterruptedException {
        return oneRun.run("worker " + name(), this::work);
    }

    private WorkerTally work() throws InterruptedException {
        var ended = new CountDownLatch(1);
        var hook = Thread.ofPlatform().unstarted(() -> stopAndWait(ended));
        try (client) {
            if (deployment.servers().size() > 1) {
                addHook(hook);
                return WorkerTally.of(new ServerLoops(deployment.servers(), settings, functions, stop).run());
            }
            try (var redis = RedisLink.connect(deployment)) {
                addHook(hook);
                return WorkerTally.of(List.of(new WorkLoop(redis, settings, functions, stop).run()));
            }
        } finally {
            ended.countDown();
            removeHook(hook);
        }
    }

    private void addHook(Thread hook) {
        if (shutdownPatience != null) {
            Runtime.getRuntime().addShutdownHook(hook);
        }
    }

    private void stopAndWait(CountDownLatch ended) {
        stop();
        try {
            var patience = shutdownPatience == null ? Duration.ZERO : shutdownPatience;
            if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                stopNow();
                var _ = ended.await(TO_REQUEUE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            // the JVM is ending anyway
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is the hook that made us end
        }
    }

    /**
     * Asks the worker to end: it takes no more jobs and finishes those it has, for which they have the
     * {@linkplain Builder#gracePeriod grace period}. From any thread, any number of times.
     */
    public void stop() {
        stop.askWarmly();
    }

    /**
     * Asks the worker to end at once: running jobs are interrupted (those in child JVMs killed) and go back to the
     * front of their queues, to be run again. From any thread, any number of times.
     */
    public void stopNow() {
        stop.askColdly();
    }

    /**
     * What a signal means: the first one asks as {@link #stop}, a further one as {@link #stopNow}; one that follows
     * within a second of another is taken for its echo.
     */
    public void signal() {
        stop.signal();
    }

    /** What a worker is to be. */
    public static final class Builder {
        private static final int MOST_CONCURRENT = 1000;
        private static final Duration A_CENTURY = Duration.ofDays(36_525);

        private final JobSettings deployment;
        private List<String> queues = List.of("default");
        private final List<Class<?>> functions = new ArrayList<>();
        private int concurrency = 1;
        private boolean burst;
        private boolean publishCurrentJob;
        private String name = HexId.random();
        private Duration heartbeatInterval = Duration.ofSeconds(30);
        private @Nullable Duration shutdownPatience;
        private Isolation isolation = Isolation.THREAD;
        private boolean virtualThreads;
        private Duration interruptGrace = Duration.ofSeconds(10);
        private Duration gracePeriod = JobOptions.FOREVER;
        private final List<String> childOptions = new ArrayList<>();
        private final List<Path> childClassPath = new ArrayList<>();
        private long maxJobs = Long.MAX_VALUE;
        private @Nullable Duration maxIdleTime;
        private final List<ExceptionHandler> exceptionHandlers = new ArrayList<>();
        private boolean keepFailures = true;
        private DequeueStrategy strategy = DequeueStrategy.DEFAULT;
        private @Nullable String resultTtl;
        private @Nullable String failureTtl;
        private Duration workerTtl = Duration.ofMinutes(7);
        private UpkeepSettings upkeep = UpkeepSettings.DEFAULTS;

        private Builder(JobSettings deployment) {
            this.deployment = deployment;
        }

        /** The queues to serve, the most urgent first; {@code default} if not said. */
        public Builder queues(String... names) {
            this.queues = Names.requireQueues("a worker", names);
            return this;
        }

        /** Offers the {@link SimulJob} methods of these classes, besides those named before. */
        public Builder functions(Class<?>... classes) {
            functions.addAll(List.of(classes));
            return this;
        }

        /** What is called when a job has failed, in this order, after those named before. */
        public Builder exceptionHandlers(ExceptionHandler... handlers) {
            exceptionHandlers.addAll(List.of(handlers));
            return this;
        }

        /**
         * Leaves failures to the {@linkplain #exceptionHandlers exception handlers}: a job that failed for good gets
         * the status {@link JobStatus#FAILED}, but no entry in the failed registry, no traceback and no end to its
         * life time. RQ's {@code --disable-default-exception-handler}. Retries are made all the same.
         */
        public Builder disableDefaultExceptionHandler() {
            this.keepFailures = false;
            return this;
        }

        /**
         * How long the results of jobs are kept that do not say it themselves; 500 s if not said, as in RQ.
         *
         * @param ttl rounded up to whole seconds; zero discards such jobs, {@link JobOptions#FOREVER} keeps them for ever
         */
        public Builder resultTtl(Duration ttl) {
            this.resultTtl = Long.toString(JobHash.seconds(JobOptions.atLeast("resultTtl", 0, ttl)));
            return this;
        }

        /**
         * How long failures of jobs are kept that do not say it themselves; a year if not said, as in RQ.
         *
         * @param ttl rounded up to whole seconds; zero discards such jobs, {@link JobOptions#FOREVER} keeps them for ever
         */
        public Builder failureTtl(Duration ttl) {
            this.failureTtl = Long.toString(JobHash.seconds(JobOptions.atLeast("failureTtl", 0, ttl)));
            return this;
        }

        /** How many jobs run at a time, 1 to 1000; 1 if not said, as in RQ. */
        public Builder concurrency(int jobs) {
            if (jobs < 1 || jobs > MOST_CONCURRENT) {
                throw new InvalidSettingException("concurrency", "must be between 1 and " + MOST_CONCURRENT, jobs);
            }
            this.concurrency = jobs;
            return this;
        }

        /** Whether to end when the queues are empty, instead of waiting for more. */
        public Builder burst(boolean burst) {
            this.burst = burst;
            return this;
        }

        /** The worker's name, unique among the live ones; random if not said. */
        public Builder name(String name) {
            Names.requireVisible("worker", name);
            this.name = name;
            return this;
        }

        /**
         * Whether the worker's entry in Redis names the job it runs. Off if not said: rq-dashboard up to 0.9.0
         * answers with an error 500 while any worker shows a job in JSON.
         */
        public Builder publishCurrentJob(boolean publish) {
            this.publishCurrentJob = publish;
            return this;
        }

        /** How often running jobs show that they are alive, 1 s to 60 s; 30 s if not said, as in RQ. */
        public Builder heartbeatInterval(Duration interval) {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new InvalidSettingException("heartbeatInterval", "must be between 1 s and 60 s", interval);
            }
            this.heartbeatInterval = interval;
            return this;
        }

        /**
         * Lets the end of the JVM (SIGTERM, Ctrl-C, {@link System#exit}) stop the worker, and holds it up until
         * running jobs have ended.
         *
         * @param patience how long at most; jobs that take longer are broken off and go back to their queues
         */
        public Builder stopOnShutdown(Duration patience) {
            this.shutdownPatience = notNegative("stopOnShutdown", patience);
            return this;
        }

        /** Where jobs run whose function does not say it itself; {@link Isolation#THREAD} if not said. */
        public Builder isolation(Isolation isolation) {
            this.isolation = isolation;
            return this;
        }

        /**
         * Whether the threads of {@link Isolation#THREAD} are virtual ones; off if not said. They are for hundreds of
         * jobs that block: jobs that compute keep virtual threads from taking turns.
         */
        public Builder virtualThreads(boolean virtual) {
            this.virtualThreads = virtual;
            return this;
        }

        /**
         * How long a function may take to end once it was interrupted, by a time-out or otherwise; 10 s if not said.
         * Then the end of the job is recorded without it, and its thread is left behind.
         *
         * @param grace more than nothing
         */
        public Builder interruptGrace(Duration grace) {
            if (!grace.isPositive()) {
                throw new InvalidSettingException("interruptGrace", "must be longer than 0", grace);
            }
            this.interruptGrace = countable(grace);
            return this;
        }

        /**
         * How long running jobs have when the worker is asked to end; without limit if not said, as in RQ. Those that
         * need longer are broken off and go back to the front of their queues.
         *
         * @param grace zero or more
         */
        public Builder gracePeriod(Duration grace) {
            this.gracePeriod = notNegative("gracePeriod", grace);
            return this;
        }

        /**
         * More options for the JVMs of {@link Isolation#PROCESS}, such as {@code -Xmx200m}, besides those named
         * before.
         */
        public Builder childOptions(String... options) {
            childOptions.addAll(List.of(options));
            return this;
        }

        /** More entries for their class path, after this JVM's own, besides those named before. */
        public Builder childClassPath(Path... entries) {
            childClassPath.addAll(List.of(entries));
            return this;
        }

        /** Which queue is served next; {@link DequeueStrategy#DEFAULT}, the first one first, if not said. */
        public Builder strategy(DequeueStrategy strategy) {
            this.strategy = strategy;
            return this;
        }

        /**
         * How long an idle worker may be silent before it counts as dead, 1 s to 1 day; 420 s if not said, as in RQ,
         * whose tools give it a minute more.
         */
        public Builder workerTtl(Duration ttl) {
            if (ttl.compareTo(Duration.ofSeconds(1)) < 0 || ttl.compareTo(Duration.ofDays(1)) > 0) {
                throw new InvalidSettingException("workerTtl", "must be between 1 s and 1 day", ttl);
            }
            this.workerTtl = ttl;
            return this;
        }

        /** After how many jobs the worker ends, at least 1; never if not said. */
        public Builder maxJobs(long jobs) {
            if (jobs < 1) {
                throw new InvalidSettingException("maxJobs", "must be at least 1", jobs);
            }
            this.maxJobs = jobs;
            return this;
        }

        /** After how long without a job the worker ends; never if not said. A burst ends before. */
        public Builder maxIdleTime(Duration time) {
            if (!time.isPositive()) {
                throw new InvalidSettingException("maxIdleTime", "must be longer than 0", time);
            }
            this.maxIdleTime = countable(time);
            return this;
        }

        private static Duration notNegative(String setting, Duration time) {
            if (time.isNegative()) {
                throw new InvalidSettingException(setting, "must not be negative", time);
            }
            return countable(time);
        }

        /** No longer than nanoseconds can count, for {@link JobOptions#FOREVER} is. */
        private static Duration countable(Duration time) {
            return time.compareTo(A_CENTURY) < 0 ? time : A_CENTURY;
        }

        /**
         * Whether the worker is also a {@link Scheduler} of its queues, with RQ's locks. Without it, it still moves
         * due jobs of queues for which no scheduler holds the lock, except in a burst.
         */
        public Builder scheduler(boolean scheduler) {
            this.upkeep = upkeep.scheduler(scheduler);
            return this;
        }

        /** How often the worker cleans up behind others, 1 s to a day; 10 minutes if not said, as in RQ. */
        public Builder maintenanceInterval(Duration interval) {
            this.upkeep = upkeep.maintenanceInterval(interval);
            return this;
        }

        /**
         * What becomes of the jobs of a worker that has died; {@link RescuePolicy#REQUEUE} if not said. It is the
         * living worker's setting that counts, so all workers of a queue should agree.
         */
        public Builder rescue(RescuePolicy policy) {
            this.upkeep = upkeep.rescue(policy);
            return this;
        }

        /**
         * How often a job may be put back on its queue because its worker has died, at least 0; 3 if not said. Then
         * it fails: it may be what kills its workers.
         */
        public Builder maxRescues(int times) {
            this.upkeep = upkeep.maxRescues(times);
            return this;
        }

        /**
         * How long this worker may be silent before others take it for dead, 1 s to 60 s; 5 s if not said. Longer
         * than the longest pause (garbage collection, a suspended machine) that is to be survived: a worker that
         * comes back later finds its jobs given away, and their outcomes are refused.
         */
        public Builder rescueAfter(Duration silence) {
            this.upkeep = upkeep.rescueAfter(silence);
            return this;
        }

        /**
         * The worker, ready to {@link Worker#run() run}. Options for child JVMs are tried on a JVM that ends at once.
         *
         * @throws IllegalArgumentException if a class has no {@link SimulJob} method, two claim the same name, or no JVM
         *     starts with the {@link #childOptions}
         */
        public Worker build() {
            ChildTrial.require(childOptions);
            if (functions.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        "worker {0} offers no function, so every job it takes will fail; name classes with functions(...)",
                        name);
            }
            return new Worker(this);
        }
    }
}
