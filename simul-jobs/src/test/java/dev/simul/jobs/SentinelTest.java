package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A primary, a replica and a sentinel, all real. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SentinelTest {
    @TempDir
    private Path folder;

    private EmbeddedRedis primary;
    private EmbeddedRedis replica;
    private Sentinel sentinel;
    private String url;

    @BeforeEach
    void start() throws Exception {
        var secret = "--requirepass s3cret --masterauth s3cret --repl-diskless-sync yes --repl-diskless-sync-delay 0";
        primary = EmbeddedRedis.start(secret.split(" "));
        replica = EmbeddedRedis.start((secret + " --replicaof 127.0.0.1 " + primary.port()).split(" "));
        sentinel = Sentinel.start(
                folder,
                primary,
                "sentinel auth-pass jobs s3cret",
                "sentinel down-after-milliseconds jobs 500",
                "sentinel failover-timeout jobs 3000");
        int port = sentinel.port();
        url = "redis-sentinel://:s3cret@127.0.0.1:" + port + "/0#jobs";
        try (var client = RedisClient.create("redis://:s3cret@127.0.0.1:" + replica.port())) {
            var raw = client.connect().sync();
            until(() -> raw.info("replication").contains("master_link_status:up"));
        }
        try (var client = RedisClient.create("redis://127.0.0.1:" + port)) {
            until(() -> knowsItsReplica(client));
        }
    }

    private static boolean knowsItsReplica(RedisClient client) {
        try (var connection = client.connectSentinel()) {
            return !connection.sync().replicas("jobs").isEmpty();
        } catch (RuntimeException e) {
            return false; // it is not up
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.yield();
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        sentinel.close();
        replica.close();
        primary.close();
    }

    @Test
    void jobsOutliveTheDeathOfThePrimary() throws Exception {
        var deployment = JobSettings.of(url).patience(Duration.ofSeconds(60));
        try (var jobs = JobClient.connect(deployment)) {
            var gate = Sums.gate("sentinel", 1);
            var held = jobs.queue("default").enqueue(Sums::hold, "sentinel");
            var worker =
                    Worker.on(deployment).functions(Sums.class).concurrency(2).build();
            var run = Background.run(worker);
            assertThat(gate.begun.await(30, SECONDS)).isTrue();
            var waiting = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < 20; i++) {
                waiting.add(jobs.queue("later").enqueue(Sums::add, i, 1).toCompletableFuture());
            }
            try (var client = RedisClient.create("redis://:s3cret@127.0.0.1:" + primary.port())) {
                client.connect().sync().waitForReplication(1, 10_000);
            }

            primary.close();
            gate.open.countDown(); // the outcome cannot be recorded before the replica has been promoted

            assertThat(held.toCompletableFuture().get(60, SECONDS)).isEqualTo("sentinel");
            assertThat(jobs.queue("default").enqueue(Sums::add, 2, 3).join()).isEqualTo(5);
            worker.stop();
            run.get(30, SECONDS);
            Worker.on(deployment)
                    .queues("later")
                    .functions(Sums.class)
                    .burst(true)
                    .build()
                    .run();
            for (int i = 0; i < 20; i++) {
                assertThat(waiting.get(i).get(30, SECONDS)).isEqualTo(i + 1);
            }
        }
    }

    @Test
    void sentinelsAreNamedInErrorsWithoutThePassword() throws IOException {
        var nobody = "redis-sentinel://:s3cret@127.0.0.1:" + TlsTest.freePort() + "#jobs";
        assertThatThrownBy(() -> JobClient.connect(nobody))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("#jobs")
                .hasMessageNotContaining("s3cret");
        assertThatThrownBy(() -> JobClient.connect(url.replace("#jobs", "#other")))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("#other")
                .hasMessageNotContaining("s3cret");
        assertThat(JobSettings.of(url))
                .asString()
                .startsWith("Redis at 127.0.0.1:")
                .endsWith("#jobs");
    }
}
