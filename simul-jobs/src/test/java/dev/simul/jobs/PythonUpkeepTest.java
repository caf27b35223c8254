package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Our schedulers and maintenance and the real rq's on one Redis. */
@ParameterizedClass
@ValueSource(strings = {"2.10.0", "2.12.0", "3.0.0"})
class PythonUpkeepTest extends OnRedis {
    private final String version;
    private PythonRq python;

    PythonUpkeepTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void prepareTest() throws InterruptedException {
        python = PythonRq.install(version, redis.url());
    }

    private JsonNode ask(String step, Map<String, ?> arguments) throws Exception {
        return python.ask("upkeep.py", step, arguments);
    }

    private void javaWorks() throws InterruptedException {
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
    }

    @Test
    void pythonsSchedulerMovesWhatJavaHasScheduled() throws Exception {
        var job = jobs.queue("default")
                .with(o -> o.meta(Map.of("who", "java")))
                .enqueueAt(Instant.EPOCH.plusSeconds(1), "tasks.add", Integer.class, 1, 2);

        assertThat(ask("schedule", Map.of()).size()).isEqualTo(1);

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        javaWorks();
        assertThat(job.await()).isEqualTo(3);
    }

    @Test
    void oursMovesWhatPythonHasScheduledAndEachLeavesTheOthersLockAlone() throws Exception {
        var scheduler = Scheduler.on(redis.url()).name("java").build();
        var run = Background.call(scheduler::run);
        try (var client = RedisClient.create(redis.url())) {
            var raw = client.connect().sync();
            while (!"java".equals(raw.get("rq:scheduler-lock:default"))) {
                Background.breathe();
            }
            ask("enqueue_due", Map.of("function", "tasks.add", "args", List.of(3, 4), "id", "theirs"));

            assertThat(ask("schedule", Map.of()).isEmpty()).isTrue();
            assertThat(raw.get("rq:scheduler-lock:default")).isEqualTo("java");
            while (raw.llen("rq:queue:default") == 0) {
                Background.breathe();
            }
            assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactly("theirs");
            assertThat(raw.hget("rq:job:theirs", "meta")).isEqualTo("{\"who\": \"python\"}");
        } finally {
            scheduler.stop();
        }
        assertThat(run.get(30, SECONDS)).isEqualTo(1);
        assertThat(ask("schedule", Map.of()).size()).isEqualTo(1);
        javaWorks();
        assertThat(jobs.job("theirs", Integer.class).orElseThrow().await()).isEqualTo(7);
    }

    /** RQ up to 2.12 forgets the execution when it has to write an end twice. */
    @Test
    void executionThatPythonForgetsWhenItFinishesAParentIsTakenOutOfTheStartedRegistry() throws Exception {
        assertThat(ask("finish_while_another_parent_changes", Map.of()).intValue())
                .isEqualTo(2);
        assertThat(raw.hget("rq:job:parent", "status")).isEqualTo("finished");
        assertThat(raw.zcard("rq:wip:default")).isEqualTo(version.startsWith("2.") ? 1 : 0);

        javaWorks();

        assertThat(raw.exists("rq:wip:default", "rq:executions:parent")).isZero();
        assertThat(raw.keys("rq:execution:*")).isEmpty();
        assertThat(raw.hget("rq:job:parent", "status")).isEqualTo("finished");
    }

    @Test
    void pythonListsOurCronSchedulerWithItsJobs() throws Exception {
        var scheduler = CronScheduler.on(redis.url())
                .name("ours")
                .configFile("cron.json")
                .jobs(
                        CronJob.every(Duration.ofMinutes(5), JobRequest.of(Sums::add, 1, 2))
                                .queue("low"),
                        CronJob.cron("0 9 * * 1-5", JobRequest.of(Sums::noop)))
                .build();
        var run = Background.call(scheduler::run);
        while (jobs.queue("low").size() == 0) {
            Background.breathe();
        }
        var listed = ask("cron", Map.of());
        scheduler.stop();
        run.get(30, SECONDS);

        assertThat(listed.toString())
                .isEqualTo("[{\"name\":\"ours\",\"config_file\":\"cron.json\",\"pid\":"
                        + ProcessHandle.current().pid()
                        + ",\"jobs\":[{\"function\":\"tasks.add\",\"queue\":\"low\","
                        + "\"interval\":300,\"cron\":null},"
                        + "{\"function\":\"tasks.noop\",\"queue\":\"default\","
                        + "\"interval\":null,\"cron\":\"0 9 * * 1-5\"}]}]");
    }
}
