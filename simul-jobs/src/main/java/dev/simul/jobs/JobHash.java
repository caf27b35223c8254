package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.RqJson;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Zlib;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a job that is being enqueued, in RQ's names, encodings and order.
 *
 * <p>Every reader from RQ 2.8 to 3.0 accepts this form. An encoding that differs in one character (nine digits in a
 * time, {@code 180.0} for a number) ends every Python worker that meets it.
 */
final class JobHash {
    private static final int LONGEST_ARGUMENT_CHARACTERS = 75;

    private JobHash() {}

    static void write(
            Arguments out,
            String queue,
            String function,
            List<? extends @Nullable Object> arguments,
            JobOptions options,
            Instant now) {
        var call = new ArrayList<@Nullable Object>();
        call.add(function);
        call.add(null);
        call.add(arguments);
        call.add(Map.of());
        out.add("created_at").add(RqTime.iso(now));
        out.add("data").add(Zlib.deflate(RqJson.write(call)));
        for (var unset : List.of(
                "success_callback_name",
                "failure_callback_name",
                "stopped_callback_name",
                "started_at",
                "ended_at",
                "last_heartbeat",
                "worker_name",
                "group_id")) {
            out.add(unset).add("");
        }
        out.add("origin").add(queue);
        var description = options.description();
        out.add("description").add(description == null ? describe(function, arguments) : description);
        out.add("enqueued_at").add(RqTime.iso(now));
        out.add("timeout").add(seconds(options.timeout()));
        addIfSet(out, "result_ttl", options.resultTtl());
        addIfSet(out, "failure_ttl", options.failureTtl());
        out.add("status").add("queued");
        if (!options.meta().isEmpty()) {
            out.add("meta").add(RqJson.write(options.meta()));
        }
        if (lifetime(options) > 0) {
            out.add("ttl").add(lifetime(options));
        }
    }

    private static void addIfSet(Arguments out, String field, @Nullable Duration value) {
        if (value != null) {
            out.add(field).add(seconds(value));
        }
    }

    /** Seconds until a waiting job vanishes; 0 for never. */
    static long lifetime(JobOptions options) {
        var ttl = options.ttl();
        return ttl == null || ttl.equals(JobOptions.FOREVER) ? 0 : seconds(ttl);
    }

    private static long seconds(Duration duration) {
        return duration.equals(JobOptions.FOREVER)
                ? -1
                : duration.plusNanos(999_999_999).toSeconds();
    }

    /** The call as Python would show it: {@code tasks.add(2, 'three')}. */
    private static String describe(String function, List<? extends @Nullable Object> arguments) {
        return arguments.stream().map(JobHash::show).collect(Collectors.joining(", ", function + "(", ")"));
    }

    private static String show(@Nullable Object argument) {
        var shown = switch (argument) {
            case null -> "None";
            case Boolean b -> b ? "True" : "False";
            case CharSequence text -> "'" + text + "'";
            default -> RqJson.text(argument);
        };
        return shown.length() <= LONGEST_ARGUMENT_CHARACTERS
                ? shown
                : shown.substring(0, LONGEST_ARGUMENT_CHARACTERS) + "...";
    }
}
