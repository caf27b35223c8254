package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Jobs that the real Python rq enqueues with everything that may happen at an end, and Java works. */
@ParameterizedClass
@ValueSource(strings = {"2.12.0", "3.0.0"})
class PythonEndingsTest extends OnRedis {
    private static final String PROGRAM = "endings.py";

    private final String version;
    private PythonRq python;

    PythonEndingsTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void prepareTest() throws InterruptedException {
        python = PythonRq.install(version, redis.url());
        Hooks.SEEN.clear();
    }

    private void javaWorks() throws InterruptedException {
        Worker.on(redis.url())
                .functions(Sums.class, Hooks.class)
                .burst(true)
                .build()
                .run();
    }

    private List<String> ids(JsonNode places, String place) {
        return places.get(place).valueStream().map(JsonNode::stringValue).toList();
    }

    @Test
    void allThatPythonHasAskedForIsDone() throws Exception {
        var bodies = new CopyOnWriteArrayList<String>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        try {
            var url = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
            python.ask(PROGRAM, "enqueue", Map.of("webhook", url));
            javaWorks();
        } finally {
            server.stop(0);
        }

        var states = python.ask(
                PROGRAM,
                "states",
                Map.of("ids", List.of("called", "failed", "later", "front", "repeated", "again", "returned", "pair2")));
        assertThat(states.get("called").toString()).contains("\"status\":\"finished\"", "\"types\":[1]", "\"value\":3");
        assertThat(states.get("failed").toString()).contains("\"status\":\"failed\"", "\"types\":[2]");
        assertThat(states.get("later").toString())
                .contains("\"status\":\"scheduled\"", "\"types\":[]", "\"retries_left\":1");
        assertThat(states.get("front").toString())
                .contains("\"status\":\"failed\"", "\"types\":[2]", "\"retries_left\":0");
        assertThat(states.get("repeated").toString())
                .contains("\"status\":\"finished\"", "\"types\":[1,1,1]", "\"repeats_left\":0");
        assertThat(states.get("again").toString())
                .contains("\"status\":\"scheduled\"", "\"types\":[1]", "\"repeats_left\":1", "\"value\":3");
        assertThat(states.get("returned").toString())
                .contains("\"status\":\"failed\"", "\"types\":[4,5]", "\"number_of_retries\":1");
        assertThat(states.get("pair2").toString()).contains("\"value\":4");

        assertThat(Hooks.SEEN)
                .contains("done called FINISHED 3 true", "failed failed FAILED no luck true")
                .hasSize(4); // and two attempts of the function that returns a Retry
        assertThat(bodies).singleElement().asString().contains("\"hooked\"", "\"finished\"", "\"tasks.add\"");

        var places = python.ask(PROGRAM, "places", Map.of());
        assertThat(ids(places, "queued")).isEmpty();
        assertThat(ids(places, "started")).isEmpty();
        assertThat(ids(places, "failed")).containsExactlyInAnyOrder("failed", "front", "returned", "parent");
        assertThat(ids(places, "scheduled")).containsExactlyInAnyOrder("later", "again");
        assertThat(ids(places, "finished"))
                .containsExactlyInAnyOrder("called", "repeated", "again", "hooked", "pair1", "pair2");
        var other = python.ask(PROGRAM, "places", Map.of("name", "other"));
        assertThat(ids(other, "queued")).containsExactlyInAnyOrder("lenient", "child");
        assertThat(ids(other, "deferred")).containsExactly("strict");

        python.ask(PROGRAM, "work", Map.of());
        var worked = python.ask(PROGRAM, "places", Map.of("name", "other"));
        assertThat(ids(worked, "finished")).containsExactlyInAnyOrder("lenient", "child");
    }

    @Test
    void slotsOfRq3AreHandedOnByJava() throws Exception {
        assumeTrue(version.startsWith("3"));
        assertThat(python.ask(PROGRAM, "limit", Map.of()).toString()).isEqualTo("[\"limited0\"]");
        javaWorks();
        var places = python.ask(PROGRAM, "places", Map.of());
        assertThat(ids(places, "finished")).containsExactlyInAnyOrder("limited0", "limited1", "limited2");
        try (var raw = new HandWrittenJobs(redis.url())) {
            assertThat(raw.keys()).doesNotContain("rq:rl:api:allowed", "rq:rl:api:rate_limited");
        }
    }
}
