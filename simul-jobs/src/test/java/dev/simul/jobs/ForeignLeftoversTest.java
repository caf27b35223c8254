package dev.simul.jobs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs have left in a job neither changes nor holds anybody up. */
class ForeignLeftoversTest {
    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

    /** {@code {"user": "ana"}} as Python pickles it, and bytes that nobody can read. */
    private static final List<String> META =
            List.of("8005951100000000000000" + "7d948c0475736572948c03616e6194732e", "80ff00c328", "7b226e6f2065");

    private RedisClient client;
    private RedisCommands<String, String> redis; // every byte a character
    private JobClient jobs;
    private JobQueue queue;

    @BeforeEach
    void connect() {
        RedisDump.flush(REDIS.url());
        client = RedisClient.create(REDIS.url());
        redis = client.connect(new StringCodec(ISO_8859_1)).sync();
        jobs = JobClient.connect(REDIS.url());
        queue = jobs.queue("default");
    }

    @AfterEach
    void disconnect() {
        jobs.close();
        client.shutdown();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private static void work() throws InterruptedException {
        Worker.on(REDIS.url())
                .functions(Sums.class)
                .burst(true)
                .scheduler(true)
                .build()
                .run();
    }

    @Test
    void metaOfAnotherSerializerStaysAsItIsOnEveryWay() throws Exception {
        for (var hex : META) {
            var meta = new String(HexFormat.of().parseHex(hex), ISO_8859_1);
            var parent = queue.enqueue(Sums::add, 1, 2);
            var retried = queue.with(o -> o.retry(Retry.of(1))).enqueue(Sums::boom, "no luck");
            var later =
                    queue.with(o -> o.retry(Retry.of(1, Duration.ofMinutes(1)))).enqueue(Sums::boom, "no luck");
            var repeated = queue.with(o -> o.repeat(Repeat.of(1))).enqueue(Sums::noop);
            var child = jobs.queue("default").with(o -> o.after(parent)).enqueue(Sums::noop);
            var due = queue.enqueueIn(Duration.ofHours(1), "tasks.noop", Void.class);
            var all = List.of(parent, retried, later, repeated, child, due);
            all.forEach(job -> redis.hset("rq:job:" + job.id(), "meta", meta));
            redis.zadd("rq:scheduled:default", 1, due.id());
            work();
            assertThat(List.of(parent, repeated, child, due)).allMatch(job -> job.status() == JobStatus.FINISHED);
            assertThat(later.status()).isEqualTo(JobStatus.SCHEDULED);
            redis.zadd("rq:scheduled:default", 1, later.id());
            work();
            retried.requeue();
            work();
            assertThat(List.of(retried, later)).allMatch(job -> job.status() == JobStatus.FAILED);
            all.forEach(
                    job -> assertThat(redis.hget("rq:job:" + job.id(), "meta")).isEqualTo(meta));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate_limited", "ready_to_enqueue", "flying", ""})
    void jobInTheQueueIsRunWhateverItsStatusSays(String status) throws Exception {
        var job = queue.enqueue(Sums::add, 1, 2);
        redis.hset("rq:job:" + job.id(), "status", status);
        assertThat(job.info()).isPresent();
        work();
        assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
    }

    @Test
    void executionThatIsGoneHindersNoEnd() throws Exception {
        var finished = queue.enqueue(Sums::add, 1, 2);
        var discarded = queue.with(o -> o.resultTtl(Duration.ZERO)).enqueue(Sums::add, 1, 2);
        var failed = queue.enqueue(Sums::boom, "no luck");
        var dropped = queue.with(o -> o.failureTtl(Duration.ZERO)).enqueue(Sums::boom, "no luck");
        for (var job : List.of(finished, discarded, failed, dropped)) {
            redis.zadd("rq:executions:" + job.id(), 1, "0123456789abcdef0123456789abcdef");
        }
        work();
        assertThat(finished.status()).isEqualTo(JobStatus.FINISHED);
        assertThat(failed.status()).isEqualTo(JobStatus.FAILED);
        assertThat(List.of(discarded, dropped)).allMatch(job -> job.status() == JobStatus.GONE);
        assertThat(redis.keys("rq:execution*:" + discarded.id() + "*")).isEmpty();
        assertThat(redis.zcard("rq:wip:default")).isZero();
    }
}
