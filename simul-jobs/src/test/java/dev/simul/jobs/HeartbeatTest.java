package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeartbeatTest extends OnRedis {
    private Sums.Gate gate;
    private Job<String> job;
    private Worker worker;
    private CompletableFuture<WorkerTally> run;

    @BeforeEach
    void holdAJobInAWorkerThatBeatsEverySecond() throws Exception {
        gate = Sums.gate("beat", 1);
        job = jobs.queue("default").with(o -> o.id("held")).enqueue(Sums::hold, "beat");
        worker = Worker.on(redis.url())
                .functions(Sums.class)
                .name("w1")
                .heartbeatInterval(Duration.ofSeconds(1))
                .build();
        run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
    }

    @AfterEach
    void stopTheWorker() throws Exception {
        gate.open.countDown();
        worker.stop();
        run.get(30, SECONDS);
    }

    private String member() {
        return raw.zrange("rq:wip:default", 0, -1).getFirst();
    }

    /** Waits until the job's hash shows a further heartbeat. */
    private void awaitBeat() {
        var before = raw.hget("rq:job:held", "last_heartbeat");
        while (before.equals(raw.hget("rq:job:held", "last_heartbeat"))) {
            Background.breathe();
        }
    }

    @Test
    void runningJobStaysAlive() throws Exception {
        var member = member();
        var execution = "rq:execution:" + member;
        raw.zadd("rq:wip:default", 1, member);
        raw.expire(execution, 5);
        raw.expire("rq:executions:held", 5);
        raw.expire("rq:worker:w1", 5);

        awaitBeat();

        assertThat(raw.zscore("rq:wip:default", member)).isGreaterThan(System.currentTimeMillis() / 1000.0 + 30);
        assertThat(raw.ttl(execution)).isGreaterThan(30);
        assertThat(raw.ttl("rq:executions:held")).isGreaterThan(60);
        assertThat(raw.ttl("rq:worker:w1")).isGreaterThan(30);
    }

    @Test
    void entriesThatExpiredMeanwhileComeBackWhole() throws Exception {
        var execution = "rq:execution:" + member();
        var before = raw.hgetall(execution);
        raw.del(execution, "rq:worker:w1");
        raw.srem("rq:workers", "rq:worker:w1");

        awaitBeat();
        awaitBeat(); // the first one is done with all it does

        assertThat(raw.hgetall(execution)).containsOnlyKeys(before.keySet());
        assertThat(before).containsOnlyKeys("id", "job_id", "created_at", "last_heartbeat", "worker_name");
        assertThat(raw.hgetall("rq:worker:w1")).containsKeys("birth", "queues", "pid", "state");
        assertThat(raw.smembers("rq:workers")).containsExactly("rq:worker:w1");
    }

    @Test
    void workerThatHasTakenAJobSinceItsEntryVanishedComesBackWhole() {
        raw.del("rq:worker:w1", "rq:workers", "rq:workers:default");
        raw.hset("rq:worker:w1", Map.of("state", "busy", "last_heartbeat", "", "x_java_running", "1"));

        awaitBeat();
        awaitBeat(); // the first one is done with all it does

        assertThat(raw.hgetall("rq:worker:w1")).containsKeys("birth", "queues", "pid");
        assertThat(jobs.workers("default")).extracting(WorkerInfo::name).containsExactly("w1");
    }

    @Test
    void outcomeOfAnExecutionThatWasGivenUpIsDropped() throws Exception {
        raw.zrem("rq:wip:default", member());
        raw.hset("rq:job:held", "status", "failed"); // what a Python worker's clean-up does
        gate.open.countDown();
        jobs.queue("default").enqueue(Sums::add, 1, 2).await(); // recorded behind it
        worker.stop();

        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(raw.exists("rq:results:held")).isZero();
    }

    @Test
    void jobThatIsDeletedWhileItRunsLeavesNoHalfHash() throws Exception {
        raw.del("rq:job:held");
        gate.open.countDown();
        jobs.queue("default").enqueue(Sums::add, 1, 2).await();
        worker.stop();
        run.get(30, SECONDS);

        assertThat(raw.exists("rq:job:held", "rq:results:held")).isZero();
        assertThat(raw.zcard("rq:wip:default")).isZero();
    }
}
