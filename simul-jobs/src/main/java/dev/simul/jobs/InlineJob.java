package dev.simul.jobs;

import dev.simul.jobs.internal.redis.HexId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job that runs in the caller, as its own code sees it. */
final class InlineJob implements CurrentJob {
    private final JobClient client;
    private final String queue;
    private final NewJob job;
    private final boolean rq3;
    private Map<String, @Nullable Object> meta; // guarded by this, as all below
    private Map<String, @Nullable Object> saved;
    private String execution = "";
    private int retriesLeft;
    private int retries; // those that its function has asked for
    private int repeatsLeft;
    private Instant waitsSince;
    private @Nullable Instant due;
    private JobStatus status = JobStatus.QUEUED;

    InlineJob(JobClient client, String queue, NewJob job, Instant now) {
        this.client = client;
        this.queue = queue;
        this.job = job;
        this.rq3 = client.settings().isRq3();
        this.waitsSince = now;
        this.saved = new LinkedHashMap<>(job.options().meta());
        this.meta = new LinkedHashMap<>(saved);
        var retry = job.options().retry();
        this.retriesLeft = retry == null ? 0 : retry.max();
        var repeat = job.options().repeat();
        this.repeatsLeft = repeat == null ? 0 : repeat.times();
    }

    NewJob job() {
        return job;
    }

    JobOptions options() {
        return job.options();
    }

    /** Whether a job that waits has waited for longer than its life. */
    synchronized boolean isExpired(Instant now) {
        long lifetime = JobHash.lifetime(options());
        return lifetime > 0 && !now.isBefore(waitsSince.plusSeconds(lifetime));
    }

    synchronized void begins() {
        execution = HexId.random();
        status = JobStatus.STARTED;
    }

    synchronized void becomes(JobStatus status) {
        this.status = status;
    }

    /** It waits once more, for its turn or for its time. */
    synchronized void waits(Instant now, @Nullable Instant due) {
        this.waitsSince = now;
        this.due = due;
        this.status = due == null ? JobStatus.QUEUED : JobStatus.SCHEDULED;
    }

    /** When it is to run; empty if it waits for no time. */
    synchronized Optional<Instant> due() {
        return status == JobStatus.SCHEDULED ? Optional.ofNullable(due) : Optional.empty();
    }

    /** The pause before another attempt, by RQ's rule; empty if there is none. */
    synchronized Optional<Duration> tryAgain() {
        var retry = options().retry();
        if (retry == null || retriesLeft == 0) {
            return Optional.empty();
        }
        var pauses = retry.intervals();
        return Optional.of(pauses.get(Math.max(pauses.size() - retriesLeft--, 0)));
    }

    /** The same if its function has asked for it. */
    synchronized Optional<Duration> tryAgain(Retry asked) {
        if (retries >= asked.max()) {
            return Optional.empty();
        }
        var pauses = asked.intervals();
        return Optional.of(pauses.get(Math.min(retries++, pauses.size() - 1)));
    }

    /** The pause before another run after a success, by the rule of the deployment's RQ; empty if there is none. */
    synchronized Optional<Duration> repeat() {
        var repeat = options().repeat();
        if (repeat == null || repeatsLeft == 0) {
            return Optional.empty();
        }
        List<Duration> pauses = repeat.intervals();
        int place = rq3 ? repeat.times() - repeatsLeft : repeatsLeft - 1;
        repeatsLeft--;
        return Optional.of(pauses.get(Math.min(place, pauses.size() - 1)));
    }

    synchronized Map<String, @Nullable Object> saved() {
        return new LinkedHashMap<>(saved);
    }

    @Override
    public String id() {
        return job.id();
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
        return retriesLeft;
    }

    @Override
    public Optional<JobInfo> info() {
        return client.info(id()); // says that there is no Redis
    }

    @Override
    public JobClient client() {
        return client;
    }
}
