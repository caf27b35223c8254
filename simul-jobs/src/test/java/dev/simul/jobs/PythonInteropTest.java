package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Java and the real Python rq on one Redis, both ways. */
@ParameterizedClass
@ValueSource(strings = {"2.10.0", "2.12.0", "3.0.0"})
class PythonInteropTest extends OnRedis {
    private final String version;
    private PythonRq python;

    PythonInteropTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void prepareTest() throws InterruptedException {
        python = PythonRq.install(version, redis.url());
    }

    private String pythonEnqueues(String function, Object... arguments) throws Exception {
        return pythonEnqueues(Map.of("function", function, "args", List.of(arguments), "kwargs", Map.of()));
    }

    private String pythonEnqueues(Map<String, ?> call) throws Exception {
        return python.ask("enqueue", call).stringValue();
    }

    private JsonNode pythonReads(String id) throws Exception {
        return python.ask("read", Map.of("id", id));
    }

    private void javaWorks() throws InterruptedException {
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
    }

    @Test
    void pythonReadsWhatJavaReturned() throws Exception {
        var sum = pythonEnqueues("tasks.add", 2, 3);
        var named =
                pythonEnqueues(Map.of("function", "tasks.scaled", "args", List.of(1.5), "kwargs", Map.of("scale", 10)));
        var text = pythonEnqueues("tasks.echo", Map.of("größe", List.of(1, 2.5, true, "\uD83D\uDC0D")));
        var nothing = pythonEnqueues("tasks.noop");
        javaWorks();
        assertThat(pythonReads(sum).get("value").intValue()).isEqualTo(5);
        assertThat(pythonReads(named).get("value").doubleValue()).isEqualTo(15.0);
        assertThat(pythonReads(text).get("value").toString()).isEqualTo("{\"größe\":[1,2.5,true,\"\uD83D\uDC0D\"]}");
        assertThat(pythonReads(nothing).get("value").isNull()).isTrue();
        var read = pythonReads(sum);
        assertThat(read.get("status").stringValue()).isEqualTo("finished");
        assertThat(read.get("registries").toString()).isEqualTo("[\"finished\"]");
        assertThat(read.get("executions").intValue()).isZero();
    }

    @Test
    void pythonReadsTheStackTraceOfAJavaFailure() throws Exception {
        var id = pythonEnqueues("tasks.boom", "no luck");
        javaWorks();
        var read = pythonReads(id);
        assertThat(read.get("status").stringValue()).isEqualTo("failed");
        assertThat(read.get("registries").toString()).isEqualTo("[\"failed\"]");
        assertThat(read.get("traceback").stringValue())
                .contains("at dev.simul.jobs.Sums.boom")
                .endsWith("\njava.lang.IllegalStateException: no luck");
    }

    @Test
    void javaReadsWhatPythonReturned() throws Exception {
        var queue = jobs.queue("default");
        var sum = queue.enqueue("tasks.add", Integer.class, 2, 3);
        var typed = queue.enqueue(Sums::add, 20, 3);
        var text = queue.enqueue("tasks.echo", String.class, "größer \uD83D\uDC0D");
        var nothing = queue.enqueue("tasks.noop", Void.class);
        python.ask("work", Map.of());
        assertThat(sum.await()).isEqualTo(5);
        assertThat(typed.await()).isEqualTo(23);
        assertThat(text.await()).isEqualTo("größer \uD83D\uDC0D");
        assertThat(nothing.await()).isNull();
    }

    @Test
    void javaWaitsForAForkingPythonWorker() throws Exception {
        var job = jobs.queue("default")
                .with(o -> o.meta(Map.of("user", "ana")))
                .enqueue("tasks.add", Integer.class, 2, 3);
        var waiting = job.toCompletableFuture();
        python.rq("worker", "--burst", "--serializer", "rq.serializers.JSONSerializer", "default");
        assertThat(waiting.get(30, SECONDS)).isEqualTo(5);
        assertThat(pythonReads(job.id()).get("meta").toString()).isEqualTo("{\"user\":\"ana\"}");
    }

    @Test
    void javaReadsThePythonTraceback() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.boom", Integer.class, "no luck");
        python.ask("work", Map.of());
        assertThatThrownBy(job::await).isInstanceOfSatisfying(JobFailedException.class, e -> {
            assertThat(e).hasMessageEndingWith("failed: ValueError: no luck");
            assertThat(e.traceback()).startsWith("Traceback (most recent call last):");
        });
    }

    @Test
    void retriesThatPythonAskedForAreMadeByJava() throws Exception {
        var id = pythonEnqueues(
                Map.of("function", "tasks.boom", "args", List.of("no luck"), "kwargs", Map.of(), "retries", 2));
        var tally =
                Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(tally.failed()).isEqualTo(3);
        var read = pythonReads(id);
        assertThat(read.get("status").stringValue()).isEqualTo("failed");
        assertThat(read.get("retries_left").intValue()).isZero();
    }

    @Test
    void jobThatDependsOnAnotherRunsAfterIt() throws Exception {
        var parent = pythonEnqueues("tasks.add", 2, 3);
        var child = pythonEnqueues(
                Map.of("function", "tasks.add", "args", List.of(10, 20), "kwargs", Map.of(), "depends_on", parent));
        assertThat(pythonReads(child).get("status").stringValue()).isEqualTo("deferred");
        javaWorks();
        assertThat(pythonReads(child).get("value").intValue()).isEqualTo(30);
    }

    @Test
    void pythonsToolsSeeTheJavaWorkerAndItsJob() throws Exception {
        var gate = Sums.gate("seen", 1);
        var job = jobs.queue("default").enqueue(Sums::hold, "seen");
        var worker = Worker.on(redis.url())
                .functions(Sums.class)
                .name("java-1")
                .publishCurrentJob(true)
                .burst(true)
                .build();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        var seen = python.ask("workers", Map.of()).get(0);
        assertThat(seen.get("name").stringValue()).isEqualTo("java-1");
        assertThat(seen.get("state").stringValue()).isEqualTo("busy");
        assertThat(seen.get("current").stringValue()).isEqualTo(job.id());
        assertThat(seen.get("pid").longValue())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(python.rq("info", "--raw")).contains("java-1").contains("busy default");
        python.ask("cleanup", Map.of()); // finds nothing to complain about
        var read = pythonReads(job.id());
        assertThat(read.get("status").stringValue()).isEqualTo("started");
        assertThat(read.get("registries").toString()).isEqualTo("[\"wip\"]");
        assertThat(read.get("executions").intValue()).isEqualTo(1);

        gate.open.countDown();
        run.get(30, SECONDS);
        assertThat(python.ask("workers", Map.of()).size()).isZero();
        python.ask("cleanup", Map.of());
    }
}
