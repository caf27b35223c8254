package dev.simul.jobs.internal.worker;

import java.nio.charset.StandardCharsets;
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
        var repeats = text(values.get(3));
        return new JobExtras(
                text(values.get(0)),
                text(values.get(1)),
                text(values.get(2)),
                repeats != null && !repeats.equals("0"),
                text(values.get(4)),
                text(values.get(5)),
                text(values.get(6)),
                text(values.get(7)),
                text(values.get(8)));
    }

    private static @Nullable String text(@Nullable Object bytes) {
        return bytes == null || ((byte[]) bytes).length == 0
                ? null
                : new String((byte[]) bytes, StandardCharsets.UTF_8);
    }

    /** What the scripts need to know at the end: 1 or 0 for repeats, then the key of the rate limit; empty if plain. */
    String forScripts() {
        if (!repeats && rateLimitKey == null) {
            return "";
        }
        return (repeats ? "1" : "0") + (rateLimitKey == null ? "" : rateLimitKey);
    }
}
