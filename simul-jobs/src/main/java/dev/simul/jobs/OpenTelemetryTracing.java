package dev.simul.jobs;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of every enqueue and of every run, in one trace: {@code settings.middleware(new
 * OpenTelemetryTracing(openTelemetry))}.
 *
 * <p>The context travels in the job's meta as the configured propagators write it; with the usual one these are W3C's
 * {@code traceparent} and {@code tracestate}, which a Python program reads from {@code job.meta}. Attributes follow the
 * semantic conventions for messaging. Needs {@code io.opentelemetry:opentelemetry-api}, which is not brought along.
 *
 * <p>Thread: any.
 */
public final class OpenTelemetryTracing implements JobMiddleware {
    private static final TextMapGetter<Map<String, @Nullable Object>> META = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, @Nullable Object> meta) {
            return meta.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, @Nullable Object> meta, String key) {
            return meta != null && meta.get(key) instanceof String text ? text : null;
        }
    };

    private final Tracer tracer;
    private final TextMapPropagator propagator;

    /** Traces with a configured OpenTelemetry. */
    @SuppressWarnings("exports") // whoever calls this has the library
    public OpenTelemetryTracing(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("dev.simul.jobs");
        this.propagator = openTelemetry.getPropagators().getTextMapPropagator();
    }

    @Override
    public void enqueue(Enqueue enqueue) {
        var requests = enqueue.requests();
        var span = describe("send " + enqueue.queue(), SpanKind.PRODUCER, enqueue.queue(), "send")
                .setAttribute("messaging.batch.message_count", (long) requests.size())
                .startSpan();
        try (var _ = span.makeCurrent()) {
            var carried = new HashMap<String, String>();
            propagator.inject(Context.current(), carried, (map, key, value) -> {
                if (map != null) {
                    map.put(key, value);
                }
            });
            enqueue.change(o -> {
                var meta = new LinkedHashMap<String, @Nullable Object>(o.meta());
                carried.forEach(meta::putIfAbsent);
                return o.meta(meta);
            });
            enqueue.proceed();
            if (enqueue.ids().size() == 1) {
                span.setAttribute("messaging.message.id", enqueue.ids().getFirst());
            }
        } catch (RuntimeException e) {
            fail(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    @Override
    public void run(Run run) throws Exception {
        var job = run.job();
        var parent = propagator.extract(Context.current(), job.meta(), META);
        var span = describe("process " + run.function(), SpanKind.CONSUMER, job.queue(), "process")
                .setParent(parent)
                .setAttribute("messaging.message.id", job.id())
                .setAttribute("messaging.consumer.group.name", job.worker())
                .setAttribute("code.function.name", run.function())
                .startSpan();
        try (var _ = span.makeCurrent()) {
            run.proceed();
        } catch (Exception | Error e) {
            fail(span, e);
            throw e;
        } finally {
            span.end();
        }
    }

    private SpanBuilder describe(String name, SpanKind kind, String queue, String operation) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setAttribute("messaging.system", "rq")
                .setAttribute("messaging.destination.name", queue)
                .setAttribute("messaging.operation.type", operation);
    }

    private static void fail(Span span, Throwable error) {
        span.recordException(error);
        span.setStatus(StatusCode.ERROR, String.valueOf(error.getMessage()));
    }
}
