package dev.simul.jobs;

import dev.simul.Outcome;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Ending;
import dev.simul.jobs.internal.redis.Keys;
import dev.simul.jobs.internal.redis.ResultWatcher;
import dev.simul.jobs.internal.redis.Script;
import dev.simul.jobs.internal.redis.Serialized;
import io.lettuce.core.ScriptOutputType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A task that lives in Redis: any worker of its queue may run it, in Java or in Python.
 *
 * <p>Whoever waits for it learns of its end from Redis at once; nothing polls. A failed job throws
 * {@link JobFailedException} with the worker's traceback. A job whose result is gone (discarded by a result TTL of
 * zero, expired, deleted) throws {@link IllegalStateException}.
 *
 * <p>Thread: any. {@link #status()} and {@link #state()} ask Redis each time until the end is known.
 *
 * @param <T> the result
 */
public final class Job<T extends @Nullable Object> implements Task<T> {
    private final JobClient client;
    private final String id;
    private final String queue;
    private final String function;
    private final Type result;
    private final Promise<T> end;
    private final AtomicBoolean watched = new AtomicBoolean();

    Job(JobClient client, String id, String queue, String function, Type result) {
        this.client = client;
        this.id = id;
        this.queue = queue;
        this.function = function;
        this.result = result;
        this.end = Promise.outside(name());
        end.onCancel(_ -> takeBack()); // a coroutine that is cancelled while it awaits us cancels the promise
    }

    /** The id under which every RQ program finds it. */
    public String id() {
        return id;
    }

    /** The name of the queue it was put on. */
    public String queue() {
        return queue;
    }

    /** The function's name and the job's id. */
    @Override
    public String name() {
        return function + " " + id;
    }

    /** Where the job stands now, as Redis says. */
    public JobStatus status() {
        var field = client.redis().await(client.redis().commands().hget(keys().job(id), "status"));
        if (field != null) {
            return JobStatus.of(new String(field, StandardCharsets.UTF_8));
        }
        var exists = client.redis().await(client.redis().commands().exists(keys().job(id)));
        return exists == 0 ? JobStatus.GONE : JobStatus.CREATED;
    }

    /** The name of the worker that has begun the job, even if that worker is gone; empty before. */
    public Optional<String> worker() {
        var field = client.redis().await(client.redis().commands().hget(keys().job(id), "worker_name"));
        return field == null || field.length == 0
                ? Optional.empty()
                : Optional.of(new String(field, StandardCharsets.UTF_8));
    }

    @Override
    public State state() {
        return end.isDone() ? end.state() : status().state();
    }

    @Override
    public @Nullable Outcome<T> outcome() {
        return watchedEnd().outcome();
    }

    @Override
    public T await() throws Exception {
        return watchedEnd().await();
    }

    @Override
    public T join() {
        return watchedEnd().join();
    }

    /**
     * Takes the job back if no worker has begun it; it then stands in RQ's registry of canceled jobs.
     *
     * @return false if it was too late
     */
    @Override
    public boolean cancel(String reason) {
        return client.redis().await(takeBack()) == 1 && end.cancel(reason);
    }

    private Keys keys() {
        return client.redis().keys();
    }

    private CompletionStage<Long> takeBack() {
        var keys = List.of(keys().job(id), keys().queue(queue), keys().canceled(queue));
        var values = new Arguments().add(id).add(Instant.now().getEpochSecond());
        return client.redis().run(Script.CANCEL, ScriptOutputType.INTEGER, keys, values);
    }

    @Override
    public void onDone(Consumer<? super Task<T>> callback) {
        watchedEnd().onDone(new OnDone<>(this, callback));
    }

    @Override
    public int removeOnDone(Consumer<? super Task<T>> callback) {
        return end.removeOnDone(new OnDone<>(this, callback));
    }

    /** Shows the job to a callback, not the promise. */
    private record OnDone<T extends @Nullable Object>(Job<T> job, Consumer<? super Task<T>> callback)
            implements Consumer<Task<T>> {
        @Override
        public void accept(Task<T> end) {
            callback.accept(job);
        }
    }

    @Override
    public CompletableFuture<T> toCompletableFuture() {
        return watchedEnd().toCompletableFuture();
    }

    private Promise<T> watchedEnd() {
        if (!end.isDone() && watched.compareAndSet(false, true)) {
            client.watch(id, new ResultWatcher.Listener() {
                @Override
                public void ended(Ending ending) {
                    settle(ending);
                }

                @Override
                public void unreachable(RuntimeException error) {
                    end.fail(error);
                }
            });
        }
        return end;
    }

    private void settle(Ending ending) {
        switch (ending) {
            case Ending.Returned(var value) -> complete(value);
            case Ending.Raised(var traceback) -> end.fail(new JobFailedException(id, traceback));
            case Ending.Cancelled() -> end.cancel();
            case Ending.Lost(var reason) ->
                end.fail(new IllegalStateException("job " + id + " has no result: " + reason));
        }
    }

    @SuppressWarnings({"NullAway", "unchecked"}) // a function may return null whatever the caller's type says
    private void complete(byte @Nullable [] value) {
        try {
            end.complete(value == null || result == void.class ? null : (T) Serialized.read(value, result));
        } catch (RuntimeException e) {
            end.fail(new IllegalStateException(
                    "job " + id + " returned " + Serialized.showBytes(value) + ", which is no " + result.getTypeName()
                            + "; enqueue it with the class of its result",
                    e));
        }
    }
}
