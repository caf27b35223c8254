package dev.simul.jobs;

import dev.simul.jobs.internal.worker.CallbackKind;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a job is to be treated; what is not said is decided by the worker, as in RQ.
 *
 * <p>Immutable: each method with an argument answers a changed copy, as in {@code queue.with(o -> o.timeout(ofMinutes(5))
 * .retry(Retry.of(3))).enqueue(…)}. Durations count whole seconds in Redis and are rounded up. {@link #FOREVER} means no
 * limit.
 */
public final class JobOptions implements Cloneable {
    /** No limit. */
    public static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    /** What RQ assumes: a timeout of 180 seconds and nothing else. */
    public static final JobOptions DEFAULTS = new JobOptions();

    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    // what Python can tell of a scheduled job
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})([dhmsDHMS]?)");

    // Assigned in change() only, to a copy that nobody else has seen.
    private @Nullable Duration timeout; // null: nothing was said
    private @Nullable Duration resultTtl;
    private @Nullable Duration failureTtl;
    private @Nullable Duration ttl;
    private @Nullable String description;
    private @Nullable String id;
    private boolean atFront;
    private Map<String, ?> meta = Map.of();
    private @Nullable Retry retry;
    private @Nullable Repeat repeat;
    private List<String> parents = List.of();
    private boolean allowFailure;
    private @Nullable Instant at;
    private @Nullable Duration in;
    private boolean unique;
    private @Nullable Duration uniqueFor;
    private boolean uniqueWhilePending;
    private @Nullable String uniqueKey;
    private OnDuplicate onDuplicate = OnDuplicate.REJECT;
    private @Nullable Callback onSuccess;
    private @Nullable Callback onFailure;
    private @Nullable Callback onStopped;
    private List<Webhook> webhooks = List.of();
    private @Nullable RateLimit rateLimit;
    private @Nullable RateLimit concurrencyLimit;
    private @Nullable String group;
    private Serializer serializer = Serializer.JSON;

    private JobOptions() {}

    private JobOptions change(Consumer<JobOptions> change) {
        try {
            var copy = (JobOptions) clone();
            change.accept(copy);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new AssertionError(e);
        }
    }

    /** How long the function may run, at least one second; 180 seconds if not said. */
    public JobOptions timeout(Duration timeout) {
        return change(o -> o.timeout = atLeast("timeout", 1, timeout));
    }

    /**
     * The same in RQ's words: seconds such as {@code "90"}, or {@code "90s"}, {@code "5m"}, {@code "2h"}, {@code "1d"};
     * {@code "-1"} for no limit.
     */
    public JobOptions timeout(String timeout) {
        return timeout(duration("timeout", timeout));
    }

    /** How long job and result are kept after success; the worker's default is 500 s, zero discards both. */
    public JobOptions resultTtl(Duration resultTtl) {
        return change(o -> o.resultTtl = atLeast("resultTtl", 0, resultTtl));
    }

    /** How long job and traceback are kept after failure; the worker's default is a year, zero discards both. */
    public JobOptions failureTtl(Duration failureTtl) {
        return change(o -> o.failureTtl = atLeast("failureTtl", 0, failureTtl));
    }

    /** How long the job may wait before it vanishes unrun; without limit if not said. */
    public JobOptions ttl(Duration ttl) {
        return change(o -> o.ttl = atLeast("ttl", 1, ttl));
    }

    /** A line for humans; the call itself if not said, or empty. */
    public JobOptions description(String description) {
        return change(o -> o.description = description);
    }

    /**
     * The job's id: letters, digits, {@code _} and {@code -}; a random UUID if not said. Enqueueing the id of a job that
     * still waits overwrites that job, as in RQ, unless it is to be {@link #unique()}.
     */
    public JobOptions id(String id) {
        return change(o -> o.id = Names.requireId(id));
    }

    /** Whether the job goes to the front of the queue; one that has to wait goes there when its time has come. */
    public JobOptions atFront(boolean atFront) {
        return change(o -> o.atFront = atFront);
    }

    /** Values to keep with the job; they must be expressible in the job's {@link #serializer(Serializer)}. */
    public JobOptions meta(Map<String, ?> meta) {
        return change(o -> o.meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta)));
    }

    /**
     * How arguments, meta and result are written; {@link Serializer#JSON} if not said. A Python worker reads only the one it
     * was told, which is {@link Serializer#PICKLE} if it was told nothing.
     */
    public JobOptions serializer(Serializer serializer) {
        return change(o -> o.serializer = serializer);
    }

    /** How often, and after which pauses, a job that failed is tried again; once and no more if not said. */
    public JobOptions retry(Retry retry) {
        return change(o -> o.retry = retry);
    }

    /** How often the job is run again after it has succeeded. */
    public JobOptions repeat(Repeat repeat) {
        return change(o -> o.repeat = repeat);
    }

    /** Further jobs that must have finished before this one may begin, on this or other queues, in Java or in Python. */
    public JobOptions after(Job<?>... parents) {
        return after(Arrays.stream(parents).map(Job::id).toList());
    }

    /** The same by id. A job that does not exist (any more) is not waited for. */
    public JobOptions after(String... parents) {
        return after(List.of(parents));
    }

    /** The same by id. */
    public JobOptions after(Collection<String> parents) {
        var all = new LinkedHashSet<>(this.parents);
        parents.forEach(parent -> all.add(Names.requireId(parent)));
        return change(o -> o.parents = List.copyOf(all));
    }

    /** Whether the job may also begin when one of those it waits for has failed. */
    public JobOptions allowFailure(boolean allowFailure) {
        return change(o -> o.allowFailure = allowFailure);
    }

    /** The moment at which the job is put on its queue; whole seconds, as in RQ, in the years 1 to 9999. */
    public JobOptions at(Instant at) {
        if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
            throw new InvalidSettingException("at", "must be between " + EARLIEST + " and " + LATEST, at);
        }
        return change(o -> {
            o.at = at;
            o.in = null;
        });
    }

    /** The same, counted from the moment of enqueueing. */
    public JobOptions in(Duration in) {
        if (in.isNegative() || in.toSeconds() > Integer.MAX_VALUE) {
            throw new InvalidSettingException("in", "must be between 0 s and " + Integer.MAX_VALUE + " s", in);
        }
        return change(o -> {
            o.in = in;
            o.at = null;
        });
    }

    /** Refuses the job if its {@link #id id} exists, whatever state that job is in; RQ's {@code unique=True}. */
    public JobOptions unique() {
        return unique(true);
    }

    /** Whether the job is refused if its {@link #id id} exists; RQ's {@code unique}. */
    public JobOptions unique(boolean unique) {
        return change(o -> o.unique = unique);
    }

    /**
     * For how long no other such job may be enqueued, whatever becomes of this one. "Such" is a job of the same queue with
     * the same id if there is one, else the same function and arguments; or the same {@link #uniqueKey}.
     */
    public JobOptions uniqueFor(Duration period) {
        if (period.equals(FOREVER)) {
            throw new InvalidSettingException(
                    "uniqueFor", "must be limited", period, "to refuse it for ever, make its id unique");
        }
        return lockedFor(atLeast("uniqueFor", 1, period));
    }

    /** The same for any period. */
    JobOptions lockedFor(Duration period) {
        return change(o -> o.uniqueFor = period);
    }

    /** As {@link #uniqueFor}, but as long as this job waits or runs. */
    public JobOptions uniqueWhilePending() {
        return change(o -> o.uniqueWhilePending = true);
    }

    /** What makes two jobs of a queue the same for {@link #uniqueFor} and {@link #uniqueWhilePending}. */
    public JobOptions uniqueKey(String key) {
        return change(o -> o.uniqueKey = Names.require("uniqueKey", key));
    }

    /** What happens to a job that may not be enqueued beside another one; it is rejected if not said. */
    public JobOptions onDuplicate(OnDuplicate onDuplicate) {
        return change(o -> o.onDuplicate = onDuplicate);
    }

    /** What the worker calls when the job has returned. */
    public JobOptions onSuccess(Callback callback) {
        return change(o -> o.onSuccess = callback.at(CallbackKind.SUCCESS));
    }

    /** What the worker calls when the job has failed. */
    public JobOptions onFailure(Callback callback) {
        return change(o -> o.onFailure = callback.at(CallbackKind.FAILURE));
    }

    /** What the worker calls when the job was stopped by a command. */
    public JobOptions onStopped(Callback callback) {
        return change(o -> o.onStopped = callback.at(CallbackKind.STOPPED));
    }

    /** One more HTTP request to make when the job has ended. */
    public JobOptions webhook(Webhook webhook) {
        var all = new ArrayList<>(webhooks);
        all.add(webhook);
        return change(o -> o.webhooks = List.copyOf(all));
    }

    /** One more HTTP GET to make when the job has finished. */
    public JobOptions webhook(URI url) {
        return webhook(Webhook.onFinished(url));
    }

    /** How many jobs of a key may be queued or run at a time. Only RQ 3.0 knows it: {@link JobSettings}. */
    public JobOptions rateLimit(RateLimit rateLimit) {
        return change(o -> o.rateLimit = rateLimit);
    }

    /**
     * How many jobs of a key may run at a time, over all queues and Java workers. One over the limit goes to the end of its
     * queue until it may run; Python workers do not know it.
     *
     * @param key what the jobs have in common, such as a customer
     * @param jobs how many at a time, at least 1; each job goes by its own number
     */
    public JobOptions concurrencyLimit(String key, int jobs) {
        try {
            return change(o -> o.concurrencyLimit = new RateLimit(key, jobs));
        } catch (InvalidSettingException e) {
            throw e.as(Map.of(
                    "a rate limit's key",
                    "a concurrencyLimit's key",
                    "a rate limit's concurrency",
                    "concurrencyLimit"));
        }
    }

    /** The name of the {@link JobGroup} to which the job belongs. */
    public JobOptions group(String name) {
        return change(o -> o.group = Names.require("group", name));
    }

    /** These options and, where they say nothing, what a function declares. */
    JobOptions orElse(JobOptions declared) {
        if (declared == DEFAULTS) {
            return this;
        }
        return change(o -> {
            o.timeout = timeout == null ? declared.timeout : timeout;
            o.ttl = ttl == null ? declared.ttl : ttl;
            o.resultTtl = resultTtl == null ? declared.resultTtl : resultTtl;
            o.failureTtl = failureTtl == null ? declared.failureTtl : failureTtl;
            o.description = description == null ? declared.description : description;
            o.retry = retry == null ? declared.retry : retry;
            o.onSuccess = onSuccess == null ? declared.onSuccess : onSuccess;
            o.onFailure = onFailure == null ? declared.onFailure : onFailure;
            o.onStopped = onStopped == null ? declared.onStopped : onStopped;
        });
    }

    /** See {@link #timeout(Duration)}. */
    public Duration timeout() {
        return timeout == null ? TIMEOUT : timeout;
    }

    /** See {@link #resultTtl(Duration)}. */
    public @Nullable Duration resultTtl() {
        return resultTtl;
    }

    /** See {@link #failureTtl(Duration)}. */
    public @Nullable Duration failureTtl() {
        return failureTtl;
    }

    /** See {@link #ttl(Duration)}. */
    public @Nullable Duration ttl() {
        return ttl;
    }

    /** See {@link #description(String)}. */
    public @Nullable String description() {
        return description;
    }

    /** See {@link #id(String)}. */
    public @Nullable String id() {
        return id;
    }

    /** See {@link #atFront(boolean)}. */
    public boolean atFront() {
        return atFront;
    }

    /** See {@link #serializer(Serializer)}. */
    public Serializer serializer() {
        return serializer;
    }

    /** See {@link #meta(Map)}. */
    public Map<String, ?> meta() {
        return meta;
    }

    /** See {@link #retry(Retry)}. */
    public @Nullable Retry retry() {
        return retry;
    }

    /** See {@link #repeat(Repeat)}. */
    public @Nullable Repeat repeat() {
        return repeat;
    }

    /** The ids given to {@link #after(Collection)}, in order. */
    public List<String> parents() {
        return parents;
    }

    /** See {@link #allowFailure(boolean)}. */
    public boolean allowFailure() {
        return allowFailure;
    }

    /** Whether {@link #at(Instant)} or {@link #in(Duration)} was said. */
    public boolean isDelayed() {
        return at != null || in != null;
    }

    /** When a job that is enqueued now is due, as {@link #at(Instant)} or {@link #in(Duration)} says; empty: at once. */
    public Optional<Instant> due(Instant now) {
        return in != null ? Optional.of(now.plus(in)) : Optional.ofNullable(at);
    }

    /** See {@link #unique()}. */
    public boolean isUnique() {
        return unique;
    }

    /** See {@link #uniqueFor(Duration)}. */
    public @Nullable Duration uniqueFor() {
        return uniqueFor;
    }

    /** See {@link #uniqueWhilePending()}. */
    public boolean isUniqueWhilePending() {
        return uniqueWhilePending;
    }

    /** See {@link #uniqueKey(String)}. */
    public @Nullable String uniqueKey() {
        return uniqueKey;
    }

    /** See {@link #onDuplicate(OnDuplicate)}. */
    public OnDuplicate onDuplicate() {
        return onDuplicate;
    }

    /** See {@link #onSuccess(Callback)}. */
    public @Nullable Callback onSuccess() {
        return onSuccess;
    }

    /** See {@link #onFailure(Callback)}. */
    public @Nullable Callback onFailure() {
        return onFailure;
    }

    /** See {@link #onStopped(Callback)}. */
    public @Nullable Callback onStopped() {
        return onStopped;
    }

    /** See {@link #webhook(Webhook)}. */
    public List<Webhook> webhooks() {
        return webhooks;
    }

    /** See {@link #rateLimit(RateLimit)}. */
    public @Nullable RateLimit rateLimit() {
        return rateLimit;
    }

    /** See {@link #concurrencyLimit(String, int)}. */
    public @Nullable RateLimit concurrencyLimit() {
        return concurrencyLimit;
    }

    /** See {@link #group(String)}. */
    public @Nullable String group() {
        return group;
    }

    static Duration atLeast(String name, long seconds, Duration value) {
        if (value.compareTo(Duration.ofSeconds(seconds)) < 0) {
            throw new InvalidSettingException(name, "must be at least " + seconds + " s or FOREVER", value);
        }
        if (!value.equals(FOREVER) && value.toSeconds() > Integer.MAX_VALUE) {
            throw new InvalidSettingException(name, "must be at most " + Integer.MAX_VALUE + " s or FOREVER", value);
        }
        return value;
    }

    /** A duration in RQ's words. */
    static Duration duration(String name, String text) {
        if (text.equals("-1")) {
            return FOREVER;
        }
        var read = DURATION.matcher(text);
        if (!read.matches()) {
            throw new IllegalArgumentException(
                    name + " '" + text + "' is not a duration; write seconds such as 90, or 90s, 5m, 2h, 1d");
        }
        long count = Long.parseLong(read.group(1));
        return switch (read.group(2)) {
            case "d", "D" -> Duration.ofDays(count);
            case "h", "H" -> Duration.ofHours(count);
            case "m", "M" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
    }
}
