package dev.simul.jobs;

import dev.simul.TaskLocal;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a distributed trace, in the words of W3C Trace Context.
 *
 * <p>{@link #middleware()} carries it in a job's meta, under {@code traceparent} and {@code tracestate}, from whoever
 * enqueues to the function that runs, in Java and in every Python program that reads {@code job.meta}. No tracing library
 * is needed; for OpenTelemetry see {@link OpenTelemetryTracing}.
 *
 * @param traceparent {@code 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01}
 * @param tracestate what the tracing systems on the way have added; empty for nothing
 * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>
 */
public record TraceContext(String traceparent, String tracestate) {
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final int LONGEST_STATE = 512;
    private static final TaskLocal<@Nullable TraceContext> CURRENT = TaskLocal.of("trace context", null);

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code traceparent} is not of W3C's form
     */
    public TraceContext {
        if (!TRACEPARENT.matcher(traceparent).matches()) {
            throw new IllegalArgumentException(
                    "traceparent must be VERSION-TRACE-PARENT-FLAGS in lower-case hexadecimal digits (2, 32, 16 and 2), was '"
                            + traceparent + "'");
        }
    }

    /** The first place of a new trace, sampled. */
    public static TraceContext begin() {
        return of(digits() + digits(), "01", "");
    }

    private static TraceContext of(String trace, String flags, String state) {
        return new TraceContext("00-" + trace + "-" + digits() + "-" + flags, state);
    }

    private static String digits() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
    }

    /** Another place of the same trace. */
    public TraceContext next() {
        return of(traceId(), traceparent.substring(53, 55), tracestate);
    }

    /** The 32 digits that all places of a trace have in common. */
    public String traceId() {
        return traceparent.substring(3, 35);
    }

    /** The 16 digits of this place. */
    public String parentId() {
        return traceparent.substring(36, 52);
    }

    /** The one in whose scope the caller is: in a job, the place that was carried there. */
    public static Optional<TraceContext> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    /**
     * Calls the body, for which {@link #current} is this one.
     *
     * @throws Exception what the body throws
     */
    public <T extends @Nullable Object> T within(Callable<? extends T> body) throws Exception {
        return CURRENT.where(this, body);
    }

    /** What a job's meta says; empty if it says nothing, or nothing of W3C's form. */
    public static Optional<TraceContext> of(Map<String, ?> meta) {
        if (meta.get("traceparent") instanceof String parent
                && TRACEPARENT.matcher(parent).matches()) {
            var state = meta.get("tracestate") instanceof String text && text.length() <= LONGEST_STATE ? text : "";
            return Optional.of(new TraceContext(parent, state));
        }
        return Optional.empty();
    }

    /** These options with this place in the job's meta, unless there is one already. */
    public JobOptions into(JobOptions options) {
        if (options.meta().containsKey("traceparent")) {
            return options;
        }
        var meta = new LinkedHashMap<String, @Nullable Object>(options.meta());
        meta.put("traceparent", traceparent);
        if (!tracestate.isEmpty()) {
            meta.put("tracestate", tracestate);
        }
        return options.meta(meta);
    }

    /** What carries the current place to each job, and makes it the current one there. */
    public static JobMiddleware middleware() {
        return new JobMiddleware() {
            @Override
            public void enqueue(Enqueue enqueue) {
                current().ifPresent(here -> enqueue.change(here.next()::into));
                enqueue.proceed();
            }

            @Override
            public void run(Run run) throws Exception {
                var sent = of(run.job().meta());
                if (sent.isEmpty()) {
                    run.proceed();
                    return;
                }
                sent.get().within(() -> {
                    run.proceed();
                    return null;
                });
            }
        };
    }
}
