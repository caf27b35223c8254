package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SubredditTopTest {
    /** The shape of Reddit's answer, without the hundred fields per post that nobody reads here. */
    private static final String LISTING = """
            {"kind": "Listing", "data": {"after": "t3_2", "dist": 2, "children": [
              {"kind": "t3", "data": {"subreddit": "%1$s", "score": 4711, "title": "Loom in \\"%1$s\\"",
                "url": "https://example.org/%1$s/1", "over_18": false, "num_comments": 12}},
              {"kind": "t3", "data": {"subreddit": "%1$s", "score": 7, "title": "Zwölf Boxkämpfer",
                "url": "https://example.org/%1$s/2", "over_18": false, "num_comments": 0}}
            ], "before": null}}""";

    private final CountDownLatch allThree = new CountDownLatch(3);

    @Test
    void printsScoreTitleAndLinkOfEachPostAndAsksAllThreeAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            server.createContext("/r/", this::answer);
            server.start();
            try {
                var lines = Printed.by(
                        SubredditTop::main,
                        "--base-url",
                        "http://localhost:" + server.getAddress().getPort());

                for (var subreddit : List.of("java", "programming", "compsci")) {
                    assertThat(lines)
                            .containsSequence(
                                    "4711: Loom in \"" + subreddit + "\" (https://example.org/" + subreddit + "/1)",
                                    "7: Zwölf Boxkämpfer (https://example.org/" + subreddit + "/2)",
                                    "DONE: " + subreddit,
                                    "");
                }
                assertThat(lines).hasSize(12);
            } finally {
                server.stop(0);
            }
        }
    }

    /** Answers nobody until all three are there. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            allThree.countDown();
            if (!allThree.await(30, TimeUnit.SECONDS)) return;
            var uri = exchange.getRequestURI();
            if (!uri.getQuery().equals("sort=top&t=day&limit=5")) throw new IOException("asked for " + uri);
            var subreddit = uri.getPath().split("/")[2];
            var body = LISTING.formatted(subreddit).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
