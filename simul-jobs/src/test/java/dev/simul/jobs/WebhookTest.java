package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a real HTTP server on the loopback interface gets when jobs end. */
class WebhookTest extends OnRedis {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private HttpServer server;
    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() throws IOException {
        written = new HandWrittenJobs(redis.url());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + exchange.getRequestHeaders().getFirst("X-Token"));
            int status = exchange.getRequestURI().getPath().equals("/broken") ? 500 : 200;
            exchange.sendResponseHeaders(status, 0);
            if (exchange.getRequestURI().getPath().equals("/endless")) {
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void tidyUpTest() {
        never.countDown();
        server.stop(0);
        written.close();
    }

    private URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private JobQueue queue(Webhook... webhooks) {
        return jobs.queue("default").with(o -> {
            var options = o.id("a");
            for (var webhook : webhooks) {
                options = options.webhook(webhook);
            }
            return options;
        });
    }

    private static void work() throws InterruptedException {
        Worker.on(redis.url())
                .functions(Sums.class, Hooks.class)
                .burst(true)
                .build()
                .run();
    }

    @Test
    void finishedJobIsPostedAsRqDoes() throws Exception {
        queue(
                        Webhook.onFinished(url("/done?x=1")).post().headers(Map.of("X-Token", "t")),
                        Webhook.onFailed(url("/failed")))
                .enqueue(Sums::add, 1, 2);
        work();
        assertThat(requests).containsExactly("POST /done?x=1 application/json t");
        var body = new JsonMapper().readTree(bodies.getFirst());
        assertThat(body.propertyNames()).containsExactly("job_id", "func_name", "status", "enqueued_at", "ended_at");
        assertThat(body.get("job_id").stringValue()).isEqualTo("a");
        assertThat(body.get("func_name").stringValue()).isEqualTo("tasks.add");
        assertThat(body.get("status").stringValue()).isEqualTo("finished");
        assertThat(body.get("enqueued_at").stringValue())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{6})?\\+00:00");
    }

    @Test
    void failedJobIsReportedWithItsTracebackAndOnlyWhenItFailsForGood() throws Exception {
        jobs.queue("default")
                .with(o -> o.retry(Retry.of(2))
                        .webhook(Webhook.onFailed(url("/failed")).post())
                        .webhook(Webhook.onFinished(url("/done"))))
                .enqueue(Sums::boom, "no luck");
        work();
        assertThat(requests).containsExactly("POST /failed application/json null");
        assertThat(new JsonMapper().readTree(bodies.getFirst()).get("exc_info").stringValue())
                .contains("IllegalStateException: no luck");
    }

    @Test
    void getHasNoBody() throws Exception {
        queue(Webhook.onFinished(url("/done"))).enqueue(Sums::add, 1, 2);
        work();
        assertThat(requests).containsExactly("GET /done null null");
        assertThat(bodies).containsExactly("");
    }

    @Test
    void returnedRetryIsReportedOnceItHasBeenTriedTooOften() throws Exception {
        queue(Webhook.onFailed(url("/failed"))).enqueue(Hooks::retry, 1);
        work();
        assertThat(requests).containsExactly("GET /failed null null");
    }

    @Test
    void noWebhookEverChangesTheJob() throws Exception {
        var job = queue(
                        Webhook.onFinished(URI.create("http://127.0.0.1:1/nobody-listens")),
                        Webhook.onFinished(url("/broken")),
                        Webhook.onFinished(url("/endless")).timeout(Duration.ofSeconds(1)),
                        Webhook.onFinished(url("/done")).headers(Map.of("Host", "elsewhere", "X-Token", "t")))
                .enqueue(Sums::add, 1, 2);
        work();
        assertThat(job.await()).isEqualTo(3);
        assertThat(requests)
                .containsExactlyInAnyOrder("GET /broken null null", "GET /endless null null", "GET /done null t");
    }

    @Test
    void webhooksThatNobodyCanReadAreSkipped() throws Exception {
        var good = "{\"url\": \"" + url("/done") + "\", \"job_status\": \"finished\", \"method\": \"GET\","
                + " \"headers\": null, \"timeout\": 10}";
        var entries = List.of(
                "7",
                "null",
                "{\"url\": \"ftp://x\", \"job_status\": \"finished\"}",
                "{\"url\": \"http://x y\", \"job_status\": \"finished\"}",
                "{\"url\": \"http://x\", \"job_status\": \"started\"}",
                "{\"url\": \"http://x\", \"job_status\": \"finished\", \"method\": \"DELETE\"}",
                good);
        written.queued(
                "a", "[\"tasks.noop\", null, [], {}]", Map.of("webhooks", "[" + String.join(", ", entries) + "]"));
        written.queued("b", "[\"tasks.noop\", null, [], {}]", Map.of("webhooks", "[{"));
        written.queued("c", "[\"tasks.noop\", null, [], {}]", Map.of("webhooks", "{}"));
        work();
        assertThat(requests).containsExactly("GET /done null null");
        assertThat(written.registry("finished:default")).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void encryptedJobThatWasAbandonedIsReportedWithItsFunction() throws Exception {
        var settings = JobSettings.of(redis.url()).seal(Seal.encrypting("k1", "a secret of some length"));
        try (var sealed = JobClient.connect(settings)) {
            sealed.queue("default")
                    .with(o ->
                            o.id("a").webhook(Webhook.onFailed(url("/failed")).post()))
                    .enqueue(Sums::add, 1, 2);
        }
        raw.lrem("rq:queue:default", 1, "a");
        raw.hset("rq:job:a", "status", "started");
        raw.zadd("rq:wip:default", 1, "a:e1"); // whose worker is long gone
        Worker.on(settings).functions(Sums.class).burst(true).build().run();
        assertThat(requests).containsExactly("POST /failed application/json null");
        assertThat(new JsonMapper().readTree(bodies.getFirst()).get("func_name").stringValue())
                .isEqualTo("tasks.add");
    }

    @Test
    void stoppedJobIsNotReported() throws Exception {
        var gate = Sums.gate("webhook-stop", 1);
        queue(Webhook.onFailed(url("/failed")), Webhook.onFinished(url("/done")))
                .enqueue(Sums::hold, "webhook-stop");
        var run = Background.run(Worker.on(redis.url())
                .functions(Sums.class)
                .name("stops")
                .burst(true)
                .build());
        gate.begun.await();
        raw.publish("rq:pubsub:stops", "{\"command\": \"stop-job\", \"job_id\": \"a\"}");
        run.get();
        assertThat(requests).isEmpty();
    }
}
