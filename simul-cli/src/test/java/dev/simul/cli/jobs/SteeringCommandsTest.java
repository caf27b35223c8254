package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobRegistry;
import dev.simul.jobs.Worker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** info, empty, requeue, suspend, resume and stop, in the words of rq. */
class SteeringCommandsTest {
    private static EmbeddedRedis redis;
    private JobClient jobs;

    @BeforeAll
    static void startRedis() {
        redis = EmbeddedRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @BeforeEach
    void connect() {
        jobs = JobClient.connect(redis.url());
    }

    @AfterEach
    void cleanUp() {
        jobs.resume();
        jobs.queues().forEach(queue -> jobs.queue(queue.name()).delete());
        jobs.close();
    }

    private static Command.Result simul(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--redis", redis.url()));
        return Command.run(all.toArray(String[]::new));
    }

    private void enqueue(String queue, int count) {
        for (int i = 0; i < count; i++) {
            jobs.queue(queue).enqueue("demo.add", Integer.class, 1, 2);
        }
    }

    private void fail(String... ids) throws InterruptedException {
        for (var id : ids) {
            jobs.queue("default").with(o -> o.id(id)).enqueue("demo.fail", Object.class, "no luck");
        }
        Worker.on(redis.url()).functions(DemoJobs.class).burst(true).build().run();
    }

    @Test
    void infoShowsQueuesAsRqInfoDoes() {
        enqueue("default", 10);
        enqueue("low", 3);
        var shown = simul("info");
        assertThat(shown.exitCode()).isZero();
        assertThat(shown.out().lines().limit(6))
                .containsExactly(
                        "default      |██████████ 10, 0 executing, 0 finished, 0 failed",
                        "low          |███ 3, 0 executing, 0 finished, 0 failed",
                        "2 queues, 13 jobs total",
                        "",
                        "0 workers, 2 queues",
                        "");
        assertThat(shown.out()).containsPattern("Updated: \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
        assertThat(simul("info", "low", "--raw", "--only-queues").out())
                .isEqualToIgnoringNewLines("queue low 3, 0 executing, 0 finished, 0 failed");
        assertThat(simul("info", "-R", "-W").out()).contains("default: –", "low: –");
        assertThat(simul("info", "-Q", "-W").exitCode()).isEqualTo(2);
    }

    @Test
    void barsAreShortenedToTheLongestQueue() {
        enqueue("default", 40);
        enqueue("low", 5);
        assertThat(simul("info", "-Q").out())
                .contains("default      |" + "█".repeat(16) + " 40,", "low          |██ 5,");
    }

    @Test
    void infoShowsLiveWorkersAndTheirJobs() throws Exception {
        var worker = Worker.on(redis.url())
                .queues("default", "low")
                .functions(DemoJobs.class)
                .name("w7")
                .build();
        var thread = Thread.ofPlatform().start(() -> {
            try {
                worker.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        enqueue("default", 1);
        while (jobs.queue("default").info().finished() == 0) {
            Thread.onSpinWait();
        }
        long pid = ProcessHandle.current().pid();
        assertThat(simul("info", "-W").out())
                .containsPattern("w7 \\(\\S+ \\S+:\\d+ " + pid + "\\): \\w+ default,low\\. jobs: 1 finished, 0 failed")
                .contains("1 workers, 1 queues");
        assertThat(simul("info", "-W", "-r").out())
                .containsPattern("worker w7 \\(\\S+ \\S+ " + pid + "\\) \\w+ default,low\\.");
        assertThat(simul("info", "-R").out()).containsPattern("default: w7 \\(\\w+\\)");
        var json = new JsonMapper().readTree(simul("info", "--json").out());
        assertThat(json.at("/queues/0/finished").intValue()).isEqualTo(1);
        assertThat(json.at("/workers/0/name").stringValue()).isEqualTo("w7");
        assertThat(json.at("/suspended").booleanValue()).isFalse();
        worker.stop();
        thread.join();
    }

    @Test
    void emptyDeletesWhatWaitsInTheNamedQueuesOrInAll() {
        enqueue("default", 3);
        enqueue("low", 1);
        assertThat(simul("empty").out()).isEqualToIgnoringNewLines("Nothing to do");
        assertThat(simul("empty", "default").out()).isEqualToIgnoringNewLines("3 jobs removed from default queue");
        assertThat(simul("empty", "--all").out().lines())
                .containsExactly("0 jobs removed from default queue", "1 jobs removed from low queue");
    }

    @Test
    void requeueTakesIdsOrAllFailedJobsOfAQueue() throws Exception {
        assertThat(simul("requeue", "--queue", "default", "--all").out()).isEqualToIgnoringNewLines("Nothing to do");
        fail("f1", "f2", "f3");
        var one = simul("requeue", "f1");
        assertThat(one.exitCode()).isZero();
        assertThat(one.out()).isEqualToIgnoringNewLines("Requeueing 1 jobs from failed queue");
        var some = simul("requeue", "-q", "default", "f2", "nobody");
        assertThat(some.exitCode()).isEqualTo(1);
        assertThat(some.out().lines())
                .containsExactly(
                        "Requeueing 2 jobs from failed queue", "Unable to requeue 1 jobs from failed job registry");
        assertThat(some.err()).contains("nobody cannot be requeued");
        assertThat(simul("requeue", "--queue", "default", "--all").exitCode()).isZero();
        assertThat(jobs.queue("default").ids()).containsExactly("f1", "f2", "f3");
        assertThat(jobs.queue("default").registry(JobRegistry.Kind.FAILED).isEmpty())
                .isTrue();
        assertThat(simul("requeue", "--all").err()).contains("--all needs --queue Q");
        var nowhere = simul("requeue", "-q", "a,b", "f1");
        assertThat(nowhere.exitCode()).isEqualTo(2);
        assertThat(nowhere.out()).isEmpty();
    }

    @Test
    void suspendAndResumeSpeakAsRqDoes() {
        assertThat(simul("suspend").out())
                .isEqualToIgnoringNewLines(
                        "Suspending workers.  No new jobs will be started.  But current jobs will be completed");
        assertThat(jobs.isSuspended()).isTrue();
        assertThat(simul("info").out()).contains("Workers are suspended");
        assertThat(simul("resume").out()).isEqualToIgnoringNewLines("Resuming workers.");
        assertThat(jobs.isSuspended()).isFalse();
        assertThat(simul("suspend", "--duration", "30").out()).contains("Suspending workers for 30 seconds.");
        assertThat(jobs.resume()).isTrue();
        var refused = simul("suspend", "--duration", "0");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("--duration").contains("must be longer than 0 s, was 0");
        assertThat(jobs.isSuspended()).isFalse();
    }

    @Test
    void oneQueueCanBeHeldBack() {
        enqueue("low", 1);
        assertThat(simul("suspend", "--queue", "low", "--duration", "5m").out()).contains("low back for 300 seconds");
        assertThat(jobs.isSuspended()).isFalse();
        assertThat(simul("info", "-Q").out()).contains("0 failed, paused");
        assertThat(simul("resume", "--queue", "low").exitCode()).isZero();
        assertThat(jobs.queue("low").isPaused()).isFalse();
    }

    @Test
    void whatDoesNotRunCannotBeStopped() {
        var job = jobs.queue("default").enqueue("demo.add", Integer.class, 1, 2);
        var stopped = simul("stop", job.id(), "nobody", "--worker", "ghost");
        assertThat(stopped.exitCode()).isEqualTo(1);
        assertThat(stopped.err())
                .contains("job " + job.id() + " does not run, it is queued")
                .contains("there is no job nobody")
                .contains("no worker ghost hears");
        assertThat(simul("stop").exitCode()).isEqualTo(2);
    }
}
