package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Keys;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.io.Serializable;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
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
 * <p>Thread: any. Every method that talks to Redis throws {@link RedisUnavailableException} if it cannot.
 */
public final class JobQueue {
    private final JobClient client;
    private final String name;
    private final JobOptions options;

    JobQueue(JobClient client, String name, JobOptions options) {
        requireName(name);
        this.client = client;
        this.name = name;
        this.options = options;
    }

    /** Refuses what would break the worker's entry in Redis, or would be taken for a helper key of another queue. */
    static void requireName(String name) {
        if (name.isEmpty() || name.contains(",") || name.endsWith(":intermediate")) {
            throw new IllegalArgumentException("a queue name must not be empty, contain a comma or end in"
                    + " ':intermediate', was '" + name + "'");
        }
    }

    private Keys keys() {
        return client.redis().keys();
    }

    /** The queue's name, as Python knows it. */
    public String name() {
        return name;
    }

    /** How many jobs wait in the queue now. */
    public long size() {
        return client.redis().await(client.redis().commands().llen(keys().queue(name)));
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

    /** This queue with other options: {@code queue.with(o -> o.timeout(ofMinutes(5)).atFront(true)).enqueue(…)}. */
    public JobQueue with(UnaryOperator<JobOptions> change) {
        return new JobQueue(client, name, change.apply(options));
    }

    /**
     * Enqueues a function by its name.
     *
     * @param function the name: for Python a dotted path such as {@code model.predict}
     * @param result what the function's JSON result is read as; {@code Void.class} for a function without one
     */
    public <T> Job<T> enqueue(String function, Class<T> result, @Nullable Object... arguments) {
        return enqueue(function, (Type) result, Arrays.asList(arguments));
    }

    /** Enqueues a {@link SimulJob} method. */
    public <R extends @Nullable Object> Job<R> enqueue(JobFunction.Of0<R> function) {
        return refer(function);
    }

    /** Enqueues a {@link SimulJob} method. */
    public <A extends @Nullable Object, R extends @Nullable Object> Job<R> enqueue(
            JobFunction.Of1<A, R> function, A a) {
        return refer(function, a);
    }

    /** Enqueues a {@link SimulJob} method. */
    public <A extends @Nullable Object, B extends @Nullable Object, R extends @Nullable Object> Job<R> enqueue(
            JobFunction.Of2<A, B, R> function, A a, B b) {
        return refer(function, a, b);
    }

    /** Enqueues a {@link SimulJob} method. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    R extends @Nullable Object>
            Job<R> enqueue(JobFunction.Of3<A, B, C, R> function, A a, B b, C c) {
        return refer(function, a, b, c);
    }

    /** Enqueues a {@link SimulJob} method. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object,
                    R extends @Nullable Object>
            Job<R> enqueue(JobFunction.Of4<A, B, C, D, R> function, A a, B b, C c, D d) {
        return refer(function, a, b, c, d);
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public Job<@Nullable Void> enqueue(JobAction.Of0 action) {
        return refer(action);
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <A extends @Nullable Object> Job<@Nullable Void> enqueue(JobAction.Of1<A> action, A a) {
        return refer(action, a);
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <A extends @Nullable Object, B extends @Nullable Object> Job<@Nullable Void> enqueue(
            JobAction.Of2<A, B> action, A a, B b) {
        return refer(action, a, b);
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <A extends @Nullable Object, B extends @Nullable Object, C extends @Nullable Object>
            Job<@Nullable Void> enqueue(JobAction.Of3<A, B, C> action, A a, B b, C c) {
        return refer(action, a, b, c);
    }

    /** Enqueues a {@link SimulJob} method without a result. */
    public <
                    A extends @Nullable Object,
                    B extends @Nullable Object,
                    C extends @Nullable Object,
                    D extends @Nullable Object>
            Job<@Nullable Void> enqueue(JobAction.Of4<A, B, C, D> action, A a, B b, C c, D d) {
        return refer(action, a, b, c, d);
    }

    private <R extends @Nullable Object> Job<R> refer(Serializable function, @Nullable Object... arguments) {
        var reference = FunctionReference.of(function);
        return enqueue(reference.name(), reference.resultType(), Arrays.asList(arguments));
    }

    private <R extends @Nullable Object> Job<R> enqueue(
            String function, Type result, List<? extends @Nullable Object> arguments) {
        var chosen = options.id();
        var id = chosen == null ? UUID.randomUUID().toString() : chosen;
        var keys = new ArrayList<>(List.of(keys().queues(), keys().queue(name)));
        keys.addAll(List.of(keys().job(id), keys().dependents(id), keys().dependencies(id)));
        var values = new Arguments()
                .add(id)
                .add(options.atFront() ? "LPUSH" : "RPUSH")
                .add(JobHash.lifetime(options));
        JobHash.write(values, name, function, arguments, options, Instant.now());
        client.redis().await(client.redis().<Long>run(Script.ENQUEUE, ScriptOutputType.INTEGER, keys, values));
        return new Job<>(client, id, name, function, result);
    }
}
