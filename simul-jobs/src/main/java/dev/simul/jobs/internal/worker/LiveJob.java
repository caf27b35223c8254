package dev.simul.jobs.internal.worker;

import dev.simul.jobs.CurrentJob;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobInfo;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Script;
import dev.simul.jobs.internal.redis.Serialized;
import dev.simul.jobs.internal.redis.UnreadableValueException;
import io.lettuce.core.ScriptOutputType;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The job of one execution, as its own code sees it. */
final class LiveJob implements CurrentJob {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final long BETWEEN_WRITES = Duration.ofMillis(200).toNanos();

    private final Supplier<RedisLink> redis;
    private final ReservedJob job;
    private final String worker;
    private final Supplier<JobClient> client;
    private volatile JobStatus status = JobStatus.STARTED;
    private @Nullable Map<String, @Nullable Object> meta; // guarded by this
    private CompletionStage<Long> sent = CompletableFuture.completedStage(0L); // guarded by this: the last write
    private boolean unwritten; // guarded by this: progress that no write has taken along yet
    private long lastWrite; // guarded by this: nano time of the last progress written, 0 for none

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
    public synchronized Map<String, @Nullable Object> meta() {
        var known = meta;
        if (known == null) {
            meta = known = read();
        }
        return known;
    }

    @Override
    public synchronized void refreshMeta() {
        meta = read();
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
    public synchronized boolean saveMeta() {
        unwritten = false;
        return redis.get().await(write()) == 1;
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
    public synchronized void progress(long done, long total) {
        if (total < 1 || done < 0 || done > total) {
            throw new IllegalArgumentException(
                    "progress needs 0 <= done <= total and a total of at least 1, was " + done + " of " + total);
        }
        try {
            meta().put("progress", Map.of("done", done, "total", total, "percent", Math.floorDiv(done * 100, total)));
            unwritten = true;
            long now = System.nanoTime();
            if (lastWrite == 0 || now - lastWrite >= BETWEEN_WRITES) {
                lastWrite = now;
                send();
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "no progress of job {0} is kept: {1}", job.id(), e.getMessage());
        }
    }

    /** Writes progress that waits for its turn; done when all that was sent is written. */
    synchronized CompletionStage<Long> flush() {
        if (unwritten) {
            send();
        }
        return sent;
    }

    private byte @Nullable [] hget(String field) {
        var link = redis.get();
        return link.await(link.commands().hget(link.keys().job(job.id()), field));
    }

    /** Not waited for: what is sent later over the same connection, such as the outcome, comes later. */
    private void send() {
        unwritten = false;
        sent = write().exceptionally(error -> {
            LOG.log(Level.WARNING, "no progress of job {0} is kept: {1}", job.id(), error.getMessage());
            return 0L;
        });
    }

    @Override
    public int retriesLeft() {
        var field = hget("retries_left");
        try {
            return field == null ? 0 : Math.max(0, Integer.parseInt(new String(field, StandardCharsets.UTF_8)));
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
