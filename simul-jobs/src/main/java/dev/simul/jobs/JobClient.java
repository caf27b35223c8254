package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.ResultWatcher;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the Redis that holds the queues, shared with Python's RQ.
 *
 * <p>Jobs enqueued through it can be awaited as long as it is open. Closing it leaves the jobs where they are.
 *
 * <p>Thread: any.
 */
public final class JobClient implements AutoCloseable {
    private final RedisLink redis;
    private @Nullable ResultWatcher watcher; // guarded by this
    private boolean closed; // guarded by this

    private JobClient(RedisLink redis) {
        this.redis = redis;
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
     * Connects to a deployment.
     *
     * @throws RedisUnavailableException if there is no Redis, or it does not let us in
     */
    public static JobClient connect(JobSettings deployment) {
        return new JobClient(RedisLink.connect(deployment));
    }

    /** The queue of that name; it need not exist yet. */
    public JobQueue queue(String name) {
        return new JobQueue(this, name, JobOptions.DEFAULTS);
    }

    /**
     * Finds a job by its id, whoever enqueued it.
     *
     * @param result what the function's JSON result is read as
     */
    public <T> Optional<Job<T>> job(String id, Class<T> result) {
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

    RedisLink redis() {
        return redis;
    }

    synchronized void watch(String jobId, ResultWatcher.Listener listener) {
        if (closed) {
            throw new IllegalStateException("job " + jobId + " cannot be awaited: its JobClient is closed");
        }
        var open = watcher;
        if (open == null) {
            watcher = open = new ResultWatcher(redis);
        }
        open.watch(jobId, listener);
    }

    /** Ends the connection; whoever still waits for a job gets {@link IllegalStateException}. */
    @Override
    public void close() {
        ResultWatcher open;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            open = watcher;
        }
        if (open != null) {
            open.close();
        }
        redis.close();
    }
}
