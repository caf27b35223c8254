package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobMiddlewareTest extends OnRedis {
    private static final List<String> SEEN = new CopyOnWriteArrayList<>();

    @BeforeEach
    void prepareTest() {
        SEEN.clear();
    }

    /** Says what it sees. */
    private record Spy(String name) implements JobMiddleware {
        @Override
        public void enqueue(Enqueue enqueue) {
            SEEN.add(name + " before " + enqueue.requests().size() + " for " + enqueue.queue());
            enqueue.proceed();
            SEEN.add(name + " after " + enqueue.ids().size());
        }

        @Override
        public void run(Run run) throws Exception {
            SEEN.add(name + " before " + run.function());
            try {
                run.proceed();
            } finally {
                SEEN.add(name + " after");
            }
        }
    }

    private static JobSettings settings(JobMiddleware... middleware) {
        return JobSettings.of(redis.url()).middleware(middleware);
    }

    private static void work(JobSettings settings, Isolation isolation) throws InterruptedException {
        Worker.on(settings)
                .functions(Sums.class, TraceJobs.class)
                .isolation(isolation)
                .burst(true)
                .build()
                .run();
    }

    @ParameterizedTest
    @EnumSource(Isolation.class)
    void theFirstIsTheOutermostWhereverTheFunctionRuns(Isolation isolation) throws Exception {
        var settings = settings(new Spy("outer")).middleware(new Spy("inner"));
        try (var jobs = JobClient.connect(settings)) {
            var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
            assertThat(SEEN)
                    .containsExactly(
                            "outer before 1 for default",
                            "inner before 1 for default",
                            "inner after 1",
                            "outer after 1");
            SEEN.clear();
            work(settings, isolation);
            assertThat(SEEN)
                    .containsExactly("outer before tasks.add", "inner before tasks.add", "inner after", "outer after");
            assertThat(job.await()).isEqualTo(5);
        }
    }

    @Test
    void manyJobsAreOneCallAndTheirOptionsCanBeChanged() throws Exception {
        var tagging = new JobMiddleware() {
            @Override
            public void enqueue(Enqueue enqueue) {
                enqueue.change(o -> o.meta(Map.of("tenant", "acme")));
                enqueue.proceed();
                SEEN.addAll(enqueue.ids());
            }
        };
        try (var jobs = JobClient.connect(settings(tagging))) {
            var many = jobs.queue("default").enqueueMany(Sums::echo, List.of("a", "b"));
            assertThat(SEEN)
                    .containsExactlyElementsOf(many.stream().map(Job::id).toList());
            assertThat(many.getLast().info().orElseThrow().meta()).isEqualTo(Map.of("tenant", "acme"));
        }
    }

    @Test
    void whatItThrowsKeepsTheJobAwayOrMakesItFail() throws Exception {
        var strict = new JobMiddleware() {
            @Override
            public void enqueue(Enqueue enqueue) {
                throw new SecurityException("not on " + enqueue.queue());
            }

            @Override
            public void run(Run run) {
                throw new SecurityException(
                        "not " + run.function() + " after " + run.waited().isPresent());
            }
        };
        try (var strictly = JobClient.connect(settings(strict));
                var jobs = JobClient.connect(redis.url())) {
            assertThatThrownBy(() -> strictly.queue("default").enqueue(Sums::add, 1, 2))
                    .isInstanceOf(SecurityException.class)
                    .hasMessage("not on default");
            assertThat(jobs.queue("default").size()).isZero();
            var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
            work(settings(strict), Isolation.THREAD);
            assertThatThrownBy(job::await).hasMessageContaining("SecurityException: not tasks.add after true");
        }
    }

    @Test
    void itSeesWhatTheFunctionThrowsAndOneThatForgetsToProceedIsNamed() throws Exception {
        var errors = new ArrayList<@Nullable Exception>();
        var seeing = new JobMiddleware() {
            @Override
            public void run(Run run) throws Exception {
                try {
                    run.proceed();
                } catch (Exception e) {
                    errors.add(e);
                    throw e;
                }
            }
        };
        var forgetful = new JobMiddleware() {
            @Override
            public void enqueue(Enqueue enqueue) {}

            @Override
            public void run(Run run) {}
        };
        try (var jobs = JobClient.connect(redis.url());
                var forgetfully = JobClient.connect(settings(forgetful))) {
            var bad = jobs.queue("default").enqueue(Sums::boom, "no luck");
            work(settings(seeing), Isolation.THREAD);
            assertThatThrownBy(bad::await).hasMessageContaining("no luck");
            assertThat(errors).hasSize(1);
            assertThat(errors.getFirst()).hasMessage("no luck");

            var lost = jobs.queue("default").enqueue(Sums::add, 1, 2);
            work(settings(forgetful), Isolation.THREAD);
            assertThatThrownBy(lost::await).hasMessageContaining(".run returned without proceed()");
            assertThatThrownBy(() -> forgetfully.queue("default").enqueue(Sums::add, 1, 2))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(".enqueue returned without proceed()");
        }
    }

    static final class TraceJobs {
        private TraceJobs() {}

        @SimulJob("tasks.trace_context")
        static String traceContext() {
            return TraceContext.current().map(TraceContext::traceparent).orElse("none");
        }

        @SimulJob("tasks.enqueue_another")
        static String enqueueAnother() {
            return CurrentJob.get()
                    .client()
                    .queue("later")
                    .enqueue(TraceJobs::traceContext)
                    .id();
        }
    }

    @Test
    void traceContextGoesFromWhoeverEnqueuesToTheFunctionAndToTheJobsItEnqueues() throws Exception {
        var settings = settings(TraceContext.middleware());
        try (var jobs = JobClient.connect(settings)) {
            var here = new TraceContext("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=x");
            var first = here.within(() -> jobs.queue("default").enqueue(TraceJobs::enqueueAnother));
            var outside = jobs.queue("default").enqueue(TraceJobs::traceContext);
            var meta = first.info().orElseThrow().meta();
            assertThat(meta).containsEntry("tracestate", "vendor=x");
            var sent = TraceContext.of(meta).orElseThrow();
            assertThat(sent.traceId()).isEqualTo(here.traceId());
            assertThat(sent.parentId()).isNotEqualTo(here.parentId());

            work(settings, Isolation.THREAD);
            assertThat(outside.await()).isEqualTo("none");
            Worker.on(settings)
                    .functions(TraceJobs.class)
                    .queues("later")
                    .burst(true)
                    .build()
                    .run();
            var second = jobs.job(first.await(), String.class).orElseThrow().await();
            assertThat(second)
                    .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-")
                    .endsWith("-01")
                    .isNotEqualTo(sent.traceparent());
        }
    }

    @Test
    void traceContextOfAnotherFormIsRefusedByTheProgramAndIgnoredInAJob() {
        assertThatThrownBy(() -> new TraceContext("00-abc", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("traceparent must be");
        assertThatThrownBy(() -> new TraceContext("00-" + "0".repeat(32) + "-00f067aa0ba902b7-01", ""))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(TraceContext.of(Map.of("traceparent", "rubbish"))).isEqualTo(Optional.empty());
        assertThat(TraceContext.of(Map.of("traceparent", 5))).isEqualTo(Optional.empty());
        assertThat(TraceContext.begin().traceId()).hasSize(32);
    }

    @Test
    void flightRecorderGetsAnEventForEachRun() throws Exception {
        var file = Files.createTempFile("jobs", ".jfr");
        try (var jobs = JobClient.connect(redis.url());
                var recording = new Recording()) {
            recording.enable("dev.simul.Job");
            recording.start();
            var good = jobs.queue("default").enqueue(Sums::add, 2, 3);
            var bad = jobs.queue("default").enqueue(Sums::boom, "no luck");
            work(settings(), Isolation.THREAD);
            recording.stop();
            recording.dump(file);
            var events = RecordingFile.readAllEvents(file);
            assertThat(events.stream()
                            .filter(event -> event.getEventType().getName().equals("dev.simul.Job")))
                    .extracting(event -> event.getString("id") + " " + event.getString("function") + " "
                            + event.getString("queue") + " " + event.getBoolean("failed"))
                    .containsExactlyInAnyOrder(
                            good.id() + " tasks.add default false", bad.id() + " tasks.boom default true");
        } finally {
            Files.delete(file);
        }
    }
}
