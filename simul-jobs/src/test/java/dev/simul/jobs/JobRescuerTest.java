package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker dies or freezes; another one takes its jobs. */
class JobRescuerTest {
    private EmbeddedRedis redis;
    private JobClient jobs;
    private RedisClient client;
    private RedisCommands<String, String> raw;
    private final List<Process> children = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();

    @BeforeEach
    void connect() {
        redis = EmbeddedRedis.start();
        jobs = JobClient.connect(redis.url());
        client = RedisClient.create(redis.url());
        raw = client.connect().sync();
    }

    @AfterEach
    void disconnect() {
        workers.forEach(Worker::stop);
        children.forEach(Process::destroyForcibly);
        client.shutdown(0, 1, TimeUnit.SECONDS);
        jobs.close();
        redis.close();
    }

    /** A worker in a JVM of its own, in which the functions know that they are not to end by themselves. */
    static final class Child {
        public static void main(String[] args) throws InterruptedException {
            Worker.on(args[0])
                    .functions(Fates.class)
                    .name(args[1])
                    .rescueAfter(Duration.ofSeconds(1))
                    .stopOnShutdown(Duration.ofSeconds(20))
                    .build()
                    .run();
        }
    }

    /** Job functions that meet another fate in a child. */
    static final class Fates {
        private Fates() {}

        @SimulJob("fates.wait_for_file")
        static String waitForFile(String file) throws InterruptedException {
            if (System.getProperty("simul.child") == null) {
                return "rescued";
            }
            while (!Files.exists(Path.of(file))) {
                Thread.sleep(10);
            }
            return "late";
        }
    }

