package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One job of every kind, enqueued by Java or one release of rq, and worked by Java and several of them. */
class MixedFleetTest {
    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

    /** Enough for two retries and two repeats with pauses. */
    private static final int ROUNDS = 3;

    /** What rq leaves of the jobs when it works alone: status, runs, what is left of retries and repeats, result types. */
    private static final String EXPECTED = """
            allowed {status=finished} runs=1 results=[1]
            bad {status=failed} runs=1 results=[2]
            child {status=finished} runs=1 results=[1]
            dies {status=failed} runs=null results=[2]
            due {status=finished} runs=1 results=[1]
            flaky {retries_left=1, status=finished} runs=3 results=[1]
            full {retries_left=2, status=finished} runs=1 results=[1]
            heir {status=finished} runs=1 results=[1]
            hooked {status=finished} runs=1 results=[1]
            late {retries_left=0, status=failed} runs=3 results=[2]
            member7 {status=finished} runs=1 results=[1]
            member8 {status=finished} runs=1 results=[1]
            odd {status=finished} runs=1 results=[1]
            parent {status=finished} runs=1 results=[1]
            plain {status=finished} runs=1 results=[1]
            repeated {repeats_left=0, status=finished} runs=3 results=[1, 1, 1]
            returned {number_of_retries=2, status=failed} runs=3 results=[4, 4, 5]
            unhooked {status=failed} runs=1 results=[2]
            unique {status=finished} runs=1 results=[1]
            waiting {status=deferred} runs=null results=[]
            """;

    private final List<String> hooks = new CopyOnWriteArrayList<>();
    private RedisClient client;
    private RedisCommands<String, String> redis;
    private JobClient jobs;
    private HttpServer server;

    @BeforeEach
    void connect() throws Exception {
        RedisDump.flush(REDIS.url());
        client = RedisClient.create(REDIS.url());
        redis = client.connect().sync();
        Fleet.redis = redis;
        jobs = JobClient.connect(REDIS.url());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            hooks.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void disconnect() {
        server.stop(0);
        jobs.close();
        client.shutdown();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @ParameterizedTest
    @CsvSource({
        "2.12.0, 2.12.0",
        "java,   java",
        "java,   2.10.0",
        "java,   3.0.0",
        "java,   java then 2.12.0 then 3.0.0",
        "java,   java and 2.10.0 and 2.12.0 and 3.0.0",
        "2.10.0, java and 3.0.0",
        "2.12.0, 2.10.0 then java then 3.0.0",
        "3.0.0,  java",
        "3.0.0,  2.12.0 and java"
    })
    void everyJobEndsAsInAFleetOfRqAlone(String enqueuer, String workers) throws Exception {
        var hook = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        if (enqueuer.equals("java")) {
            Fleet.enqueue(jobs, hook);
        } else {
            PythonRq.install(enqueuer, REDIS.url()).ask("fleet.py", "enqueue", Map.of("hook", hook.toString()));
        }
        for (int round = 0; round < ROUNDS; round++) {
            var turns = workers.split(" then ");
            workAtOnce(turns[round % turns.length].split(" and "));
            makeAllDue();
        }
        assertThat(states()).isEqualTo(EXPECTED);
        assertThat(jobs.queue("a").registry(JobRegistry.Kind.FINISHED).ids())
                .containsExactlyInAnyOrder("plain", "full", "flaky", "parent", "repeated", "unique", "hooked", "odd");
        assertThat(jobs.queue("a").registry(JobRegistry.Kind.FAILED).ids())
                .containsExactlyInAnyOrder("bad", "unhooked", "dies");
        assertThat(jobs.queue("b").registry(JobRegistry.Kind.FINISHED).ids())
                .containsExactlyInAnyOrder("child", "allowed", "due", "member7", "member8", "heir");
        assertThat(jobs.queue("b").registry(JobRegistry.Kind.FAILED).ids())
                .containsExactlyInAnyOrder("late", "returned");
        assertThat(jobs.queue("b").registry(JobRegistry.Kind.DEFERRED).ids()).containsExactly("waiting");
        assertThat(jobs.group("team").ids()).containsExactly("member7", "member8");
        assertThat(redis.lrange("fleet:callbacks", 0, -1))
                .containsExactlyInAnyOrder(
                        "succeeded full 50",
                        "failed flaky not yet",
                        "failed flaky not yet",
                        "succeeded flaky at last",
                        "failed late no luck",
                        "failed late no luck",
                        "failed late no luck");
        assertThat(hooks)
                .hasSize(2)
                .anyMatch(body -> body.contains("\"hooked\"") && body.contains("\"finished\""))
                .anyMatch(body -> body.contains("\"unhooked\"") && body.contains("\"exc_info\""));
        assertThat(redis.hget("rq:job:full", "meta")).isIn("{\"user\": \"ana\"}", "{\"user\":\"ana\"}");
        assertThat(leftOver()).isEmpty();
    }

    private void workAtOnce(String[] workers) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = new ArrayList<Callable<Object>>();
            for (var worker : workers) {
                runs.add(
                        worker.equals("java")
                                ? Worker.on(REDIS.url())
                                        .functions(Fleet.class)
                                        .queues("a", "b")
                                        .burst(true)
                                        .scheduler(true)
                                        .publishCurrentJob(true)
                                        .build()::run
                                : () -> PythonRq.install(worker, REDIS.url()).ask("fleet.py", "work", Map.of()));
            }
            for (var run : threads.invokeAll(runs)) {
                run.get(60, SECONDS);
            }
        }
    }

    /** Lets an hour go by for jobs that wait for their time. */
    private void makeAllDue() {
        for (var registry : List.of("rq:scheduled:a", "rq:scheduled:b")) {
            for (var id : redis.zrange(registry, 0, -1)) {
                redis.zadd(registry, 1, id);
            }
        }
    }

    private String states() {
        return redis.keys("rq:job:*").stream()
                .filter(key -> key.matches("rq:job:\\w+"))
                .map(key -> key.substring("rq:job:".length()))
                .sorted()
                .map(this::state)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private String state(String id) {
        var text = new StringBuilder(id);
        var counts = new TreeMap<>(redis.hgetall("rq:job:" + id));
        counts.keySet().retainAll(List.of("status", "retries_left", "number_of_retries", "repeats_left"));
        text.append(" ").append(counts);
        text.append(" runs=").append(redis.hget("fleet:runs", id));
        text.append(" results=")
                .append(redis.xrange("rq:results:" + id, io.lettuce.core.Range.unbounded()).stream()
                        .map(entry -> entry.getBody().get("type"))
                        .toList());
        return text.toString();
    }

    /** Keys that should be gone when no job waits or runs and no worker is there. */
    private List<String> leftOver() {
        return redis.keys("*").stream()
                .filter(key ->
                        !key.matches("rq:job:.*|rq:results:.*|rq:worker:\\w+|rq:(finished|failed|deferred):[ab]"))
                .filter(key ->
                        !key.matches("rq:(queues|groups|group:team|clean_groups|clean_registries:[ab])|fleet:.*"))
                .sorted()
                .toList();
    }
}
