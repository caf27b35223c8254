package dev.simul.jobs.internal.worker;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobInfo;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Script;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The job of one execution, as its own code sees it. */
final class LiveJob implements CurrentJob {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final long BETWEEN_WRITES = Duration.ofMillis(200).toNanos();
    private static final Duration BEFORE_THE_END = Duration.ofSeconds(2);

    private final Supplier<RedisLink> redis;
    private final ReservedJob job;
    private final String worker;
    private final Supplier<JobClient> client;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile JobStatus status = JobStatus.STARTED;
    private @Nullable Map<String, @Nullable Object> meta; // guarded by lock
    private long lastWrite; // guarded by lock: nano time of the last progress sent, 0 for none

    // written under the lock; read by the worker, who must not wait for it
    private volatile boolean unwritten; // progress that no write has taken along yet
    private volatile CompletableFuture<Long> sent = CompletableFuture.completedFuture(0L); // the last write

    LiveJob(Supplier<RedisLink> redis, ReservedJob job, String worker, Supplier<JobClient> client) {
        this.redis = redis;
        this.job = job;
        this.worker = worker;
        this.client = client;
    }

    @Override
    public String id() {
        return job.id();
    }

    @Override
    public String queue() {
        return job.queue();
    }

    @Override
    public String worker() {
        return worker;
    }

    @Override
    public String executionId() {
        return job.executionId();
    }

    @Override
    public JobStatus status() {
        return status;
    }

    void ended(JobStatus how) {
        status = how;
    }

    @Override
    public Map<String, @Nullable Object> meta() {
        lock.lock();
        try {
            var known = meta;
            if (known == null) {
                meta = known = read();
            }
            return known;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void refreshMeta() {
        lock.lock();
        try {
            meta = read();
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("unchecked") // in JSON names are text; so they are in what Python calls meta
    private Map<String, @Nullable Object> read() {
        var bytes = hget("meta");
        if (bytes == null || bytes.length == 0) {
            return new LinkedHashMap<>();
        }
        try {
            var read = (Map<String, @Nullable Object>) Serialized.read(bytes, LinkedHashMap.class);
            return read == null ? new LinkedHashMap<>() : new LinkedHashMap<>(read);
        } catch (UnreadableValueException e) {
            throw new IllegalStateException("the meta of job " + job.id() + " is " + e.getMessage(), e);
        }
    }

    @Override
    public boolean saveMeta() {
        lock.lock();
        try {
            var written = write();
            unwritten = false;
            return redis.get().await(written) == 1;
        } catch (UnreadableValueException e) {
            throw new IllegalArgumentException(
                    "the meta of job " + job.id() + " cannot be kept: it holds " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private CompletionStage<Long> write() {
        var link = redis.get();
        var keys = List.of(link.keys().started(job.queue()), link.keys().job(job.id()));
        var values = new Arguments()
                .add(job.id() + ":" + job.executionId())
                .add(Serialized.write(job.payload().serializer(), meta()));
        return link.run(Script.META, ScriptOutputType.INTEGER, keys, values);
    }

    @Override
    public void progress(long done, long total) {
        if (total < 1 || done < 0 || done > total) {
            throw new IllegalArgumentException(
                    "progress needs 0 <= done <= total and a total of at least 1, was " + done + " of " + total);
        }
        lock.lock();
        try {
            meta().put("progress", Map.of("done", done, "total", total, "percent", (long) (100.0 * done / total)));
            unwritten = true;
            long now = System.nanoTime();
            if (lastWrite == 0 || now - lastWrite >= BETWEEN_WRITES) {
                lastWrite = now;
                send();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no progress of job {0} is kept: {1}", job.id(), e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    /** Whether no progress waits for its turn or for Redis. */
    boolean isSettled() {
        return !unwritten && sent.isDone();
    }

    /** Writes progress that waits for its turn, before the job's end is written, but does not wait for Redis for long. */
    void settle() {
        if (lock.tryLock()) { // else the job's code is stuck in there
            try {
                if (unwritten) {
                    send();
                }
            } finally {
                lock.unlock();
            }
        }
        try {
            sent.get(BEFORE_THE_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "the last progress of job {0} is not kept: {1}", job.id(), e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private byte @Nullable [] hget(String field) {
        var link = redis.get();
        return link.await(link.commands().hget(link.keys().job(job.id()), field));
    }

    private void send() {
        unwritten = false;
        try {
            sent = write().toCompletableFuture();
        } catch (RuntimeException e) { // a meta that cannot be expressed
            sent = CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public int retriesLeft() {
        var field = hget("retries_left");
        try {
            return field == null ? 0 : Math.max(0, Integer.parseInt(Reply.text(field)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    @Override
    public Optional<JobInfo> info() {
        return client().info(id());
    }

    @Override
    public JobClient client() {
        return client.get();
    }

    @Override
    public String toString() {
        return "job " + job.id() + " of queue " + job.queue();
    }
}