    private Process child(String name) throws IOException {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dsimul.child=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        redis.url(),
                        name)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        children.add(child);
        return child;
    }

    private Worker.Builder survivor() {
        return Worker.on(redis.url())
                .functions(Fates.class, Sums.class)
                .name("survivor")
                .rescueAfter(Duration.ofSeconds(1));
    }

    private static void await(Job<?> job, JobStatus status) {
        while (job.status() != status) {
            Background.breathe();
        }
    }

    /** A job that worker "dead" has begun, as it stands in Redis after that worker has gone silent. */
    private void begunByTheDead(Job<?> job) {
        var id = job.id();
        raw.lrem("rq:queue:default", 1, id);
        raw.hset("rq:job:" + id, Map.of("status", "started", "worker_name", "dead"));
        long now = Instant.now().getEpochSecond();
        raw.zadd("rq:wip:default", now + 80.0, id + ":e1");
        raw.hset(
                "rq:execution:" + id + ":e1",
                Map.of(
                        "id",
                        "e1",
                        "job_id",
                        id,
                        "worker_name",
                        "dead",
                        "created_at",
                        "" + now,
                        "last_heartbeat",
                        "" + now));
        raw.zadd("rq:executions:" + id, now + 140.0, "e1");
        raw.zadd("simul:rq:workers:default", 1000.0 * now - 1, "dead");
    }

    private CompletableFuture<WorkerTally> run(Worker worker) {
        workers.add(worker);
        return Background.run(worker);
    }

    @Test
    void jobsOfADeadWorkerRunInTheOrderInWhichTheyStood() throws Exception {
        for (var id : List.of("q", "d", "m", "x", "a", "z", "k", "b", "t")) {
            jobs.queue("default").with(o -> o.id(id)).enqueue(Sums::add, 1, 1);
        }
        var order = jobs.queue("default").ids();
        for (var id : order) {
            begunByTheDead(jobs.job(id).orElseThrow());
            boolean earlier = order.indexOf(id) < 2;
            raw.hset("rq:job:" + id, "started_at", "2026-01-01T10:00:0" + (earlier ? 0 : 1) + ".000000Z");
        }
        var ran = new CopyOnWriteArrayList<String>();
        var noting = new JobMiddleware() {
            @Override
            public void run(Run run) throws Exception {
                ran.add(run.job().id());
                run.proceed();
            }
        };
        var worker = Worker.on(JobSettings.of(redis.url()).middleware(noting))
                .functions(Sums.class)
                .rescueAfter(Duration.ofSeconds(1))
                .build();
        var _ = run(worker);
        await(jobs.job(order.getLast()).orElseThrow(), JobStatus.FINISHED);
        assertThat(ran).isEqualTo(order);
    }

    @Test
    void jobOfAKilledWorkerIsRunElsewhereWithinSeconds() throws Exception {
        var job = jobs.queue("default").enqueue(Fates::waitForFile, "/never");
        var child = child("victim");
        await(job, JobStatus.STARTED);
        var execution = raw.zrange("rq:wip:default", 0, -1).getFirst();
        var worker = survivor().build();
        var run = run(worker);

        child.destroyForcibly().waitFor();

        assertThat(job.await()).isEqualTo("rescued");
        assertThat(raw.hget("rq:job:" + job.id(), "x_rescues")).isEqualTo("1");
        assertThat(raw.exists("rq:execution:" + execution, "rq:executions:" + job.id()))
                .isZero();
        assertThat(raw.zcard("rq:wip:default")).isZero();
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
    }

    @Test
    void outcomeOfAFrozenWorkerThatComesBackIsRefused(@TempDir Path folder) throws Exception {
        var file = folder.resolve("go on");
        var job = jobs.queue("default").enqueue(Fates::waitForFile, file.toString());
        var child = child("frozen");
        await(job, JobStatus.STARTED);
        var worker = survivor().build();
        var run = run(worker);

        Signal.STOP.to(child.pid());
        assertThat(job.await()).isEqualTo("rescued");
        Files.createFile(file);
        Signal.CONT.to(child.pid());
        while (raw.exists("simul:rq:alive:frozen") == 0) { // it lives again, and is not taken for dead
            Background.breathe();
        }
        child.destroy(); // SIGTERM: it records what it can, and ends
        child.waitFor();

        assertThat(raw.hgetall("rq:worker:frozen")).containsKey("death").doesNotContainKey("successful_job_count");
        assertThat(raw.xlen("rq:results:" + job.id())).isEqualTo(1);
        assertThat(jobs.job(job.id(), String.class).orElseThrow().await()).isEqualTo("rescued");
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(1, 0));
    }

    @Test
    void jobThatWasToBeStoppedWhenItsWorkerDiedIsStoppedAndNotRunAgain() throws Exception {
        var job = jobs.queue("default").with(o -> o.retry(Retry.of(2))).enqueue(Sums::trace, "must not run again");
        begunByTheDead(job);
        assertThat(job.stop()).isTrue(); // nobody is there to hear
        Sums.TRACE.clear();
        var worker = survivor().build();
        var run = run(worker);
        await(job, JobStatus.STOPPED);
        assertThat(job.latestResult().orElseThrow().traceback())
                .contains("Job stopped by user, work-horse terminated.");
        assertThat(jobs.queue("default").registry(JobRegistry.Kind.FAILED).ids())
                .containsExactly(job.id());
        assertThat(raw.exists("rq:wip:default", "rq:executions:" + job.id())).isZero();
        assertThat(Sums.TRACE).isEmpty();
        worker.stop();
        run.get(30, SECONDS);
    }

    @Test
    void rescuedJobGoesToTheFrontAndKeepsItsRetries() throws Exception {
        var job = jobs.queue("default").with(o -> o.id("left")).enqueue(Sums::add, 1, 2);
        begunByTheDead(job);
        raw.hset("rq:job:left", Map.of("retries_left", "2", "retry_intervals", "[60]"));
        var gate = Sums.gate("busy", 1);
        jobs.queue("default").enqueue(Sums::hold, "busy");
        var last = jobs.queue("default").enqueue(Sums::add, 3, 4);
        var worker = survivor().build();
        var run = run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        await(job, JobStatus.QUEUED);

        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactly("left", last.id());
        assertThat(raw.hget("rq:job:left", "retries_left")).isEqualTo("2");
        gate.open.countDown();
        assertThat(job.await()).isEqualTo(3);
        worker.stop();
        run.get(30, SECONDS);
    }

    @Test
    void jobThatKillsOneWorkerAfterTheOtherFailsInTheEnd() throws Exception {
        var job = jobs.queue("default").with(o -> o.id("killer")).enqueue(Sums::add, 1, 2);
        begunByTheDead(job);
        raw.hset("rq:job:killer", "x_rescues", "2");
        var worker = survivor().maxRescues(2).build();
        var run = run(worker);

        assertThatThrownBy(job::await)
                .isInstanceOf(JobFailedException.class)
                .hasMessageContaining("AbandonedJobError: worker dead died while it ran job killer");
        assertThat(job.status()).isEqualTo(JobStatus.FAILED);
        assertThat(raw.zscore("rq:failed:default", "killer")).isGreaterThan(1e9);
        assertThat(raw.ttl("rq:job:killer")).isGreaterThan(31_000_000);
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(0, 0));
    }

    @Test
    void withThePolicyFailRqsRuleHolds() throws Exception {
        var plain = jobs.queue("default").with(o -> o.id("plain")).enqueue(Sums::add, 1, 2);
        var patient = jobs.queue("default").with(o -> o.id("patient")).enqueue(Sums::add, 3, 4);
        begunByTheDead(plain);
        begunByTheDead(patient);
        raw.hset("rq:job:patient", Map.of("retries_left", "1", "retry_intervals", "[0]"));
        var worker = survivor().rescue(RescuePolicy.FAIL).build();
        var run = run(worker);

        assertThat(patient.await()).isEqualTo(7);
        assertThatThrownBy(plain::await)
                .hasMessageContaining("Moved to FailedJobRegistry, due to AbandonedJobError, at 2");
        assertThat(raw.hget("rq:job:patient", "retries_left")).isEqualTo("0");
        worker.stop();
        run.get(30, SECONDS);
    }

    @Test
    void jobThatHasEndedIsNotRunAgainForAnExecutionThatWasLeftBehind() throws Exception {
        var ended = jobs.queue("default").with(o -> o.id("ended")).enqueue(Sums::add, 1, 2);
        begunByTheDead(ended);
        raw.hset("rq:job:ended", "status", "finished");
        var worker = survivor().build();
        var run = run(worker);

        while (raw.zcard("rq:wip:default") > 0) {
            Background.breathe();
        }
        assertThat(ended.status()).isEqualTo(JobStatus.FINISHED);
        assertThat(raw.llen("rq:queue:default")).isZero();
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(0, 0));
    }

    @Test
    void workerThatTakesOverANameRescuesWhatItsPredecessorHasLeft() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
        begunByTheDead(job);
        raw.zadd("simul:rq:workers:default", 1000.0 * Instant.now().getEpochSecond() + 60_000, "dead");
        raw.set("simul:rq:alive:dead", "1");
        var worker = survivor().name("dead").burst(true).build();

        assertThat(worker.run()).isEqualTo(new WorkerTally(1, 0));
        assertThat(job.await()).isEqualTo(3);
    }

    @Test
    void workerThatEndsLeavesNothingForRescuersToLookAt() throws Exception {
        jobs.queue("default").enqueue(Sums::add, 1, 2);
        survivor().burst(true).build().run();
        assertThat(raw.keys("simul:*")).isEmpty();
    }
}
