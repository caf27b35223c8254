package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Keys;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One queue, as a program that puts jobs there sees it.
 *
 * <p>A job is named in one of two ways: by a reference to a static {@link SimulJob} method, whose arguments the
 * compiler checks, or by a name that Python or another Java program knows, with the type of its result. Arguments must
 * be expressible in JSON. Every {@code enqueue} is one round trip and one atomic step.
 *
 * <p>Two are equal if they have the same name on the same servers, database and key prefix, whatever options they give; their
 * order is that of their names, as RQ has it.
 *
 * <p>Thread: any. Every method that talks to Redis throws {@link RedisUnavailableException} if it cannot.
 */
public final class JobQueue implements Comparable<JobQueue> {
    private final JobClient client;
    private final String name;
    private final JobOptions options;
    private final @Nullable SynchronousJobs synchronous;

    JobQueue(JobClient client, String name, JobOptions options) {
        this(client, name, options, null);
    }

    private JobQueue(JobClient client, String name, JobOptions options, @Nullable SynchronousJobs synchronous) {
        Names.requireQueue(name);
        this.client = client;
        this.name = name;
        this.options = options;
        this.synchronous = synchronous;
    }

    private Keys keys() {
        return client.redis().keys();
    }

    /** The queue's name, as Python knows it. */
    public String name() {
        return name;
    }

    /** The key of its list of jobs in Redis. */
    public String key() {
        return keys().queue(name);
    }

    /** How many jobs wait in the queue now. */
    public long size() {
        if (client.members().size() > 1) {
            return servers().stream().mapToLong(JobQueue::size).sum();
        }
        return client.redis().await(client.redis().commands().llen(keys().queue(name)));
    }

    /** Whether no job waits in the queue now. */
    public boolean isEmpty() {
        return size() == 0;
    }

    /** How many of its jobs stand where. */
    public QueueInfo info() {
        return new Queues(client.redis()).count(List.of(name)).getFirst();
    }

    /** The ids of the jobs that wait in the queue, the next to run first. */
    public List<String> ids() {
        return ids(0, -1);
    }

    /**
     * A stretch of {@link #ids()}.
     *
     * @param offset how many to leave out
     * @param count how many to give at most, -1 for all
     */
    public List<String> ids(long offset, long count) {
        return list().ids(offset, count);
    }

    /** The jobs that wait in the queue, the next to run first, without those that are gone. */
    public List<JobInfo> jobs() {
        return jobs(0, -1);
    }

    /**
     * A stretch of the jobs that wait in the queue, without those that are gone.
     *
     * @param offset how many to leave out
     * @param count how many to give at most, -1 for all
     */
    public List<JobInfo> jobs(long offset, long count) {
        return client.present(ids(offset, count));
    }

    /**
     * Finds a job of this queue by its id, wherever it stands; empty if there is none, or it belongs to another queue. The id
     * of a job that is gone leaves the queue.
     */
    public Optional<Job<Object>> job(String id) {
        var found = client.job(id);
        if (found.isEmpty()) {
            list().remove(id);
        }
        return found.filter(job -> job.queue().equals(name));
    }

    /** How many jobs are run before this one; empty if it does not wait in the queue. */
    public OptionalLong position(String id) {
        return list().position(id);
    }

    /**
     * Takes an id out of the queue and leaves the job itself alone. A job that stands nowhere is never run; see
     * {@link Job#cancel} and {@link Job#delete()}.
     *
     * @return whether it was there
     */
    public boolean remove(String id) {
        return list().remove(id);
    }

    /**
     * Deletes the jobs that wait in the queue, with all that belongs to them. The queue itself stays.
     *
     * @return how many there were
     */
    public long empty() {
        return list().empty();
    }

    /**
     * Drops the ids of jobs that are gone, because they have expired or were deleted.
     *
     * @return how many
     */
    public long compact() {
        return list().compact();
    }

    /** Holds the queue's jobs back from Java's workers until {@link #resume}; Python's do not know of it. */
    public void pause() {
        list().pause();
    }

    /**
     * Holds the queue's jobs back from Java's workers for a time; Python's do not know of it.
     *
     * @param time how long; counted in whole seconds, rounded up
     */
    public void pause(Duration time) {
        list().pause(time);
    }

    /**
     * Ends the pause of the queue.
     *
     * @return whether there was one
     */
    public boolean resume() {
        return list().resume();
    }

    /** Whether the queue's jobs are held back. */
    public boolean isPaused() {
        return list().isPaused();
    }

    /** The live workers that serve the queue, by name. */
    public List<WorkerInfo> workers() {
        return client.workers(name);
    }

    private QueueList list() {
        return new QueueList(client.redis(), name);
    }

    /** Its jobs that stand in the same place, such as {@code queue.registry(JobRegistry.Kind.FAILED)}. */
    public JobRegistry registry(JobRegistry.Kind kind) {
        return new JobRegistry(client, name, kind);
    }

