package dev.simul.jobs;

import dev.simul.jobs.internal.redis.HexId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job that runs in the caller, as its own code sees it. */
final class InlineJob implements CurrentJob {
    private final JobClient client;
    private final String id;
    private final String queue;
    private Map<String, @Nullable Object> meta; // guarded by this, as all below
    private Map<String, @Nullable Object> saved;
    private String execution = "";
    private int retriesLeft;
    private JobStatus status = JobStatus.DEFERRED;

    InlineJob(JobClient client, String id, String queue, JobOptions options) {
        this.client = client;
        this.id = id;
        this.queue = queue;
        this.saved = new LinkedHashMap<>(options.meta());
        this.meta = new LinkedHashMap<>(saved);
        var retry = options.retry();
        this.retriesLeft = retry == null ? 0 : retry.max();
    }

    /** Whether there is another attempt; its pause is left out. */
    synchronized boolean tryAgain() {
        return retriesLeft-- > 0;
    }

    synchronized void ended(boolean well) {
        status = well ? JobStatus.FINISHED : JobStatus.FAILED;
    }

    synchronized Map<String, @Nullable Object> saved() {
        return new LinkedHashMap<>(saved);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String queue() {
        return queue;
    }

    @Override
    public String worker() {
        return "inline";
    }

    @Override
    public synchronized String executionId() {
        if (execution.isEmpty()) {
            execution = HexId.random();
            status = JobStatus.STARTED;
        }
        return execution;
    }

    @Override
    public synchronized JobStatus status() {
        return status;
    }

    @Override
    public synchronized Map<String, @Nullable Object> meta() {
        return meta;
    }

    @Override
    public synchronized void refreshMeta() {
        meta = new LinkedHashMap<>(saved);
    }

    @Override
    public synchronized boolean saveMeta() {
        saved = new LinkedHashMap<>(meta);
        return true;
    }

    @Override
    public synchronized void progress(long done, long total) {
        if (total < 1 || done < 0 || done > total) {
            throw new IllegalArgumentException(
                    "progress needs 0 <= done <= total and a total of at least 1, was " + done + " of " + total);
        }
        meta.put("progress", Map.of("done", done, "total", total, "percent", Math.floorDiv(done * 100, total)));
        saveMeta();
    }

    @Override
    public synchronized int retriesLeft() {
        return Math.max(0, retriesLeft);
    }

    @Override
    public Optional<JobInfo> info() {
        return client.info(id); // says that there is no Redis
    }

    @Override
    public JobClient client() {
        return client;
    }
}
