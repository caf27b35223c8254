package dev.simul.jobs;

import dev.simul.Outcome;
import dev.simul.Promise;
import dev.simul.Task;
import dev.simul.jobs.internal.redis.Ending;
import dev.simul.jobs.internal.redis.Keys;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.ResultWatcher;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.seal.BrokenSealException;
import dev.simul.jobs.internal.seal.SealRing;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
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
        end.onCancel(
                _ -> takeBack(Dependents.KEEP)); // a coroutine that is cancelled while it awaits us cancels the promise
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

    /** Its id, function and queue; asks nobody. */
    @Override
    public String toString() {
        return "job " + id + " (" + function + " on queue " + queue + ")";
    }

    /** Where the job stands now, as Redis says. */
    public JobStatus status() {
        var inline = client.inline();
        if (inline != null) {
            return inline.status(id);
        }
        var field = client.redis().await(client.redis().commands().hget(keys().job(id), "status"));
        if (field != null) {
            return JobStatus.of(Reply.text(field));
        }
        var exists = client.redis().await(client.redis().commands().exists(keys().job(id)));
        return exists == 0 ? JobStatus.GONE : JobStatus.CREATED;
    }

    /** The name of the worker that has begun the job, even if that worker is gone; empty before. */
    public Optional<String> worker() {
        var field = client.redis().await(client.redis().commands().hget(keys().job(id), "worker_name"));
        return Optional.ofNullable(Reply.textIfAny(field));
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
        return awaitableEnd().await();
    }

    @Override
    public T join() {
        return awaitableEnd().join();
    }

    /** Everything that the job's hash says now; empty if the job is gone. */
    public Optional<JobInfo> info() {
        return client.info(id);
    }

    /** How its attempts ended, the newest first; RQ keeps about ten. */
    public List<JobResult> results() {
        return reader().results(id);
    }

    /** How its newest attempt ended; empty if none has, or its result is no longer kept. */
    public Optional<JobResult> latestResult() {
        return reader().latest(id);
    }

    /**
     * Waits until an attempt has ended, and says how the newest one did: at once if there is a result already.
     *
     * @param patience how long to wait at most
     * @return empty if none has ended in that time
     */
    public Optional<JobResult> latestResult(Duration patience) throws InterruptedException {
        return reader().latest(id, patience);
    }

    /** The attempts that are under way: none or one, unless a worker was given up that still goes on. */
    public List<ExecutionInfo> executions() {
        return reader().executions(id);
    }

    /** The values kept with the job, as they are now; empty if there are none or they are not in JSON. */
    public Map<String, @Nullable Object> meta() {
        var inline = client.inline();
        if (inline != null) {
            return inline.meta(id);
        }
        return info().map(JobInfo::meta).orElseGet(Map::of);
    }

    /**
     * Replaces the values kept with the job.
     *
     * @param meta must be expressible in the job's serializer
     * @throws IllegalArgumentException if it is not
     * @throws IllegalStateException if the job is gone
     */
    public void saveMeta(Map<String, ?> meta) {
        control().saveMeta(meta);
    }

    /** The ids of the jobs that wait for this one. */
    public List<String> dependents() {
        return client.redis().await(client.redis().commands().smembers(keys().dependents(id))).stream()
                .map(Reply::text)
                .sorted()
                .toList();
    }

    /**
     * Cancels the job: one that waits then stands in RQ's registry of canceled jobs; one that runs is stopped, and its end
     * is that of {@link #stop()}. Jobs that depend on it go on waiting.
     *
     * @return false if it was too late, or the job is cancelled already
     */
    @Override
    public boolean cancel(String reason) {
        return client.redis().await(takeBack(Dependents.KEEP).thenApply(accepted(reason)));
    }

    /**
     * Cancels the job as RQ's {@code cancel} does, whatever has become of it: one that waits is not run, one that runs is
     * stopped, one that has ended moves to the canceled ones.
     *
     * @param dependents what becomes of jobs that wait for this one
     * @throws IllegalStateException if it is cancelled already, or gone
     */
    public void cancel(Dependents dependents) {
        var before = client.redis().await(control().cancel(dependents, true));
        switch (before) {
            case GONE ->
                throw new IllegalStateException("job " + id + " cannot be cancelled: it expired or was deleted");
            case CANCELED -> throw new IllegalStateException("job " + id + " is cancelled already");
            case STARTED -> {} // its worker will tell
            default -> end.cancel("");
        }
    }

    /**
     * Asks the worker that runs the job to stop it. The job then ends as stopped, among the failed ones, and is not tried
     * again. A Java worker that is away hears of it when it is back; a Python worker that is, does not.
     *
     * @return whether the job runs; if not, nothing has happened
     */
    public boolean stop() {
        return control().stop("");
    }

    /**
     * Asks for the stop of one attempt, see {@link #executions}. Python's workers obey since RQ 3.0.
     *
     * @param executionId the attempt's id
     * @return whether that attempt is under way; if not, nothing has happened
     */
    public boolean stop(String executionId) {
        return control().stop(executionId);
    }

    /**
     * Puts the job at the end of its queue, to be run again. This object goes on telling an end that it has told; the next
     * one is told by {@link JobClient#job(String, Class)}.
     *
     * @throws IllegalStateException if it has neither ended nor been cancelled, or is gone
     */
    public void requeue() {
        requeue(false);
    }

    /**
     * Puts the job back on its queue, to be run again, see {@link #requeue()}. Its retries are not counted anew.
     *
     * @param atFront whether at the front
     * @throws IllegalStateException if it has neither ended nor been cancelled, or is gone
     */
    public void requeue(boolean atFront) {
        control()
                .requeue(
                        List.of(JobRegistry.Kind.FAILED, JobRegistry.Kind.CANCELED, JobRegistry.Kind.FINISHED),
                        atFront);
    }

    /**
     * Puts a job that waits for its time or for other jobs on its queue now, without waiting on. (RQ's {@code enqueue_job}
     * does so for a time only.)
     *
     * @throws IllegalStateException if it waits for neither, or is gone
     */
    public void enqueueNow() {
        control().requeue(List.of(JobRegistry.Kind.DEFERRED, JobRegistry.Kind.SCHEDULED), false);
    }

    /**
     * Deletes the job with its results, wherever it stands. Jobs that depend on it go on waiting. A worker that runs it finds
     * that it is not its own any more; what it returns is dropped.
     *
     * @return false if there was no such job
     */
    public boolean delete() {
        return delete(Dependents.KEEP);
    }

    /**
     * Deletes the job with its results, wherever it stands.
     *
     * @param dependents what becomes of jobs that wait for this one
     * @return false if there was no such job
     */
    public boolean delete(Dependents dependents) {
        return control().delete(dependents);
    }

    private JobReader reader() {
        return new JobReader(client.redis());
    }

    private JobControl control() {
        return new JobControl(client, id, queue);
    }

    private Function<JobStatus, Boolean> accepted(String reason) {
        return before -> switch (before) {
            case STARTED -> true; // asked to stop; the worker tells how it ended
            case FINISHED, FAILED, STOPPED, CANCELED, GONE -> false;
            default -> end.cancel(reason);
        };
    }

    private Keys keys() {
        return client.redis().keys();
    }

    private CompletionStage<JobStatus> takeBack(Dependents dependents) {
        return control().cancel(dependents, false);
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

    private Promise<T> awaitableEnd() {
        var inline = client.inline();
        if (inline != null) {
            inline.requireNotWaiting(id);
        }
        return watchedEnd();
    }

    private Promise<T> watchedEnd() {
        if (!end.isDone() && watched.compareAndSet(false, true)) {
            try {
                client.watch(id, new Watch());
            } catch (RuntimeException e) {
                watched.set(false); // or whoever asks next would wait for ever
                throw e;
            }
        }
        return end;
    }

    /** Hears from Redis how the job ends. */
    private final class Watch implements ResultWatcher.Listener {
        @Override
        public void ended(Ending ending) {
            settle(ending);
        }

        @Override
        public void unreachable(RuntimeException error) {
            end.fail(error);
        }
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

    /** Without the seal on the result of an encrypted job, if we have the key. */
    private byte[] opened(byte[] value) throws BrokenSealException {
        var ring = client.settings().ring();
        return ring != null
                        && Serialized.read(value, Object.class) instanceof String text
                        && SealRing.isEncryptedText(text)
                ? ring.decryptText(id, text)
                : value;
    }

    @SuppressWarnings({"NullAway", "unchecked"}) // a function may return null whatever the caller's type says
    private void complete(byte @Nullable [] value) {
        try {
            end.complete(value == null || result == void.class ? null : (T) Serialized.read(opened(value), result));
        } catch (BrokenSealException e) {
            end.fail(new IllegalStateException("job " + id + ": " + e.getMessage(), e));
        } catch (RuntimeException e) {
            end.fail(new IllegalStateException(
                    "job " + id + " returned " + Serialized.showBytes(value) + ", which is no " + result.getTypeName()
                            + "; enqueue it with the class of its result",
                    e));
        }
    }
}
