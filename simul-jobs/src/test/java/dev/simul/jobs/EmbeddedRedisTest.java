package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EmbeddedRedisTest {

    @Test
    void serverAnswersWhenStartReturns() {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            assertThat(jobs.queue("default").size()).isZero();
            assertThat(redis.isRunning()).isTrue();
            assertThat(redis.startup()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(30));
        }
    }

    @Test
    void closeLeavesNeitherProcessNorFiles() {
        var redis = EmbeddedRedis.start();
        var directory = directory(redis);
        assertThat(directory).isDirectory();
        redis.close();
        assertThat(redis.isRunning()).isFalse();
        assertThat(directory).doesNotExist();
    }

    @Test
    void clientOfKilledServerIsToldSoInsteadOfWaitingForEver() {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var job = jobs.queue("default").enqueue("nobody.runs_this", Integer.class);
            ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();
            assertThatThrownBy(job::await)
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("Redis at 127.0.0.1:" + redis.port());
        }
    }

    @Test
    void serverDiesWithItsJvmEvenIfThatIsKilled() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long pid = Long.parseLong(child.inputReader().readLine());
        var server = ProcessHandle.of(pid).orElseThrow();

        child.destroyForcibly().waitFor();

        server.onExit().get(30, TimeUnit.SECONDS);
        assertThat(server.isAlive()).isFalse();
    }

    /** A JVM that starts a server, says its process id and waits to be killed. */
    static final class Holder {
        public static void main(String[] args) throws InterruptedException {
            System.out.println(EmbeddedRedis.start().pid());
            Thread.currentThread().join();
        }
    }

    private static Path directory(EmbeddedRedis redis) {
        try (var client = RedisClient.create(redis.url())) {
            return Path.of(client.connect().sync().configGet("dir").get("dir"));
        }
    }
}
