package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.ByteArrayCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Java in a deployment of the real Python rq that was told nothing, so that everything in it is pickled. */
@ParameterizedClass
@ValueSource(strings = {"2.10.0", "2.12.0", "3.0.0"})
class PythonPickleTest extends OnRedis {
    private final String version;
    private PythonRq python;

    PythonPickleTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void prepareTest() throws InterruptedException {
        python = PythonRq.install(version, redis.url());
    }

    /** What Java is called with, as Java sees it. */
    static final class Shown {
        private Shown() {}

        @SimulJob("tasks.show")
        static String show(Object value) {
            return value.getClass().getSimpleName() + " " + value;
        }

        @SimulJob("tasks.typed")
        static String typed(
                Instant moment,
                LocalDate day,
                Duration span,
                UUID id,
                List<Long> numbers,
                byte[] bytes,
                Set<String> tags) {
            return moment + " " + day + " " + span + " " + id + " " + numbers + " " + bytes.length + " " + tags;
        }

        @SimulJob("tasks.text")
        static String text(String text) {
            return text;
        }

        @SimulJob("tasks.give")
        static Object give(String what) {
            return switch (what) {
                case "bytes" -> new byte[] {0, (byte) 255};
                case "moment" -> LocalDateTime.of(2026, 1, 2, 3, 4);
                case "set" -> Set.of(1);
                case "record" -> new Point(1, 2.5);
                default -> new Sums.Strange();
            };
        }

        record Point(int x, double y) {}
    }

