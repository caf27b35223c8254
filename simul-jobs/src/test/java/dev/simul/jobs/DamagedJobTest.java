package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands in Redis, the worker goes on to the next job. */
class DamagedJobTest extends OnRedis {
    private static final byte[] GOOD = bytes("[\"tasks.add\", null, [1, 2], {}]");

    private RedisCommands<String, byte[]> keys;

    @BeforeEach
    void prepareTest() {
        keys = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE))
                .sync();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts a job there by hand, a good one behind it, and lets a worker run dry; returns what became of the first. */
    private String endOf(Map<String, byte[]> fields) throws Exception {
        keys.hset("rq:job:odd", "origin", bytes("default"));
        fields.forEach((field, value) -> keys.hset("rq:job:odd", field, value));
        keys.rpush("rq:queue:default", bytes("odd"));
        var good = jobs.queue("default").enqueue(Sums::add, 2, 3);
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(good.await()).isEqualTo(5);
        assertThat(jobs.queue("default").size()).isZero();
        assertThat(keys.zcard("rq:wip:default")).isZero();
        fields.forEach((field, value) ->
                assertThat(keys.hget("rq:job:odd", field)).describedAs(field).isEqualTo(value));
        try {
            return String.valueOf(jobs.job("odd", Integer.class).orElseThrow().await());
        } catch (JobFailedException e) {
            assertThat(keys.zscore("rq:failed:default", bytes("odd"))).isNotNull();
            return e.traceback();
        }
    }

    @Test
    void plainUncompressedCompactJsonRuns() throws Exception {
        assertThat(endOf(Map.of("data", bytes("[\"tasks.add\",null,[1,2],{}]"))))
                .isEqualTo("3");
    }

    @Test
    void fieldsOfOthersAreKept() throws Exception {
        assertThat(endOf(Map.of("data", GOOD, "x_other", bytes("\u0000\u00ff"), "meta", bytes("not json"))))
                .isEqualTo("3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{}",
                "[]",
                "[\"tasks.add\", null, [1, 2]]",
                "[1, null, [1, 2], {}]",
                "[\"tasks.add\", null, null, {}]",
                "[\"tasks.add\", null, [1, 2], null]",
                "[\"tasks.add\", {\"self\": 1}, [1, 2], {}]",
                "[\"tasks.add\", null, [1, 2], {}] and more",
                "[\"\", null, [], {}]",
                "[\"java.lang.Runtime.exec\", null, [\"true\"], {}]",
                "\u0080\u0005\u0095"
            })
    void dataThatIsNoCallFailsTheJob(String data) throws Exception {
        assertThat(endOf(Map.of("data", data.getBytes(StandardCharsets.ISO_8859_1))))
                .containsAnyOf("Job data", "Job asks", "pickle", "does not offer");
    }

    @Test
    void textThatInflatesToMuchMoreThanAnyoneMeansFailsTheJob() throws Exception {
        var bomb = Zlib.deflate(new byte[300 << 20]);
        assertThat(endOf(Map.of("data", bomb))).contains("more than 268435456 bytes when inflated");
    }

    @Test
    void cutOffZlibFailsTheJob() throws Exception {
        var whole = Zlib.deflate(GOOD);
        assertThat(endOf(Map.of("data", Arrays.copyOf(whole, whole.length / 2))))
                .contains("neither JSON nor pickle");
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "result_ttl"})
    void limitThatIsNoNumberFailsTheJobAndNamesTheField(String field) throws Exception {
        assertThat(endOf(Map.of("data", GOOD, field, bytes("5m"))))
                .isEqualTo("Field " + field + " of the job must be whole seconds or -1, was '5m'.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"created_at", "enqueued_at", "failure_ttl", "retries_left", "ttl", "description", "group_id"})
    void rubbishInAFieldThatRunningDoesNotNeedIsLeftAlone(String field) throws Exception {
        assertThat(endOf(Map.of("data", GOOD, field, bytes("\u00ff?")))).isEqualTo("3");
    }

    @Test
    void idWithoutAJobIsDropped() throws Exception {
        keys.rpush("rq:queue:default", bytes("ghost"));
        assertThat(endOf(Map.of("data", GOOD))).isEqualTo("3");
        assertThat(keys.exists("rq:job:ghost", "simul:rq:unreadable:default")).isZero();
    }

    @Test
    void idThatWouldEndAPythonWorkerIsPutAside() throws Exception {
        keys.hset("rq:job:order.17", "data", GOOD);
        keys.set("rq:job:text", bytes("a string"));
        keys.hset("rq:job:empty", "description", bytes("no data"));
        keys.rpush("rq:queue:default", bytes("order.17"), bytes("a:b"), bytes("text"), bytes("empty"));
        assertThat(endOf(Map.of("data", GOOD))).isEqualTo("3");
        assertThat(keys.lrange("simul:rq:unreadable:default", 0, -1))
                .containsExactly(bytes("order.17"), bytes("a:b"), bytes("text"), bytes("empty"));
    }

    @Test
    void outcomeThatCannotBeWrittenDoesNotHoldUpTheOthers() throws Exception {
        var stuck = jobs.queue("odd").with(o -> o.id("stuck")).enqueue(Sums::add, 1, 2);
        keys.set("rq:finished:odd", bytes("not a registry"));
        var good = jobs.queue("default").enqueue(Sums::add, 2, 3);
        var tally = Worker.on(redis.url())
                .queues("odd", "default")
                .functions(Sums.class)
                .concurrency(10)
                .burst(true)
                .build()
                .run();
        assertThat(good.await()).isEqualTo(5);
        assertThat(tally).isEqualTo(new WorkerTally(1, 0));
        assertThat(keys.zcard("rq:wip:odd")).isEqualTo(1); // found abandoned later: not lost
        assertThat(stuck.id()).isEqualTo("stuck");
    }

    @Test
    void childWithoutAReadableHashDoesNotHoldUpItsParent() throws Exception {
        keys.sadd("rq:job:odd:dependents", bytes("ghost"), bytes("text"));
        keys.set("rq:job:text", bytes("a string"));
        assertThat(endOf(Map.of("data", GOOD))).isEqualTo("3");
    }
}
