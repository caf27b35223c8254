package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A deployment of Java's workers that is operated with the tools of the real Python rq, and has its workers beside it. */
@ParameterizedClass
@ValueSource(strings = {"2.10.0", "2.12.0", "3.0.0"})
class PythonOperationsTest {
    /** Where {@code tasks.count} counts. */
    private static volatile @Nullable RedisCommands<String, String> counts;

    private final String version;
    private final List<Worker> begun = new ArrayList<>();
    private EmbeddedRedis redis;
    private RedisClient client;
    private RedisCommands<String, String> raw;
    private JobClient jobs;
    private JobQueue queue;
    private PythonRq python;

    PythonOperationsTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void connect() throws InterruptedException {
        redis = EmbeddedRedis.start();
        client = RedisClient.create(redis.url());
        raw = client.connect().sync();
        counts = raw;
        jobs = JobClient.connect(redis.url());
        queue = jobs.queue("default");
        python = PythonRq.install(version, redis.url());
    }

    @AfterEach
    void disconnect() {
        begun.forEach(Worker::stopNow);
        jobs.close();
        client.shutdown();
        redis.close();
    }

    /** What Java offers besides {@link Sums}. */
    static final class Counted {
        private Counted() {}

        @SimulJob("tasks.count")
        static long count() {
            return Objects.requireNonNull(counts)
                    .hincrby("runs", CurrentJob.get().id(), 1);
        }
    }

    private Worker.Builder worker() {
        return Worker.on(redis.url()).name("java-1").functions(Sums.class, Counted.class);
    }

    private CompletableFuture<WorkerTally> begin(Worker.Builder builder) {
        var worker = builder.build();
        begun.add(worker);
        return Background.run(worker);
    }

