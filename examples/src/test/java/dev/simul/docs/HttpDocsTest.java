package dev.simul.docs;

import static dev.simul.Async.run;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import dev.simul.Task;
import dev.simul.TaskGroup;
import dev.simul.http.HttpResponse;
import dev.simul.http.HttpSession;
import dev.simul.http.HttpStatusException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.StringTokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The snippets of docs/http.md. */
class HttpDocsTest {
    private static final byte[] PAGE = "three plain words".getBytes(StandardCharsets.UTF_8);

    private final HttpServer server;
    private final String site;

    HttpDocsTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @BeforeEach
    void serve() {
        server.createContext("/", exchange -> {
            try (exchange) {
                boolean missing = exchange.getRequestURI().getPath().equals("/missing");
                exchange.sendResponseHeaders(missing ? 404 : 200, PAGE.length);
                exchange.getResponseBody().write(PAGE);
            }
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static int countWords(String text) {
        return new StringTokenizer(text).countTokens();
    }

    private static int somethingElse() {
        return 1 + 2;
    }

    @Test
    void wordsOfAllPagesAreCountedTogether() throws Exception {
        var urls = List.of(site + "/a", site + "/b");
        int words = run(() -> {
            try (var session = HttpSession.open();
                    var group = TaskGroup.<Integer>open()) {
                for (var url : urls) {
                    group.fork(() -> countWords(session.get(url).requireOk().text()));
                }
                return group.join().stream().mapToInt(Integer::intValue).sum();
            }
        });
        assertEquals(6, words);
    }

    @Test
    void settingsAreKeptForAllRequests() throws IOException {
        var session = HttpSession.builder()
                .timeout(Duration.ofSeconds(10))
                .connectionLimit(20)
                .maxBodyBytes(1 << 20)
                .header("User-Agent", "my-reader/1.0")
                .open();
        try (session) {
            assertEquals(200, session.get(site + "/").status());
        }
    }

    @Test
    void failuresNameWhatHappened() {
        try (var session = HttpSession.open()) {
            var unknown = assertThrows(UnknownHostException.class, () -> session.get("http://no-such-host.invalid/"));
            assertEquals("GET http://no-such-host.invalid/: unknown host no-such-host.invalid", unknown.getMessage());

            var missing = assertThrows(
                    HttpStatusException.class,
                    () -> session.get(site + "/missing").requireOk());
            assertEquals(404, missing.status());
        }
    }

    @Test
    void requestIsUnderWayWhileSomethingElseIsDone() throws Exception {
        try (var session = HttpSession.open()) {
            Task<HttpResponse> page = session.start(site + "/");
            int computed = somethingElse();
            assertEquals(computed, countWords(page.await().text()));
        }
    }
}
