package dev.simul.jobs;

import dev.simul.jobs.internal.redis.RqJson;
import dev.simul.jobs.internal.redis.Serialized;
import java.time.Duration;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How fast a queue may be worked off, by all Java workers together.
 *
 * <p>{@code queue.limits(QueueLimits.concurrency(5).rate(100, Duration.ofMinutes(1)))}: jobs over the limit wait in
 * the queue, in their order. The limits stand in Redis and are checked in the step that takes a job, so no two
 * workers pass together; a Python worker does not know of them, but its running jobs count. A job that is tried again
 * counts once more.
 *
 * @param concurrency how many jobs of the queue may run at a time; 0 for no limit
 * @param rate how many may start in any stretch of time as long as {@code per}; 0 for no limit
 * @param per that stretch, 1 ms to 1 day; its value does not matter without a rate
 */
public record QueueLimits(int concurrency, int rate, Duration per) {
    /** No limits. */
    public static final QueueLimits NONE = new QueueLimits(0, 0, Duration.ofSeconds(1));

    /** Each start within {@code per} is kept in Redis. */
    private static final int MOST = 1_000_000;

    /** Checks the bounds. */
    public QueueLimits {
        if (concurrency < 0 || concurrency > MOST) {
            throw new InvalidSettingException(
                    "a queue's concurrency", "must be between 1 and " + MOST + ", or 0 for no limit", concurrency);
        }
        if (rate < 0 || rate > MOST) {
            throw new InvalidSettingException(
                    "a queue's rate", "must be between 1 and " + MOST + ", or 0 for no limit", rate);
        }
        if (per.toMillis() < 1 || per.compareTo(Duration.ofDays(1)) > 0) {
            throw new InvalidSettingException("the time of a rate", "must be between 1 ms and 1 day", per);
        }
    }

    /**
     * A limit to how many jobs run at a time.
     *
     * @param jobs at least 1
     */
    public static QueueLimits concurrency(int jobs) {
        return new QueueLimits(requirePositive("concurrency", jobs), 0, NONE.per);
    }

    /**
     * These limits with another one to how many jobs start in a time.
     *
     * @param jobs at least 1
     * @param time 1 ms to 1 day
     */
    public QueueLimits rate(int jobs, Duration time) {
        return new QueueLimits(concurrency, requirePositive("rate", jobs), time);
    }

    private static int requirePositive(String what, int jobs) {
        if (jobs < 1) {
            throw new InvalidSettingException("a queue's " + what, "must be at least 1", jobs);
        }
        return jobs;
    }

    /** As it stands in Redis, for {@code reserve.lua}. */
    byte[] json() {
        var fields = new LinkedHashMap<String, Object>();
        if (concurrency > 0) {
            fields.put("concurrency", concurrency);
        }
        if (rate > 0) {
            fields.put("rate", rate);
            fields.put("per_ms", per.toMillis());
        }
        return RqJson.write(fields);
    }

    private static long number(@Nullable Object value, long otherwise) {
        return value instanceof Number number ? number.longValue() : otherwise;
    }

    /** What stands in Redis, as far as it can be read; the workers read no more of it. */
    static QueueLimits of(byte[] json) {
        try {
            var fields = Serialized.readMap(json);
            return new QueueLimits(
                    (int) number(fields.get("concurrency"), 0),
                    (int) number(fields.get("rate"), 0),
                    Duration.ofMillis(number(fields.get("per_ms"), 1000)));
        } catch (RuntimeException e) {
            return NONE;
        }
    }
}