    private static void until(BooleanSupplier condition) {
        long patience = System.nanoTime() + SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time is up").isLessThan(patience);
            Background.breathe();
        }
    }

    @Test
    void rqInfoShowsABusyJavaWorker() throws Exception {
        queue.enqueue(Sums::boom, "no luck");
        var ended = queue.enqueue(Sums::noop);
        var gate = Sums.gate("info", 1);
        queue.enqueue(Sums::hold, "info");
        var run = begin(worker().burst(true));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        ended.await();
        queue.enqueue(Sums::noop);

        assertThat(python.rq("info", "--raw").lines())
                .anyMatch("queue default 1, 1 executing, 1 finished, 1 failed"::equals)
                .anyMatch(line -> line.matches("worker java-1 \\(\\S+ \\S+ "
                        + ProcessHandle.current().pid() + "\\) busy default\\. jobs: 1 finished, 1 failed"));
        assertThat(python.rq("info"))
                .contains("1, 1 executing, 1 finished, 1 failed")
                .contains("): busy default. jobs: 1 finished, 1 failed")
                .contains("1 workers, 1 queues");
        assertThat(python.rq("info", "--by-queue")).contains("default: java-1 (busy)");
        var seen = python.ask("workers", Map.of()).get(0);
        assertThat(seen.get("state").stringValue()).isEqualTo("busy");
        assertThat(seen.get("current").isNull()).isTrue(); // not published
        python.ask("cleanup", Map.of());
        gate.open.countDown();
        assertThat(run.get(30, SECONDS).finished()).isEqualTo(3);
    }

    @Test
    void rqStopsAJobOfJavaWhateverItsStoppedCallbackDoes() throws Exception {
        for (var callback : List.of("tasks.noop", "tasks.boom", "nobody.knows_it")) {
            var id = python.ask("enqueue_stoppable", Map.of("seconds", 600, "callback", callback))
                    .stringValue();
            var job = jobs.job(id).orElseThrow();
            var run = begin(worker().burst(true));
            until(() -> job.status() == JobStatus.STARTED);
            python.ask("stop", Map.of("id", id));
            assertThat(run.get(30, SECONDS).stopped()).isEqualTo(1);
            assertThat(job.status()).isEqualTo(JobStatus.STOPPED);
            assertThat(job.results()).extracting(JobResult::type).containsExactly(JobResult.Type.FAILED);
            assertThat(python.ask("listed", Map.of("registry", "failed_job_registry"))
                            .toString())
                    .contains(id);
        }
    }

    @Test
    void jobWhoseStoppedCallbackEndsItsPythonWorkerIsNotLost() throws Exception {
        var job = queue.with(o -> o.onStopped(Callback.of("nobody.knows_it"))).enqueue("tasks.sleep", Void.class, 600);
        var child = python.beginRq(
                Stream.concat(Stream.of("worker", "--burst", "default"), PythonRq.JSON_SERIALIZER.stream())
                        .toArray(String[]::new));
        until(() -> job.status() == JobStatus.STARTED);
        assertThat(job.stop()).isTrue();
        child.exitCode();
        for (var member : raw.zrange("rq:wip:default", 0, -1)) { // its heartbeat is long over
            raw.zadd("rq:wip:default", 1, member);
        }
        worker().burst(true).build().run();
        assertThat(job.status()).isEqualTo(JobStatus.STOPPED);
        assertThat(queue.registry(JobRegistry.Kind.FAILED).ids()).containsExactly(job.id());
        assertThat(raw.zcard("rq:wip:default")).isZero();
    }

    @Test
    void suspendedJavaWorkerTakesNothingUntilRqResumes() throws Exception {
        var run = begin(worker());
        queue.enqueue(Sums::noop).await();
        until(() -> state().equals("idle"));
        python.rq("suspend");
        var job = queue.enqueue(Sums::add, 1, 2);
        until(() -> state().equals("suspended"));
        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(python.rq("info", "--raw")).contains("suspended default");
        python.rq("resume");
        assertThat(job.await()).isEqualTo(3);
        begun.forEach(Worker::stop);
        run.get(30, SECONDS);
    }

    private String state() {
        return jobs.workers().getFirst().state();
    }

    @Test
    void rqEmptiesRequeuesAndEnqueuesForJava() throws Exception {
        var bad = queue.enqueue(Sums::boom, "no luck");
        worker().burst(true).build().run();
        var waiting = queue.enqueue(Sums::noop);
        assertThat(python.rqJson("empty", "default")).contains("1 jobs removed from default queue");
        assertThat(waiting.status()).isEqualTo(JobStatus.GONE);
        assertThat(python.rqJson("requeue", "--queue", "default", bad.id())).contains("Requeueing 1 jobs");
        assertThat(python.rqJson("enqueue", "tasks.add", ":2", "b:=3", "--job-id", "by-hand"))
                .contains("by-hand");
        var tally = worker().burst(true).build().run();
        assertThat(tally.failed()).isEqualTo(1);
        assertThat(jobs.job("by-hand", Integer.class).orElseThrow().await()).isEqualTo(5);
    }

    @Test
    void jobsOfRqCronArePickledAndRunByJava() throws Exception {
        var cron = python.beginRq("cron", "cron_jobs");
        until(() -> queue.size() == 1 && !jobs.cronSchedulers().isEmpty());
        var id = queue.ids().getFirst();
        assertThat(jobs.cronSchedulers())
                .singleElement()
                .satisfies(scheduler -> assertThat(scheduler.jobs()).hasSize(1));
        worker().burst(true).build().run();
        var job = jobs.job(id, Integer.class).orElseThrow();
        assertThat(job.await()).isEqualTo(23);
        assertThat(job.meta()).containsEntry("by", "cron");
        assertThat(python.ask("read", Map.of("id", id, "pickle", true))
                        .get("value")
                        .intValue())
                .isEqualTo(23);
        cron.signal("TERM");
        cron.exitCode();
        until(() -> jobs.cronSchedulers().isEmpty());
    }

    @Test
    void schedulersOfBothSidesMoveEachJobOnce() throws Exception {
        var pythonWorker = python.beginRq(
                Stream.concat(Stream.of("worker", "--with-scheduler", "default"), PythonRq.JSON_SERIALIZER.stream())
                        .toArray(String[]::new));
        until(() -> jobs.schedulers().size() == 1);
        var run = begin(worker().scheduler(true));
        var ids = new ArrayList<String>();
        for (int i = 0; i < 10; i++) { // due before they are there
            ids.add(queue.enqueueAt(Instant.now().minus(Duration.ofMinutes(5)), "tasks.count", Long.class)
                    .id());
        }
        python.ask("enqueue_past_due", Map.of("count", 10)).forEach(id -> ids.add(id.stringValue()));
        until(() -> ids.stream().allMatch(id -> jobs.job(id).orElseThrow().status() == JobStatus.FINISHED));
        // the lock is Python's until it ends, then Java's
        pythonWorker.signal("TERM");
        pythonWorker.exitCode();
        ids.add(queue.enqueueAt(Instant.now(), "tasks.count", Long.class).id());
        until(() -> jobs.job(ids.getLast()).orElseThrow().status() == JobStatus.FINISHED);
        begun.forEach(Worker::stop);
        run.get(30, SECONDS);
        assertThat(raw.hgetall("runs"))
                .hasSize(21)
                .containsOnlyKeys(ids)
                .allSatisfy((_, runs) -> assertThat(runs).isEqualTo("1"));
        assertThat(raw.keys("rq:scheduler*")).isEmpty();
    }

    @Test
    void uniqueIdIsRefusedAcrossLanguages() throws Exception {
        queue.with(o -> o.id("java").unique()).enqueue(Sums::noop);
        assertThat(python.ask("enqueue_unique", Map.of("id", "java")).booleanValue())
                .isFalse();
        assertThat(python.ask("enqueue_unique", Map.of("id", "python")).booleanValue())
                .isTrue();
        assertThatThrownBy(() -> queue.with(o -> o.id("python").unique()).enqueue(Sums::noop))
                .isInstanceOf(DuplicateJobException.class);
        assertThat(worker().burst(true).build().run().finished()).isEqualTo(2);
    }

    @Test
    void workerPoolOfRqWorksBesideJava() throws Exception {
        var all = new ArrayList<Job<Long>>();
        for (int i = 0; i < 30; i++) {
            all.add(queue.enqueue("tasks.count", Long.class));
        }
        var pool = Background.call(() -> python.rqJson("worker-pool", "--burst", "--num-workers", "2", "default"));
        worker().burst(true).build().run();
        pool.get(60, SECONDS);
        for (var job : all) {
            assertThat(job.await()).isEqualTo(1);
        }
        assertThat(jobs.workers()).isEmpty();
    }

    @Test
    void childrenOfAParentWhosePythonWorkerDiedAtItsEndAreRun() throws Exception {
        assumeThat(version).isEqualTo("3.0.0"); // earlier ones queue children in the step that ends the parent
        var parent = queue.enqueue(Sums::add, 1, 2);
        var child = queue.with(o -> o.after(parent)).enqueue(Sums::add, 3, 4);
        var dead = python.begin("drive.py", "work_and_die_before_children_are_queued", Map.of());
        assertThat(dead.exitCode()).isEqualTo(9);
        assertThat(parent.status()).isEqualTo(JobStatus.FINISHED);
        assertThat(queue.registry(JobRegistry.Kind.READY).ids()).containsExactly(child.id());
        raw.del("rq:clean_registries:default"); // the lock of the dead
        worker().burst(true).build().run();
        assertThat(child.await()).isEqualTo(7);
        assertThat(raw.exists("rq:ready:default")).isZero();
    }
}
