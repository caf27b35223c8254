package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Addresses at which something else answers than the URL says. */
class WrongServerTest extends OnRedis {
    @TempDir
    private static Path folder;

    private static Sentinel sentinel;
    private static String atSentinel;

    @BeforeAll
    static void start() throws IOException {
        sentinel = Sentinel.start(folder, redis);
        atSentinel = "127.0.0.1:" + sentinel.port();
        while (!isUp("redis-sentinel://" + atSentinel + "/0#jobs")) {
            Background.breathe();
        }
    }

    private static boolean isUp(String url) {
        try (var jobs = JobClient.connect(url)) {
            return !jobs.isSuspended();
        } catch (RedisUnavailableException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        sentinel.close();
    }

    private static void assertRefused(String url, String message) {
        assertThatThrownBy(() -> JobClient.connect(url))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRedisIsNotTakenForASentinel() {
        var at = "127.0.0.1:" + redis.port();
        assertRefused(
                "redis-sentinel://" + at + "/0#jobs",
                "no Redis at " + at + "#jobs (" + at + " is a Redis and no sentinel); give redis://" + at);
    }

    @Test
    void aSentinelIsNotTakenForARedis() {
        assertRefused(
                "redis://" + atSentinel,
                "Redis at " + atSentinel + " is a sentinel; give redis-sentinel://" + atSentinel + "/0#service");
    }

    @Test
    void aServiceThatTheSentinelDoesNotKnowIsToldWithThoseItKnows() {
        assertRefused(
                "redis-sentinel://" + atSentinel + "/0#shop",
                "(the sentinel " + atSentinel + " does not know shop); give one of its services after #: jobs");
    }

    @Test
    void aWebServerIsNamedAsSuch() throws IOException {
        var web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.start();
        try {
            var at = "127.0.0.1:" + web.getAddress().getPort();
            assertRefused("redis://" + at, "no Redis at " + at + " (a web server answers there); start one");
            assertRefused("redis-sentinel://" + at + "/0#jobs", "(what answers at " + at + " is no sentinel)");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void aServerThatSaysNothingIsNamedAsSuch() throws IOException {
        try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            var settings =
                    JobSettings.of("redis://127.0.0.1:" + silent.getLocalPort()).patience(Duration.ofMillis(100));
            assertThatThrownBy(() -> JobClient.connect(settings))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("(a server takes the connection and says nothing)");
        }
    }
}