    /**
     * Removes the queue from Redis with all its jobs, those too that run, have ended or wait for their time.
     *
     * @return how many jobs there were
     */
    public long delete() {
        var keys = new ArrayList<>(List.of(keys().queues(), keys().queue(name)));
        Stream.of("wip", "finished", "failed", "deferred", "scheduled", "canceled")
                .map(registry -> keys().registry(registry, name))
                .forEach(keys::add);
        return client.redis()
                .await(client.redis().<Long>run(Script.DELETE, ScriptOutputType.INTEGER, keys, new Arguments()));
    }

    /**
     * Limits how fast all Java workers together work this queue off, from their next look at it on.
     *
     * @param limits {@link QueueLimits#NONE} to lift them
     */
    public void limits(QueueLimits limits) {
        var redis = client.redis();
        if (limits.equals(QueueLimits.NONE)) {
            redis.await(redis.commands().del(redis.keys().limits(name)));
        } else {
            redis.await(redis.commands().set(redis.keys().limits(name), limits.json()));
        }
    }

    /** The limits that hold now; {@link QueueLimits#NONE} if there are none. */
    public QueueLimits limits() {
        var redis = client.redis();
        var json = redis.await(redis.commands().get(redis.keys().limits(name)));
        return json == null ? QueueLimits.NONE : QueueLimits.of(json);
    }

    /** This queue with other options: {@code queue.with(o -> o.timeout(ofMinutes(5)).atFront(true)).enqueue(…)}. */
    public JobQueue with(UnaryOperator<JobOptions> change) {
        return new JobQueue(client, name, change.apply(options), synchronous);
    }

    /**
     * This queue, for jobs that are run before {@code enqueue} returns: RQ's {@code is_async=False}.
     *
     * <p>No worker is needed, and none gets these jobs; all else is as if one had run them, time limits, callbacks and results
     * included. A job that is for later, waits for others, is tried again or is held back by the queue's pause or limits stays
     * for the workers of the queue. If the calling thread is interrupted, unfinished jobs go to the queue too; if the process
     * dies, they are found abandoned, as those of a worker. An outcome that cannot be recorded is told by
     * {@link RedisUnavailableException}.
     *
     * @param functions classes with the {@link SimulJob} methods that may be run
     * @throws IllegalArgumentException if a class has no such method
     */
    public JobQueue synchronous(Class<?>... functions) {
        if (client.members().size() > 1) {
            throw new IllegalArgumentException("queue " + name + " is spread over several servers by job and cannot be"
                    + " synchronous; use one of its servers(), or Spread.BY_QUEUE");
        }
        return new JobQueue(client, name, options, new SynchronousJobs(client, name, functions));
    }

