package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Keys;
import dev.simul.jobs.internal.redis.RedisAddress;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.ResultWatcher;
import dev.simul.jobs.internal.redis.ServerRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the Redis that holds the queues, shared with Python's RQ.
 *
 * <p>Jobs enqueued through it can be awaited as long as it is open. Closing it leaves the jobs where they are.
 *
 * <p>Thread: any.
 */
public final class JobClient implements AutoCloseable {
    private final JobSettings settings;
    private final List<JobClient> members; // one for each server of several; itself if there is one
    private final ServerRing ring;
    private final @Nullable InlineJobs inline; // null: jobs go to Redis
    private @Nullable RedisLink redis; // guarded by this
    private @Nullable ResultWatcher watcher; // guarded by this
    private boolean closed; // guarded by this

    private JobClient(JobSettings settings) {
        this.settings = settings;
        var servers = settings.servers();
        this.members = servers.size() == 1
                ? List.of(this)
                : servers.stream().map(JobClient::new).toList();
        this.ring = new ServerRing(servers.stream()
                .map(server -> RedisAddress.parse(server.url()).toString())
                .toList());
        this.inline = null;
    }

    private JobClient(JobSettings settings, Collection<Class<?>> functions) {
        this.settings = settings;
        this.members = List.of(this);
        this.ring = new ServerRing(List.of("inline"));
        this.inline = new InlineJobs(this, functions, settings.middleware());
    }

    /**
     * A client for tests that needs no Redis: each job runs in the caller's thread before {@code enqueue} returns.
     *
     * <p>Arguments and result go through the job's serializer as they would on their way to a worker, so what cannot be
     * sent fails here too. {@link CurrentJob}, middleware, time-outs, callbacks, retries, repeats, jobs that wait for others
     * and unique jobs work. What waits for a time, a retry's or repeat's pause included, runs when the test lets it pass:
     * {@link #runDue}; awaiting it before is an {@link IllegalStateException}. One job runs at a time, so limits of how many
     * hold by themselves; {@link Isolation} and life times of results mean nothing here. Webhooks and
     * {@link OnDuplicate#REPLACE} are refused, and whatever asks Redis throws {@link IllegalStateException}.
     *
     * @param functions the classes whose {@link SimulJob} methods are offered
     */
    public static JobClient inline(Class<?>... functions) {
        return inline(JobSettings.of("redis://inline"), functions);
    }

    /** The same with settings, of which serializer, payload limit and middleware count. */
    public static JobClient inline(JobSettings settings, Class<?>... functions) {
        return new JobClient(settings, List.of(functions));
    }

    /**
     * Lets time pass for the jobs of an {@link #inline} client, and runs those that become due, in the order of their times, in
     * the caller's thread.
     *
     * @param time how long, not negative
     * @return how many attempts ended well, and how many did not
     * @throws IllegalStateException if the jobs stand in a Redis, whose workers and schedulers go by the clock
     */
    public WorkerTally runDue(Duration time) {
        if (inline == null) {
            throw new IllegalStateException("runDue is for JobClient.inline: jobs in a Redis are moved by a worker or a"
                    + " scheduler when their time has come; in a test, TestJobs.runDue does both");
        }
        return inline.runDue(time);
    }

    /**
     * Connects.
     *
     * @param url {@code redis://[user:password@]host[:port][/db]}, or {@code rediss://} for TLS
     * @throws RedisUnavailableException if there is no Redis, or it does not let us in
     */
    public static JobClient connect(String url) {
        return connect(JobSettings.of(url));
    }

    /**
     * Connects to a deployment. Servers of several are connected to when they are needed first.
     *
     * @throws RedisUnavailableException if there is no Redis, or it does not let us in
     */
    public static JobClient connect(JobSettings deployment) {
        var client = new JobClient(deployment);
        if (client.members.size() == 1) {
            var _ = client.redis(); // fails here, where the caller's mistake is; of several, some may be away
        }
        return client;
    }

    /** The queue of that name; it need not exist yet. */
    public JobQueue queue(String name) {
        return new JobQueue(forQueue(name), name, JobOptions.DEFAULTS.serializer(settings.serializer()));
    }

    /**
     * Enqueues a call on the queue that its {@link SimulJob} names, else on {@code default}; RQ's {@code delay}.
     *
     * @throws IllegalArgumentException as {@link JobQueue#enqueue(JobRequest)}
     */
    public <T extends @Nullable Object> Job<T> enqueue(JobRequest<T> request) {
        return queue(request.queue()).enqueue(request);
    }

