package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Java and the real Python rq read and steer each other's jobs. */
@ParameterizedClass
@ValueSource(strings = {"2.10.0", "2.12.0", "3.0.0"})
class PythonSteeringTest extends OnRedis {
    private final String version;
    private PythonRq python;

    PythonSteeringTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void prepareTest() throws InterruptedException {
        python = PythonRq.install(version, redis.url());
    }

    private JsonNode listed(String registry) throws Exception {
        return python.ask("listed", Map.of("registry", registry));
    }

    private CompletableFuture<String> pythonWorks() {
        return Background.call(
                () -> python.rq("worker", "--burst", "--serializer", "rq.serializers.JSONSerializer", "default"));
    }

    private void javaWorks() throws InterruptedException {
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
    }

    @Test
    void javaStopsAJobThatPythonRuns() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.sleep", String.class, 600);
        var run = pythonWorks();
        while (job.status() != JobStatus.STARTED) {
            Background.breathe();
        }
        assertThat(jobs.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.version()).contains(version);
            assertThat(worker.problems()).isEmpty();
            assertThat(worker.currentJob()).contains(job.id());
        });
        assertThat(job.executions()).hasSize(1);
        assertThat(jobs.queue("default").registry(JobRegistry.Kind.STARTED).ids())
                .containsExactly(job.id());
        assertThat(job.cancel()).isTrue();
        run.get(60, SECONDS);
        assertThat(job.status()).isEqualTo(JobStatus.STOPPED);
        assertThat(job.latestResult().orElseThrow().traceback().orElseThrow()).contains("stopped by user");
        assertThat(jobs.queue("default").registry(JobRegistry.Kind.FAILED).ids())
                .containsExactly(job.id());
    }

    @Test
    void jobThatJavaCancelledAndRequeuedRunsInPython() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.add", Integer.class, 2, 3);
        job.cancel(Dependents.KEEP);
        assertThat(listed("canceled_job_registry").toString()).isEqualTo("[\"" + job.id() + "\"]");
        assertThat(python.ask("read", Map.of("id", job.id())).get("status").stringValue())
                .isEqualTo("canceled");
        job.requeue();
        assertThat(listed("queued").toString()).isEqualTo("[\"" + job.id() + "\"]");
        python.ask("work", Map.of());
        assertThat(job.latestResult().orElseThrow().value(Integer.class)).contains(5);
        assertThat(jobs.info(job.id()).orElseThrow().problems()).isEmpty();
    }

    @Test
    void jobsThatJavaFailedAreRequeuedByRq() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.boom", Integer.class, "no luck");
        javaWorks();
        python.rq("requeue", "--queue", "default", "--all", "--serializer", "rq.serializers.JSONSerializer");
        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        javaWorks();
        assertThat(job.results())
                .extracting(JobResult::type)
                .containsExactly(JobResult.Type.FAILED, JobResult.Type.FAILED);
    }

    @Test
    void pythonAndJavaCancelEachOthersParents() throws Exception {
        var parent = jobs.queue("default").enqueue("tasks.add", Integer.class, 2, 3);
        var child = python.ask(
                        "enqueue",
                        Map.of(
                                "function",
                                "tasks.add",
                                "args",
                                List.of(10, 20),
                                "kwargs",
                                Map.of(),
                                "depends_on",
                                parent.id()))
                .stringValue();
        assertThat(jobs.info(child).orElseThrow().dependencies()).containsExactly(parent.id());
        assertThat(parent.dependents()).containsExactly(child);
        parent.cancel(Dependents.ENQUEUE);
        assertThat(jobs.queue("default").ids()).containsExactly(child);
        python.ask("cancel", Map.of("id", child));
        assertThat(jobs.job(child).orElseThrow().status()).isEqualTo(JobStatus.CANCELED);
        assertThat(jobs.queue("default").registry(JobRegistry.Kind.CANCELED).ids())
                .containsExactlyInAnyOrder(parent.id(), child);
    }

    @Test
    void rqInfoAndSuspendSpeakOfTheSameThings() throws Exception {
        jobs.queue("default").enqueue(Sums::noop);
        assertThat(python.rq("info", "--raw")).contains("queue default 1, 0 executing, 0 finished, 0 failed");
        python.rq("suspend");
        assertThat(jobs.isSuspended()).isTrue();
        javaWorks();
        assertThat(jobs.queue("default").size()).isEqualTo(1);
        assertThat(jobs.resume()).isTrue();
        jobs.suspend();
        python.rq("resume");
        assertThat(jobs.isSuspended()).isFalse();
    }
}
