package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a Redis may do to a worker and its clients without a job being lost. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisFaultsTest {
    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<AutoCloseable> workers = new ArrayList<>();
    private EmbeddedRedis redis;
    private RedisCommands<String, String> raw;

    @BeforeEach
    void start() throws Exception {
        redis = startOn(TlsTest.freePort());
        var client = RedisClient.create(redis.url());
        open.add(client);
        raw = client.connect().sync();
    }

    private EmbeddedRedis startOn(int port) {
        var server = EmbeddedRedis.start(
                "--port",
                Integer.toString(port),
                "--dir",
                folder.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--lua-time-limit",
                "50");
        open.add(server);
        return server;
    }

    @AfterEach
    void stop() throws Exception {
        for (var worker : workers) {
            worker.close();
        }
        for (var resource : open.reversed()) {
            resource.close();
        }
    }

    private JobClient client(String url) {
        var jobs = JobClient.connect(JobSettings.of(url).patience(Duration.ofSeconds(20)));
        open.add(jobs);
        return jobs;
    }

    private void work(String url, Duration patience) {
        var worker = Worker.on(JobSettings.of(url).patience(patience))
                .functions(Sums.class)
                .concurrency(2)
                .build();
        var run = Background.run(worker);
        workers.add(() -> {
            worker.stop();
            run.get(60, SECONDS);
        });
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Background.breathe();
        }
    }

    @Test
    void outcomeOfAJobThatEndsWhileRedisIsDownIsRecordedWhenItIsBack() throws Exception {
        var jobs = client(redis.url());
        var gate = Sums.gate("down", 1);
        var held = jobs.queue("default").enqueue(Sums::hold, "down");
        var waiting = held.toCompletableFuture();
        work(redis.url(), Duration.ofSeconds(5));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        redis.close();
        gate.open.countDown();
        startOn(redis.port());

        assertThat(waiting.get(30, SECONDS)).isEqualTo("down");
        assertThat(jobs.queue("default").enqueue(Sums::add, 2, 3).join()).isEqualTo(5);
    }

    @Test
    void idleWorkerTakesJobsAgainAfterARestart() {
        var jobs = client(redis.url());
        work(redis.url(), Duration.ofSeconds(5));
        assertThat(jobs.queue("default").enqueue(Sums::add, 1, 1).join()).isEqualTo(2);

        redis.close();
        startOn(redis.port());

        assertThat(jobs.queue("default").enqueue(Sums::add, 2, 3).join()).isEqualTo(5);
    }

    @Test
    void everyConnectionMayBeKilledAtAnyTime() {
        var jobs = client(redis.url());
        work(redis.url(), Duration.ofSeconds(5));
        assertThat(jobs.queue("default").enqueue(Sums::add, 0, 0).join()).isZero();
        for (int i = 0; i < 20; i++) {
            var job = jobs.queue("default").enqueue(Sums::add, i, 1).toCompletableFuture();
            raw.clientKill(KillArgs.Builder.typeNormal().skipme());
            raw.clientKill(KillArgs.Builder.typePubsub());
            assertThat(job.join()).isEqualTo(i + 1);
        }
    }

    @Test
    void whatAReadOnlyRedisRefusesIsDoneByTheNextPrimary() throws Exception {
        var jobs = client(redis.url());
        var gate = Sums.gate("read-only", 1);
        var held = jobs.queue("default").enqueue(Sums::hold, "read-only");
        work(redis.url(), Duration.ofSeconds(5));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        raw.replicaof("127.0.0.1", 1); // nobody is there, so it keeps its data
        gate.open.countDown();
        var enqueued = CompletableFuture.supplyAsync(() -> jobs.queue("default").enqueue(Sums::add, 2, 3));
        until(() -> raw.info("errorstats").contains("READONLY"));
        raw.replicaofNoOne();

        assertThat(held.join()).isEqualTo("read-only");
        assertThat(enqueued.get(30, SECONDS).join()).isEqualTo(5);
    }

    @Test
    void fullMemoryHoldsOutcomesUpAndIsNamedToWhoeverEnqueues() throws Exception {
        var jobs = client(redis.url());
        var gate = Sums.gate("memory", 1);
        var held = jobs.queue("default").enqueue(Sums::hold, "memory");
        work(redis.url(), Duration.ofSeconds(5));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        raw.configSet("maxmemory", "1");
        gate.open.countDown();
        assertThatThrownBy(() -> jobs.queue("default").enqueue(Sums::add, 2, 3))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("OOM")
                .hasMessageContaining("raise its maxmemory");
        assertThat(held.status()).isEqualTo(JobStatus.STARTED);
        raw.configSet("maxmemory", "0");

        assertThat(held.join()).isEqualTo("memory");
        assertThat(jobs.queue("default").enqueue(Sums::add, 2, 3).join()).isEqualTo(5);
    }

    @Test
    void brokenDiskHoldsOutcomesUpAndIsNamedToWhoeverEnqueues() throws Exception {
        var jobs = client(redis.url());
        var gate = Sums.gate("disk", 1);
        var held = jobs.queue("default").enqueue(Sums::hold, "disk");
        work(redis.url(), Duration.ofSeconds(5));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        raw.configSet("save", "3600 1");
        raw.configSet("dir", "/proc"); // takes no files
        raw.bgsave();
        until(() -> raw.info("persistence").contains("rdb_last_bgsave_status:err"));
        gate.open.countDown();
        assertThatThrownBy(() -> jobs.queue("default").enqueue(Sums::add, 2, 3))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("MISCONF")
                .hasMessageContaining("look at its disk");
        raw.configSet("save", "");

        assertThat(held.join()).isEqualTo("disk");
        assertThat(jobs.queue("default").enqueue(Sums::add, 2, 3).join()).isEqualTo(5);
    }

    @Test
    void redisThatIsBusyWithSomebodysScriptIsWaitedFor() throws Exception {
        var jobs = client(redis.url());
        work(redis.url(), Duration.ofSeconds(5));
        until(() -> raw.scard("rq:workers") == 1); // whoever starts on a busy Redis is told so and ends
        var endless = RedisClient.create(redis.url());
        open.add(endless);
        var _ = endless.connect().async().eval("while true do end", ScriptOutputType.STATUS);
        var enqueued = CompletableFuture.supplyAsync(() -> jobs.queue("default").enqueue(Sums::add, 2, 3));
        until(() -> {
            try {
                return raw.scriptKill().equals("OK");
            } catch (RuntimeException e) {
                return false; // it has not begun
            }
        });
        assertThat(enqueued.get(30, SECONDS).join()).isEqualTo(5);
    }

    @Test
    void cableThatIsCutUnnoticedIsNoticed() throws Exception {
        var wire = new Wire(redis);
        open.add(wire);
        var jobs = client(redis.url());
        var gate = Sums.gate("cable", 1);
        var held = jobs.queue("default").enqueue(Sums::hold, "cable");
        work(wire.url(), Duration.ofSeconds(1));
        assertThat(gate.begun.await(30, SECONDS)).isTrue();

        wire.freeze();
        gate.open.countDown();

        assertThat(held.toCompletableFuture().get(60, SECONDS)).isEqualTo("cable");
    }

    @Test
    void jobWhoseReservationIsLostOnTheWayIsGivenBackAndRun() throws Exception {
        var wire = new Wire(redis);
        open.add(wire);
        var jobs = client(redis.url());
        wire.cutInsteadOfAnswer("4242");
        var first = jobs.queue("default")
                .with(o -> o.timeout(Duration.ofSeconds(4242)))
                .enqueue(Sums::add, 2, 3);
        work(wire.url(), Duration.ofSeconds(5));

        assertThat(first.toCompletableFuture().get(30, SECONDS)).isEqualTo(5);
        assertThat(wire.isArmed()).isFalse();
        assertThat(raw.zcard("rq:wip:default")).isZero();
        until(() -> "idle".equals(raw.hget(raw.smembers("rq:workers").iterator().next(), "state")));
    }

    @Test
    void enqueueThatNobodyWaitsForAnyMoreIsNotDoneLater() {
        var jobs = Background.connect(JobSettings.of(redis.url()).patience(Duration.ofMillis(300)));
        open.add(jobs);
        redis.close();
        assertThatThrownBy(() -> jobs.queue("default").enqueue(Sums::add, 2, 3))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("has not answered for 300 ms");
        startOn(redis.port());
        until(() -> {
            try {
                return jobs.queue("other").size() == 0;
            } catch (RedisUnavailableException e) {
                return false; // not connected again
            }
        });
        assertThat(raw.llen("rq:queue:default")).isZero();
    }

    @Test
    void replicaThatTakesNoWritesIsNamedAsSuch() {
        var jobs = Background.connect(JobSettings.of(redis.url()).patience(Duration.ofMillis(300)));
        open.add(jobs);
        raw.replicaof("127.0.0.1", 1);
        until(() -> {
            var refused = catchThrowableOfType(
                    RedisUnavailableException.class, () -> jobs.queue("default").enqueue(Sums::add, 2, 3));
            return refused.toString().contains("has refused for 300 ms: READONLY You can't write against a read only")
                    && refused.toString().endsWith("give the address of its primary, or of the sentinels)");
        });
    }

    @Test
    void serverWithTooManyClientsIsNamedAsSuch() {
        raw.configSet("maxclients", "1");
        assertThatThrownBy(() -> JobClient.connect(redis.url()))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("raise its maxclients");
    }

    @Test
    void enqueuersFromManyThreadsOutliveARestart() throws Exception {
        var jobs = client(redis.url());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<CompletableFuture<Job<Integer>>>();
            for (int i = 0; i < 50; i++) {
                all.add(CompletableFuture.supplyAsync(
                        () -> jobs.queue("default").enqueue(Sums::add, 1, 1), threads));
            }
            redis.close();
            startOn(redis.port());
            work(redis.url(), Duration.ofSeconds(5));
            for (var job : all) {
                assertThat(job.get(30, SECONDS).join()).isEqualTo(2);
            }
        }
    }
}