    /**
     * The queue whose list of jobs has that key, as in RQ's set of queues.
     *
     * @param key such as {@code rq:queue:default}
     * @throws IllegalArgumentException if it is no queue's key
     */
    public JobQueue queueFromKey(String key) {
        var prefix = new Keys(settings.keyPrefix()).queue("");
        if (!key.startsWith(prefix)) {
            throw new IllegalArgumentException("a queue's key begins with " + prefix + ", was '" + key + "'");
        }
        return queue(key.substring(prefix.length()));
    }

    /**
     * Finds a job by its id, whoever enqueued it.
     *
     * @param result what the function's JSON result is read as
     */
    public <T> Optional<Job<T>> job(String id, Class<T> result) {
        return holding(id, member -> member.ownJob(id, result));
    }

    private <T> Optional<Job<T>> ownJob(String id, Class<T> result) {
        var redis = redis();
        var fields = redis.await(redis.commands().hmget(redis.keys().job(id), "data", "origin", "description"));
        if (!fields.get(0).hasValue()) {
            return Optional.empty();
        }
        return Optional.of(new Job<>(
                this,
                id,
                new String(fields.get(1).getValueOrElse(new byte[0]), StandardCharsets.UTF_8),
                new String(fields.get(2).getValueOrElse(new byte[0]), StandardCharsets.UTF_8),
                result));
    }

    /** Asks the server that should have a job first, then the others; one that is away counts only if none has it. */
    private <T> Optional<T> holding(String id, Function<JobClient, Optional<T>> ask) {
        var order = new ArrayList<>(members);
        Collections.swap(order, 0, ring.server(id));
        RedisUnavailableException away = null;
        for (var member : order) {
            try {
                var found = ask.apply(member);
                if (found.isPresent()) {
                    return found;
                }
            } catch (RedisUnavailableException e) {
                away = e;
            }
        }
        if (away != null) {
            throw away;
        }
        return Optional.empty();
    }

    private <T> List<T> all(Function<RedisLink, List<T>> ask) {
        return members.stream()
                .flatMap(member -> ask.apply(member.redis()).stream())
                .toList();
    }

    /** The client of the server that has a queue; this one if its jobs are spread. */
    private JobClient forQueue(String name) {
        return members.size() == 1 || settings.spread() == Spread.BY_JOB ? this : members.get(ring.server(name));
    }

    /** The client of the server that a job of a queue spread by job stands on. */
    JobClient forJob(String id) {
        return members.get(ring.server(id));
    }

    /** A client for each server. */
    List<JobClient> members() {
        return members;
    }

    /** Finds a job by its id, whoever enqueued it; its result is read as it is: numbers, texts, lists and maps. */
    public Optional<Job<Object>> job(String id) {
        return job(id, Object.class);
    }

    /** Everything that a job's hash says; empty if there is no such job. */
    public Optional<JobInfo> info(String id) {
        return infos(List.of(id)).getFirst();
    }

    /** The same of many jobs, in the order of the ids; empty in the place of one that there is not. */
    public List<Optional<JobInfo>> infos(Collection<String> ids) {
        if (members.size() == 1) {
            return new JobReader(redis()).infos(ids);
        }
        return ids.stream()
                .map(id -> holding(id, member -> member.infos(List.of(id)).getFirst()))
                .toList();
    }

    /** The same without those that there are not. */
    List<JobInfo> present(Collection<String> ids) {
        return infos(ids).stream().flatMap(Optional::stream).toList();
    }

    /** All queues that have ever had a job and were not deleted, by name, with how many jobs stand where. */
    public List<QueueInfo> queues() {
        return all(redis -> new Queues(redis).all());
    }

    /** The live workers of all queues, by name. One whose entry cannot be read is listed with its {@code problems}. */
    public List<WorkerInfo> workers() {
        return all(redis -> new Workers(redis).in(List.of(redis.keys().workers())));
    }

    /** The live workers of one queue, by name. */
    public List<WorkerInfo> workers(String queue) {
        return all(redis -> new Workers(redis).in(List.of(redis.keys().workersOf(queue))));
    }

    /** A worker by its name, also for a minute after its end; empty if there is none. */
    public Optional<WorkerInfo> worker(String name) {
        return members.stream()
                .flatMap(member -> new Workers(member.redis()).find(name).stream())
                .findFirst();
    }

