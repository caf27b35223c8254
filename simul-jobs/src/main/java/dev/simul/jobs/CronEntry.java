package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RqJson;
import dev.simul.jobs.internal.redis.RqTime;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A cron job with the times at which it was and will be enqueued.
 *
 * <p>Thread: its scheduler's.
 */
final class CronEntry {
    /**
     * How long a time stays taken after the next one has come: longer than any two schedulers' clocks are apart, and than an
     * outage that one of them sits out. Until that one has come it is taken in any case, for a scheduler that dies may not
     * have noted it, and another one would make up for it.
     */
    private static final Duration TICK_IS_TAKEN = Duration.ofDays(1);

    private final CronJob job;
    private final ZoneId zone;
    private @Nullable Instant latest;
    private Instant next;
    private boolean first = true;

    CronEntry(CronJob job, ZoneId zone, Instant now) {
        this.job = job;
        var own = job.timeZone();
        this.zone = own == null ? zone : own;
        this.next = job.cron() == null ? now : job.cron().next(now, this.zone);
    }

    CronJob job() {
        return job;
    }

    Instant next() {
        return next;
    }

    boolean isDue(Instant now) {
        return !next.isAfter(now);
    }

    /** Puts the next time to one that was missed since the job was enqueued last, if there is one. */
    void catchUp(Instant enqueuedLast, Instant now) {
        var cron = job.cron();
        if (cron != null && job.catchesUp()) {
            var missed = cron.next(enqueuedLast, zone);
            if (!missed.isAfter(now)) {
                next = missed;
            }
        }
    }

    /** What lets only one of several schedulers enqueue the job now. */
    UnaryOperator<JobOptions> onceAtThisTime(String id) {
        var key = "cron " + identity();
        var cron = job.cron();
        if (cron != null) {
            var untilNext = Duration.between(next, cron.next(next, zone));
            return o -> o.id(id)
                    .uniqueKey(key + " " + next.getEpochSecond())
                    .uniqueFor(untilNext.plus(TICK_IS_TAKEN))
                    .onDuplicate(OnDuplicate.RETURN_EXISTING);
        }
        var interval = Objects.requireNonNull(job.interval());
        return o -> o.id(id)
                .uniqueKey(key)
                .lockedFor(interval.multipliedBy(9).dividedBy(10)) // or the next time would find itself taken
                .onDuplicate(OnDuplicate.RETURN_EXISTING);
    }

    /** The same in every process with the same configuration; names need not be unique. */
    private String identity() {
        var whole = job + " " + zone;
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** Goes on to the next time; the job was enqueued now, by us or by another scheduler. */
    void enqueued(Instant now) {
        latest = now;
        first = false;
        var cron = job.cron();
        next = cron == null ? now.plus(Objects.requireNonNull(job.interval())) : cron.next(now, zone);
    }

    /**
     * As RQ's own cron shows a job.
     *
     * @param hidden whether its arguments are nobody's business
     */
    Map<String, @Nullable Object> shown(boolean hidden) {
        var request = job.request();
        var options = request.options(JobOptions.DEFAULTS);
        var interval = job.interval();
        var cron = job.cron();
        var shown = new LinkedHashMap<String, @Nullable Object>();
        shown.put("func_name", request.function());
        shown.put("name", job.name());
        shown.put("queue_name", job.queue());
        shown.put("args", hidden || request.arguments().isEmpty() ? null : RqJson.shown(request.arguments()));
        shown.put("kwargs", hidden || request.named().isEmpty() ? null : RqJson.shown(request.named()));
        shown.put("interval", interval == null ? null : interval.toSeconds());
        shown.put("cron", cron == null ? null : cron.toString());
        shown.put("latest_enqueue_time", latest == null ? null : RqTime.iso(latest));
        shown.put("next_enqueue_time", cron == null && first ? null : RqTime.iso(next));
        shown.put("job_timeout", JobHash.seconds(options.timeout()));
        putSeconds(shown, "result_ttl", options.resultTtl());
        putSeconds(shown, "ttl", options.ttl());
        putSeconds(shown, "failure_ttl", options.failureTtl());
        if (!options.meta().isEmpty()) {
            shown.put("meta", RqJson.shown(options.meta()));
        }
        if (!options.webhooks().isEmpty()) {
            shown.put("webhooks", JobHash.webhooks(options.webhooks()));
        }
        return shown;
    }

    private static void putSeconds(Map<String, @Nullable Object> shown, String field, @Nullable Duration value) {
        if (value != null) {
            shown.put(field, JobHash.seconds(value));
        }
    }
}
