package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What only some jobs ask for, as it stands in the job's hash; null for what a job does not ask for.
 *
 * @param webhooks JSON, unread
 * @param repeats whether the job is to be run again after it has succeeded
 * @param rateLimitKey the limit whose slot the job holds while it runs
 * @param signature what stands beside signed data
 */
record JobExtras(
        @Nullable String successCallback,
        @Nullable String failureCallback,
        @Nullable String webhooks,
        boolean repeats,
        @Nullable String rateLimitKey,
        @Nullable String successTimeout,
        @Nullable String failureTimeout,
        @Nullable String enqueuedAt,
        @Nullable String signature) {

    /** The plain job. */
    static final JobExtras NONE = new JobExtras(null, null, null, false, null, null, null, null, null);

    /** What {@code reserve.lua} answers after a job's limits. */
    static JobExtras of(List<?> values) {
        var repeats = Reply.textIfAny(values.get(3));
        return new JobExtras(
                Reply.textIfAny(values.get(0)),
                Reply.textIfAny(values.get(1)),
                Reply.textIfAny(values.get(2)),
                repeats != null && !repeats.equals("0"),
                Reply.textIfAny(values.get(4)),
                Reply.textIfAny(values.get(5)),
                Reply.textIfAny(values.get(6)),
                Reply.textIfAny(values.get(7)),
                Reply.textIfAny(values.get(8)));
    }

    /** What the scripts need to know at the end: 1 or 0 for repeats, then the key of the rate limit; empty if plain. */
    String forScripts() {
        if (!repeats && rateLimitKey == null) {
            return "";
        }
        return (repeats ? "1" : "0") + (rateLimitKey == null ? "" : rateLimitKey);
    }
}
