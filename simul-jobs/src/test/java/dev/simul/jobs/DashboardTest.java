package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the real rq-dashboard 0.9.0 shows of Java's jobs and workers, on top of this release of rq. */
@ParameterizedClass
@ValueSource(strings = {"2.12.0", "3.0.0"})
class DashboardTest extends OnRedis {
    private static final JsonMapper JSON = new JsonMapper();

    private final String version;
    private JobQueue queue;

    DashboardTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default");
    }

    /** Status and body of each page. */
    private JsonNode open(String method, List<String> paths) throws Exception {
        var requests = paths.stream().map(path -> List.of(method, path)).toList();
        return PythonRq.installWithDashboard(version, redis.url())
                .ask("dashboard.py", "open_all", Map.of("requests", requests));
    }

    private Worker worker(boolean publish) {
        return Worker.on(redis.url())
                .functions(Sums.class)
                .name("java-1")
                .publishCurrentJob(publish)
                .burst(true)
                .build();
    }

    @Test
    void everyPageShowsWhatABusyJavaWorkerDoes() throws Exception {
        var done = queue.with(o -> o.id("done").meta(Map.of("user", "ana"))).enqueue(Sums::add, 2, 3);
        queue.with(o -> o.id("bad")).enqueue(Sums::boom, "no luck");
        worker(false).run();
        var gate = Sums.gate("dashboard", 1);
        queue.with(o -> o.id("running")).enqueue(Sums::hold, "dashboard");
        queue.with(o -> o.id("waiting")).enqueue(Sums::add, 4, 5);
        queue.with(o -> o.id("child").after("waiting")).enqueue(Sums::add, 6, 7);
        queue.with(o -> o.id("later")).enqueueIn(Duration.ofHours(1), "tasks.noop", Void.class);
        queue.with(o -> o.id("dropped")).enqueue(Sums::noop).cancel(Dependents.KEEP);
        var run = Background.run(worker(false));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        var registries = Map.of(
                "queued", "waiting",
                "failed", "bad",
                "deferred", "child",
                "started", "running",
                "finished", "done",
                "scheduled", "later",
                "canceled", "dropped");
        var pages = new ArrayList<>(List.of("/", "/0/view/queues", "/0/view/workers", "/0/view/job/done"));
        pages.addAll(List.of("/0/data/queues.json", "/0/data/workers.json"));
        registries
                .keySet()
                .forEach(registry -> pages.addAll(List.of(
                        "/0/view/jobs/default/" + registry + "/8/asc/1",
                        "/0/data/jobs/default/" + registry + "/8/dsc/1.json")));
        Stream.of("done", "bad", "running", "waiting", "later", "dropped")
                .forEach(id -> pages.add("/0/data/job/" + id + ".json"));
        var answers = open("GET", pages);

        for (int i = 0; i < pages.size(); i++) {
            assertThat(answers.get(i).get(0).intValue()).as(pages.get(i)).isEqualTo(200);
        }
        registries.forEach((registry, id) -> {
            var list = json(answers, pages, "/0/data/jobs/default/" + registry + "/8/dsc/1.json");
            assertThat(list.get("jobs").findValuesAsString("id")).as(registry).containsExactly(id);
        });
        var counts = json(answers, pages, "/0/data/queues.json").get("queues").get(0);
        assertThat(counts.get("count").intValue()).isEqualTo(1);
        for (var registry : List.of("failed", "deferred", "started", "finished", "scheduled", "canceled")) {
            assertThat(counts.get(registry + "_job_registry_count").intValue())
                    .as(registry)
                    .isEqualTo(1);
        }
        var seen = json(answers, pages, "/0/data/workers.json").get("workers").get(0);
        assertThat(seen.get("name").stringValue()).isEqualTo("java-1");
        assertThat(seen.get("state").stringValue()).isIn("busy", "WorkerStatus.BUSY");
        assertThat(seen.get("current_job").stringValue()).isEqualTo("idle"); // it does not tell which
        var result = json(answers, pages, "/0/data/job/done.json");
        assertThat(result.get("result").intValue()).isEqualTo(5);
        assertThat(result.get("metadata").stringValue()).isEqualTo("{\"user\": \"ana\"}");
        assertThat(json(answers, pages, "/0/data/job/bad.json").get("exc_info").stringValue())
                .endsWith("java.lang.IllegalStateException: no luck");

        gate.open.countDown();
        run.get(30, SECONDS);
        assertThat(done.await()).isEqualTo(5);
    }

    private static JsonNode json(JsonNode answers, List<String> pages, String page) {
        return JSON.readTree(answers.get(pages.indexOf(page)).get(1).stringValue());
    }

    @Test
    void itsButtonsWorkOnJavasJobs() throws Exception {
        var bad = queue.enqueue(Sums::boom, "no luck");
        var worse = queue.enqueue(Sums::boom, "no luck at all");
        worker(false).run();
        var waiting = queue.enqueue(Sums::noop);
        var other = jobs.queue("other").enqueue(Sums::noop);
        var answers = open(
                "POST",
                List.of(
                        "/job/" + bad.id() + "/requeue",
                        "/requeue/default",
                        "/job/" + waiting.id() + "/delete",
                        "/queue/other/queued/empty",
                        "/queue/default/compact"));
        assertThat(answers.findValuesAsString("status")).isEmpty();
        answers.forEach(answer -> assertThat(answer.get(0).intValue()).isEqualTo(200));
        assertThat(queue.ids()).containsExactly(bad.id(), worse.id());
        assertThat(waiting.status()).isEqualTo(JobStatus.GONE);
        assertThat(other.status()).isEqualTo(JobStatus.GONE);
        assertThat(worker(false).run().failed()).isEqualTo(2);
    }

    @Test
    void listOfWorkersFailsWhileOneShowsAJobInJson() throws Exception {
        var gate = Sums.gate("shown", 1);
        queue.enqueue(Sums::hold, "shown");
        var run = Background.run(worker(true));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        var answers = open("GET", List.of("/0/data/workers.json", "/0/data/queues.json", "/0/view/workers"));
        assertThat(answers.get(0).get(0).intValue()).isEqualTo(500); // why publishCurrentJob is off if not said
        assertThat(answers.get(1).get(0).intValue()).isEqualTo(200);
        assertThat(answers.get(2).get(0).intValue()).isEqualTo(200);
        gate.open.countDown();
        run.get(30, SECONDS);
    }
}