    private List<String> enqueue(Map<?, ?>... calls) throws Exception {
        return python.ask("pickles.py", "enqueue_all", Map.of("calls", calls))
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    private static Map<String, String> call(String function, String args) {
        return Map.of("function", function, "args", args);
    }

    private List<JsonNode> read(List<String> ids) throws Exception {
        return python.ask("pickles.py", "read_all", Map.of("ids", ids))
                .valueStream()
                .toList();
    }

    private List<String> values(List<String> ids) throws Exception {
        return read(ids).stream().map(job -> job.get("value").stringValue()).toList();
    }

    private void javaWorks() throws InterruptedException {
        Worker.on(redis.url())
                .functions(Sums.class, Shown.class)
                .burst(true)
                .build()
                .run();
    }

    @Test
    void javaRunsPickledJobsAndPythonReadsPickledResults() throws Exception {
        var ids = enqueue(
                call("tasks.add", "(2, 3)"),
                call("tasks.noop", "()"),
                call(
                        "tasks.typed",
                        "(datetime.datetime(2026, 1, 2, 3, tzinfo=datetime.timezone(datetime.timedelta(hours=1))),"
                                + " datetime.date(2026, 1, 2), datetime.timedelta(minutes=90), uuid.UUID(int=7), (1, 2**40), b'abc', {'x'})"),
                call("tasks.give", "('bytes',)"),
                call("tasks.give", "('moment',)"),
                call("tasks.give", "('set',)"),
                call("tasks.give", "('record',)"),
                call("tasks.give", "('strange',)"),
                call("tasks.show", "(datetime.datetime(2026, 1, 2, 3, 4),)"),
                call("tasks.show", "(decimal.Decimal('1.50'),)"),
                call("tasks.show", "(3.0,)"),
                call("tasks.show", "({'b': (1, [2]), 'a': {3}},)"),
                Map.of(
                        "function",
                        "tasks.scaled",
                        "args",
                        "(1.5,)",
                        "kwargs",
                        "{'scale': 10}",
                        "meta",
                        "{'user': ('ana', 1)}"));
        javaWorks();

        assertThat(values(ids))
                .containsExactly(
                        "5",
                        "None",
                        "'2026-01-02T02:00:00Z 2026-01-02 PT1H30M 00000000-0000-0000-0000-000000000007"
                                + " [1, 1099511627776] 3 [x]'",
                        "b'\\x00\\xff'",
                        "datetime.datetime(2026, 1, 2, 3, 4)",
                        "{1}",
                        "{'x': 1, 'y': 2.5}",
                        "'Unserializable return value'",
                        "'LocalDateTime 2026-01-02T03:04'",
                        "'BigDecimal 1.50'",
                        "'Double 3.0'",
                        "'LinkedHashMap {b=[1, [2]], a=[3]}'",
                        "15.0");
        var last = read(List.of(ids.getLast())).getFirst();
        assertThat(last.get("status").stringValue()).isEqualTo("finished");
        assertThat(last.get("meta").stringValue()).isEqualTo("{'user': ('ana', 1)}");
        assertThat(last.get("result").stringValue()).isEqualTo("15.0");
        assertThat(jobs.job(ids.getFirst(), Integer.class).orElseThrow().await())
                .isEqualTo(5);
    }

    @Test
    void jobWithAnObjectOfPythonsOwnFailsUntouchedAndRunsInPythonAfterAll() throws Exception {
        var ids = enqueue(
                call("Order(17).ship", "()"),
                call("tasks.echo", "(Order(17),)"),
                call("tasks.text", "(b'abc',)"),
                call("tasks.typed", "(datetime.datetime(2026, 1, 2), None, None, None, None, None, None)"));
        var method = ids.getFirst();
        var data = data(method);
        javaWorks();
        for (var id : ids.subList(0, 2)) {
            assertThat(traceback(id))
                    .contains(
                            "Job data is a pickle that cannot be read: it holds __main__.Order, which is no plain value");
        }
        assertThat(traceback(ids.get(2)))
                .contains("tasks.text(String text) was called with bytes abc for text: bytes, which are no text");
        assertThat(traceback(ids.get(3))).contains("was called with 2026-01-02T00:00 for moment");
        assertThat(data(method)).isEqualTo(data);

        python.ask("pickles.py", "requeue", Map.of("id", method));
        var dict = enqueue(call("tasks.echo", "({'a': (1, b'x', datetime.date(2026, 1, 2))},)"));
        python.ask("pickles.py", "work", Map.of());
        assertThat(values(List.of(method))).containsExactly("17");
        var read = jobs.job(dict.getFirst(), Map.class).orElseThrow().await();
        assertThat(read.toString()).startsWith("{a=[1, [B@").endsWith(", 2026-01-02]}");
    }

    @Test
    void pythonRunsAndShowsWhatJavaPickled() throws Exception {
        var queue = jobs.queue("default")
                .with(o -> o.serializer(Serializer.PICKLE).meta(Map.of("day", LocalDate.of(2026, 1, 2))));
        var sum = queue.enqueue(Sums::add, 2, 3);
        var echo = queue.enqueue("tasks.echo", Map.class, Map.of("b", new byte[] {1}));
        var own = queue.enqueue(JobRequest.of("tasks.echo", String.class).named("value", "größer \uD83D\uDC0D"));
        assertThat(read(List.of(sum.id())).getFirst().get("call").stringValue())
                .isEqualTo("('tasks.add', None, (2, 3), {})");
        python.ask("pickles.py", "work", Map.of());
        assertThat(sum.await()).isEqualTo(5);
        assertThat(((Map<?, ?>) echo.await()).get("b")).isEqualTo(new byte[] {1});
        assertThat(own.await()).isEqualTo("größer \uD83D\uDC0D");
        assertThat(read(List.of(sum.id())).getFirst().get("meta").stringValue())
                .isEqualTo("{'day': datetime.date(2026, 1, 2)}");

        var again = queue.enqueue(Sums::echo, List.of(1, 2.5));
        javaWorks();
        assertThat(again.await()).isEqualTo(List.of(1, 2.5));
        assertThat(values(List.of(again.id()))).containsExactly("[1, 2.5]");
    }

    private String traceback(String id) throws Exception {
        try {
            return "returned " + jobs.job(id, Object.class).orElseThrow().await();
        } catch (JobFailedException e) {
            return e.traceback();
        }
    }

    private byte[] data(String id) {
        try (var client = RedisClient.create(redis.url())) {
            return client.connect(ByteArrayCodec.INSTANCE)
                    .sync()
                    .hget(("rq:job:" + id).getBytes(US_ASCII), "data".getBytes(US_ASCII));
        }
    }
}