    /**
     * Enqueues a function by its name.
     *
     * @param function the name: for Python a dotted path such as {@code model.predict}
     * @param result what the function's JSON result is read as; {@code Void.class} for a function without one
     */
    public <T> Job<T> enqueue(String function, Class<T> result, @Nullable Object... arguments) {
        return enqueue(JobRequest.of(function, result, arguments));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <R extends @Nullable Object> Job<R> enqueue(JobFunction.Of0<R> function) {
        return enqueue(JobRequest.of(function));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <A extends @Nullable Object, R extends @Nullable Object> Job<R> enqueue(
            JobFunction.Of1<A, R> function, A a) {
        return enqueue(JobRequest.of(function, a));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Job<R> enqueue(
            JobFunction.Of2<A, B, R> function, A a, B b) {
        return enqueue(JobRequest.of(function, a, b));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Job<R> enqueue(JobFunction.Of3<A, B, C, R> function, A a, B b, C c) {
        return enqueue(JobRequest.of(function, a, b, c));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Job<R> enqueue(JobFunction.Of4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return enqueue(JobRequest.of(function, a, b, c, d));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    R extends @Nullable Object>
            Job<R> enqueue(JobFunction.Of5<A, B, C, D, E, R> function, A a, B b, C c, D d, E e) {
        return enqueue(JobRequest.of(function, a, b, c, d, e));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object,
                    R extends @Nullable Object>
            Job<R> enqueue(JobFunction.Of6<A, B, C, D, E, F, R> function, A a, B b, C c, D d, E e, F f) {
        return enqueue(JobRequest.of(function, a, b, c, d, e, f));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public Job<@Nullable Void> enqueue(JobAction.Of0 action) {
        return enqueue(JobRequest.of(action));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <A extends @Nullable Object> Job<@Nullable Void> enqueue(JobAction.Of1<A> action, A a) {
        return enqueue(JobRequest.of(action, a));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <A extends @Nullable Object, B extends @Nullable Object> Job<@Nullable Void> enqueue(
            JobAction.Of2<A, B> action, A a, B b) {
        return enqueue(JobRequest.of(action, a, b));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            Job<@Nullable Void> enqueue(JobAction.Of3<A, B, C> action, A a, B b, C c) {
        return enqueue(JobRequest.of(action, a, b, c));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            Job<@Nullable Void> enqueue(JobAction.Of4<A, B, C, D> action, A a, B b, C c, D d) {
        return enqueue(JobRequest.of(action, a, b, c, d));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object>
            Job<@Nullable Void> enqueue(JobAction.Of5<A, B, C, D, E> action, A a, B b, C c, D d, E e) {
        return enqueue(JobRequest.of(action, a, b, c, d, e));
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    E extends @Nullable Object,
                    F extends @Nullable Object>
            Job<@Nullable Void> enqueue(JobAction.Of6<A, B, C, D, E, F> action, A a, B b, C c, D d, E e, F f) {
        return enqueue(JobRequest.of(action, a, b, c, d, e, f));
    }

    /** Enqueues a call that says more than a function and its arguments. */
    public <T extends @Nullable Object> Job<T> enqueue(JobRequest<T> request) {
        return this.<T>submit(List.of(request)).getFirst();
    }

    /**
     * Enqueues many calls at once, in few round trips; they run in the order given, those {@link JobOptions#atFront at the
     * front} before all others, and those that wait for others of the list when those have ended.
     *
     * <p>Everything is checked before anything is written. More than 250 jobs go in several steps, each of them atomic; a
     * connection that breaks in between leaves the later ones unwritten.
     *
     * @return the jobs, in the order of the requests
     * @throws IllegalArgumentException if two requests have the same id
     */
    public <T extends @Nullable Object> List<Job<T>> enqueueMany(
            Collection<? extends JobRequest<? extends T>> requests) {
        return submit(List.copyOf(requests));
    }

    /** Enqueues one {@link SimulJob} method many times, once for each argument, as {@link #enqueueMany(Collection)}. */
    public <A extends @Nullable Object, R extends @Nullable Object> List<Job<R>> enqueueMany(
            JobFunction.Of1<A, R> function, Collection<? extends A> arguments) {
        return this.<R>submit(arguments.stream()
                .map(argument -> JobRequest.of(function, (A) argument))
                .toList());
    }

    /** This queue, for jobs that are put on it at that moment: {@code queue.at(midnight).enqueue(Pages::count, url)}. */
    public JobQueue at(Instant due) {
        return with(o -> o.at(due));
    }

    /** This queue, for jobs that are put on it after that time: {@code queue.in(ofMinutes(5)).enqueue(…)}. */
    public JobQueue in(Duration delay) {
        return with(o -> o.in(delay));
    }

    /** Schedules a call; RQ's {@code enqueue_at}. A scheduler must run for the queue when its time comes. */
    public <T extends @Nullable Object> Job<T> enqueueAt(Instant due, JobRequest<T> request) {
        return at(due).enqueue(request);
    }

    /** Schedules a function by its name; RQ's {@code enqueue_at}. */
    public <T> Job<T> enqueueAt(Instant due, String function, Class<T> result, @Nullable Object... arguments) {
        return at(due).enqueue(function, result, arguments);
    }

    /** Schedules a call; RQ's {@code enqueue_in}. A scheduler must run for the queue when its time comes. */
    public <T extends @Nullable Object> Job<T> enqueueIn(Duration delay, JobRequest<T> request) {
        return in(delay).enqueue(request);
    }

    /** Schedules a function by its name; RQ's {@code enqueue_in}. */
    public <T> Job<T> enqueueIn(Duration delay, String function, Class<T> result, @Nullable Object... arguments) {
        return in(delay).enqueue(function, result, arguments);
    }

    private <T extends @Nullable Object> List<Job<T>> submit(List<? extends JobRequest<? extends T>> requests) {
        return new Submission(client, name, options, synchronous).submit(requests);
    }

    /** The part in which all jobs that have this name in common stand, if they are spread by job; else the queue. */
    JobQueue part(String name) {
        return new JobQueue(client.forJob(name), this.name, options);
    }

    JobClient client() {
        return client;
    }

    /**
     * The parts of a queue whose jobs are spread over several servers, one for each server; of another queue, itself. What
     * works with one server at a time, such as listing and emptying, is done with each of them.
     */
    public List<JobQueue> servers() {
        return client.members().stream()
                .map(member -> new JobQueue(member, name, options))
                .toList();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JobQueue queue
                && name.equals(queue.name)
                && client.place().equals(queue.client.place());
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    /** By name; queues of one name by where they are. */
    @Override
    public int compareTo(JobQueue other) {
        int byName = name.compareTo(other.name);
        return byName != 0 ? byName : client.place().compareTo(other.client.place());
    }

    /** For logs. */
    @Override
    public String toString() {
        return "queue " + name;
    }
}
