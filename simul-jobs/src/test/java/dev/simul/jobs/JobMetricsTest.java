package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.junit.jupiter.api.Test;

class JobMetricsTest {
    static final class Spans {
        private Spans() {}

        @SimulJob("tasks.span")
        static String span() {
            return Span.current().getSpanContext().getTraceId();
        }
    }

    private static void work(JobSettings settings) throws InterruptedException {
        Worker.on(settings)
                .functions(Sums.class, Spans.class)
                .burst(true)
                .build()
                .run();
    }

    @Test
    void micrometerCountsAndTimesWhatIsEnqueuedAndRun() throws Exception {
        var registry = new SimpleMeterRegistry();
        try (var redis = EmbeddedRedis.start()) {
            var settings = JobSettings.of(redis.url()).middleware(new MicrometerMetrics(registry));
            try (var jobs = JobClient.connect(settings)) {
                jobs.queue("default").enqueue(Sums::add, 1, 2);
                jobs.queue("default").enqueue(Sums::boom, "no luck");
            }
            work(settings);
        }
        var add =
                registry.get("simul.jobs.enqueued").tag("function", "tasks.add").tag("queue", "default");
        assertThat(add.counter().count()).isEqualTo(1);
        assertThat(registry.get("simul.jobs.finished")
                        .tag("function", "tasks.add")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("simul.jobs.failed")
                        .tag("function", "tasks.boom")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("simul.jobs.duration")
                        .tag("outcome", "failed")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("simul.jobs.wait")
                        .tag("function", "tasks.add")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("simul.jobs.running").gauge().value()).isZero();
    }

    @Test
    void openTelemetrySeesOneTraceFromWhoeverEnqueuesToTheFunction() throws Exception {
        var spans = InMemorySpanExporter.create();
        var telemetry = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        try (var redis = EmbeddedRedis.start()) {
            var settings = JobSettings.of(redis.url()).middleware(new OpenTelemetryTracing(telemetry));
            try (var jobs = JobClient.connect(settings)) {
                var job = jobs.queue("default").enqueue(Spans::span);
                assertThat(job.info().orElseThrow().meta()).containsKey("traceparent");
                jobs.queue("default").enqueue(Sums::boom, "no luck");
                work(settings);
                var all = spans.getFinishedSpanItems();
                var run = all.stream()
                        .filter(span -> span.getName().equals("process tasks.span"))
                        .findFirst()
                        .orElseThrow();
                var sent = all.stream()
                        .filter(span -> span.getSpanId().equals(run.getParentSpanId()))
                        .findFirst()
                        .orElseThrow();
                assertThat(sent.getKind()).isEqualTo(SpanKind.PRODUCER);
                assertThat(sent.getName()).isEqualTo("send default");
                assertThat(run.getKind()).isEqualTo(SpanKind.CONSUMER);
                assertThat(job.await()).isEqualTo(run.getTraceId()).isEqualTo(sent.getTraceId());
                var bad = all.stream()
                        .filter(span -> span.getName().equals("process tasks.boom"))
                        .findFirst()
                        .orElseThrow();
                assertThat(bad.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
                assertThat(bad.getEvents()).hasSize(1);
            }
        }
    }
}
