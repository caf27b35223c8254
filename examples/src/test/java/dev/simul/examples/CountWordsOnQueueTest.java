package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.simul.jobs.EmbeddedRedis;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountWordsOnQueueTest {
    private HttpServer server;
    private String page;

    @BeforeEach
    void servePage() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/page", exchange -> {
            try (exchange) {
                var body = "he is no faster\nhe only  never waits\n".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        page = "http://localhost:" + server.getAddress().getPort() + "/page";
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void aWorkerCountsTheWordsOnAnEmbeddedRedis() throws Exception {
        assertThatEightWordsWereCounted(Printed.by(CountWordsOnQueue::main, "--page", page));
    }

    @Test
    void aWorkerCountsTheWordsOnTheRedisThatIsNamed() throws Exception {
        try (var redis = EmbeddedRedis.start()) {
            assertThatEightWordsWereCounted(
                    Printed.by(CountWordsOnQueue::main, "--redis", redis.url(), "--page", page));
        }
    }

    private void assertThatEightWordsWereCounted(List<String> lines) {
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).matches("job [0-9a-f-]{36} is QUEUED");
        assertThat(lines.getLast()).isEqualTo("8 words at " + page);
    }
}