    /**
     * Asks a worker in any language to end when its running job has, as SIGTERM does.
     *
     * @return whether it has heard; if not, it is gone, or away at the moment
     */
    public boolean shutdownWorker(String name) {
        return send(name, "shutdown");
    }

    /**
     * Lets a worker break its running job off, which then is tried again or fails; RQ's {@code kill-horse}.
     *
     * @return whether it has heard; if not, it is gone, or away at the moment
     */
    public boolean killHorse(String worker) {
        return send(worker, "kill-horse");
    }

    /** The schedulers that hold the lock of a queue now, by name. */
    public List<SchedulerInfo> schedulers() {
        return all(redis -> new Schedulers(redis).holdingLocks());
    }

    /** The live cron schedulers, those with the oldest heartbeat first. */
    public List<CronSchedulerInfo> cronSchedulers() {
        var seen = new HashSet<String>(); // each stands on all servers
        return all(redis -> new Schedulers(redis).cron()).stream()
                .filter(cron -> seen.add(cron.name()))
                .toList();
    }

    /** Lets all workers of this Redis pause when their running jobs have ended, until {@link #resume}. */
    public void suspend() {
        members.forEach(member -> new Workers(member.redis()).suspend());
    }

    /**
     * Lets all workers of this Redis pause when their running jobs have ended.
     *
     * @param time how long; counted in whole seconds, rounded up
     */
    public void suspend(Duration time) {
        members.forEach(member -> new Workers(member.redis()).suspend(time));
    }

    /**
     * Ends the pause.
     *
     * @return whether there was one
     */
    public boolean resume() {
        long ended = 0;
        for (var member : members) {
            var redis = member.redis();
            ended += redis.await(redis.commands().del(redis.keys().suspended()));
        }
        return ended > 0;
    }

    /** Whether workers are told to pause. */
    public boolean isSuspended() {
        return members.stream()
                .map(JobClient::redis)
                .anyMatch(redis ->
                        redis.await(redis.commands().exists(redis.keys().suspended())) == 1);
    }

    /** The group of that name; it need not exist yet. */
    public JobGroup group(String name) {
        return new JobGroup(this, Names.require("a group's name", name));
    }

    /** The groups that have jobs, by name. */
    public List<JobGroup> groups() {
        return JobGroup.all(this);
    }

    /** Where its keys are, the same for all clients that share them. */
    String place() {
        if (inline != null) {
            return "inline " + System.identityHashCode(inline);
        }
        return settings.servers().stream()
                .map(server -> RedisAddress.parse(server.url()))
                .map(address -> address + "/" + address.uri().getDatabase())
                .collect(Collectors.joining(" ", settings.keyPrefix() + ": ", ""));
    }

    JobSettings settings() {
        return settings;
    }

    /** Sends a command to a worker on all servers; it has a name on each. */
    private boolean send(String worker, String command) {
        long heard = members.stream()
                .filter(member -> new Workers(member.redis()).send(worker, command))
                .count();
        return heard > 0;
    }

    synchronized RedisLink redis() {
        if (inline != null) {
            throw new IllegalStateException("this JobClient runs jobs inline and has no Redis to ask: use"
                    + " @JobsTest on a Redis (mode BURST), or JobClient.connect(…) with an EmbeddedRedis");
        }
        if (closed) {
            throw new IllegalStateException("this JobClient is closed");
        }
        var open = redis;
        if (open == null) {
            redis = open = RedisLink.connect(settings);
        }
        return open;
    }

    @Nullable
    InlineJobs inline() {
        return inline;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized void watch(String jobId, ResultWatcher.Listener listener) {
        if (closed) {
            throw new IllegalStateException("job " + jobId + " cannot be awaited: its JobClient is closed");
        }
        if (inline != null) {
            inline.watch(jobId, listener);
            return;
        }
        var open = watcher;
        if (open == null) {
            watcher = open = new ResultWatcher(redis());
        }
        open.watch(jobId, listener);
    }

    /** Ends the connection; whoever still waits for a job gets {@link IllegalStateException}. */
    @Override
    public void close() {
        if (members.size() > 1) {
            members.forEach(JobClient::close);
        }
        ResultWatcher open;
        RedisLink link;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = watcher;
            link = redis;
        }
        if (open != null) {
            open.close();
        }
        if (link != null) {
            link.close();
        }
    }
}
