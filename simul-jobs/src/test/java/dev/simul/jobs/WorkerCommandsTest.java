package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.KillArgs;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others say on a worker's channel, as Python's {@code send_stop_job_command} and its kin write it. */
class WorkerCommandsTest extends OnRedis {
    private Sums.Gate gate;
    private Worker worker;
    private CompletableFuture<WorkerTally> run;

    @BeforeEach
    void prepareTest() {
        gate = Sums.gate("command", 1);
        worker = Worker.on(redis.url()).functions(Sums.class).build();
        run = CompletableFuture.completedFuture(new WorkerTally(0, 0));
    }

    @AfterEach
    void tidyUpTest() throws Exception {
        gate.open.countDown();
        worker.stop();
        run.get(30, SECONDS);
    }

    /** A worker that has begun the job. */
    private Job<String> begin(Isolation isolation, String id) throws Exception {
        worker = Worker.on(redis.url())
                .functions(Sums.class)
                .name("w1")
                .isolation(isolation)
                .heartbeatInterval(Duration.ofSeconds(1))
                .build();
        var job = isolation == Isolation.PROCESS
                ? jobs.queue("default").with(o -> o.id(id)).enqueue(Sums::sleep, 60.0)
                : jobs.queue("default").with(o -> o.id(id)).enqueue(Sums::hold, "command");
        run = Background.run(worker);
        if (isolation == Isolation.PROCESS) {
            while (job.status() != JobStatus.STARTED) {
                Background.breathe();
            }
        } else {
            assertThat(gate.begun.await(30, SECONDS)).isTrue();
        }
        return job;
    }

    private void say(String message) {
        assertThat(raw.publish("rq:pubsub:w1", message)).isEqualTo(1);
    }

    private void assertStopped(Job<?> job) {
        assertThatThrownBy(job::await).hasMessageEndingWith("Job stopped by user, work-horse terminated.");
        assertThat(raw.hget("rq:job:" + job.id(), "status")).isEqualTo("stopped");
        assertThat(raw.zscore("rq:failed:default", job.id())).isNotNull();
        assertThat(raw.zrange("rq:wip:default", 0, -1)).noneMatch(member -> member.startsWith(job.id() + ":"));
    }

    @ParameterizedTest
    @EnumSource
    void stopJobEndsTheJobWhereverItRuns(Isolation isolation) throws Exception {
        var job = begin(isolation, "held");
        say("{\"command\": \"stop-job\", \"job_id\": \"held\"}");
        assertStopped(job);
    }

    @Test
    void stoppedJobIsNotTriedAgainAndReleasesNoChild() throws Exception {
        var job =
                jobs.queue("default").with(o -> o.id("held").retry(Retry.of(3))).enqueue(Sums::hold, "command");
        var child =
                jobs.queue("default").with(o -> o.after(job).allowFailure(true)).enqueue(Sums::add, 1, 2);
        begin(Isolation.THREAD, "other");
        say("{\"command\": \"stop-job\", \"job_id\": \"held\"}");
        assertStopped(job);
        assertThat(child.status()).isEqualTo(JobStatus.DEFERRED);
    }

    @Test
    void stopExecutionEndsExactlyThatOne() throws Exception {
        var job = begin(Isolation.THREAD, "held");
        var execution = raw.zrange("rq:executions:held", 0, -1).getFirst();
        say("{\"command\": \"stop-execution\", \"job_id\": \"held\", \"execution_id\": \"0123\"}");
        say("{\"command\": \"stop-job\", \"job_id\": \"another\"}");
        assertThat(job.status()).isEqualTo(JobStatus.STARTED);
        say("{\"command\": \"stop-execution\", \"job_id\": \"held\", \"execution_id\": \"" + execution + "\"}");
        assertStopped(job);
    }

    @ParameterizedTest
    @EnumSource
    void killHorseFailsWhatRuns(Isolation isolation) throws Exception {
        var job = begin(isolation, "held");
        while (job.status() == JobStatus.STARTED) { // it is for what runs when it comes; in a child that may be later
            say("{\"command\": \"kill-horse\"}");
        }
        assertThatThrownBy(job::await)
                .hasMessageEndingWith("Work-horse terminated unexpectedly; waitpid returned 9 (signal 9);");
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
    }

    @Test
    void shutdownLetsTheJobFinish() throws Exception {
        var job = begin(Isolation.THREAD, "held");
        say("{\"command\": \"shutdown\"}");
        while (!raw.hexists("rq:worker:w1", "shutdown_requested_date")) {
            Background.breathe();
        }
        gate.open.countDown();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
        assertThat(job.await()).isEqualTo("command");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no json",
                "[]",
                "17",
                "null",
                "{}",
                "{\"command\": 3}",
                "{\"command\": \"dance\"}",
                "{\"command\": \"stop-job\"}",
                "{\"command\": \"stop-job\", \"job_id\": {}}",
                "\u0000\ufffd"
            })
    void nothingMakesItDeaf(String garbage) throws Exception {
        var job = begin(Isolation.THREAD, "held");
        say(garbage);
        say("{\"command\": \"stop-job\", \"job_id\": \"held\", \"more\": [1]}");
        assertStopped(job);
    }

    @Test
    void connectionThatBreaksIsListenedToAgain() throws Exception {
        var job = begin(Isolation.THREAD, "held");
        raw.clientKill(KillArgs.Builder.typePubsub());
        while (raw.pubsubNumsub("rq:pubsub:w1").containsValue(0L)) {
            Background.breathe();
        }
        say("{\"command\": \"stop-job\", \"job_id\": \"held\"}");
        assertStopped(job);
    }

    @Test
    void stopThatNobodyHeardIsFoundInTheJobsHash() throws Exception {
        var job = begin(Isolation.THREAD, "held");
        raw.hset(
                "rq:job:held", "x_stop", raw.zrange("rq:executions:held", 0, -1).getFirst());
        assertStopped(job);
    }

    @Test
    void stopThatOvertakesItsJobIsRemembered() throws Exception {
        var held = begin(Isolation.THREAD, "held");
        raw.hset(
                "rq:job:next", Map.of("status", "started", "worker_name", "w1")); // and the worker does not know it yet
        say("{\"command\": \"stop-job\", \"job_id\": \"next\"}");
        say("{\"command\": \"stop-job\", \"job_id\": \"held\"}");
        assertStopped(held);
        assertStopped(jobs.queue("default").with(o -> o.id("next")).enqueue(Sums::add, 1, 2));
    }

    @Test
    void stopOfAJobThatOnlyWaitsIsIgnored() throws Exception {
        var held = begin(Isolation.THREAD, "held");
        var next = jobs.queue("default").with(o -> o.id("next")).enqueue(Sums::add, 1, 2);
        say("{\"command\": \"stop-job\", \"job_id\": \"next\"}");
        say("{\"command\": \"stop-job\", \"job_id\": \"held\"}");
        assertStopped(held);
        assertThat(next.await()).isEqualTo(3);
    }
}
