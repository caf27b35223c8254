package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs with a rate limit of RQ 3.0, one at a time, as recorded from rq 3.0.0: who gives the slot to the next one, when. */
class RateLimitSlotTest {
    private static final String NOOP = "[\"tasks.noop\", null, [], {}]";
    private static final String BOOM = "[\"tasks.boom\", null, [\"no luck\"], {}]";
    private static final Map<String, String> LIMIT = Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1");

    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

    private HandWrittenJobs jobs;

    @BeforeEach
    void connect() {
        RedisDump.flush(REDIS.url());
        jobs = new HandWrittenJobs(REDIS.url());
        jobs.redis().sadd("rq:rl-keys", "api");
        jobs.redis().hset("rq:rl:api", "concurrency", "1");
    }

    @AfterEach
    void disconnect() {
        jobs.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    /** The first job has the slot and is on the queue; the next one, of the queue {@code later}, waits for it. */
    private void enqueue(String call, Map<String, String> more) {
        var fields = new HashMap<>(LIMIT);
        fields.putAll(more);
        jobs.queued("first", call, fields);
        jobs.redis().zadd("rq:rl:api:allowed", 1, "first");
        jobs.save("next", "later", "rate_limited", NOOP, LIMIT);
        jobs.redis().zadd("rq:rl:api:rate_limited", 2, "next");
    }

    private void work() throws InterruptedException {
        Worker.on(REDIS.url()).functions(Sums.class).burst(true).build().run();
    }

    private void assertPassedOn() {
        assertThat(jobs.registry("rl:api:allowed")).containsExactly("next");
        assertThat(jobs.registry("rl:api:rate_limited")).isEmpty();
        assertThat(jobs.list("later")).containsExactly("next");
        assertThat(jobs.field("next", "status")).isEqualTo("queued");
        assertThat(jobs.field("next", "enqueued_at")).endsWith("Z");
    }

    @Test
    void finishedJobPassesItsSlotOn() throws Exception {
        enqueue(NOOP, Map.of());
        work();
        assertPassedOn();
    }

    @Test
    void discardedJobPassesItsSlotOn() throws Exception {
        enqueue(NOOP, Map.of("result_ttl", "0"));
        work();
        assertPassedOn();
    }

    @Test
    void failedJobPassesItsSlotOn() throws Exception {
        enqueue(BOOM, Map.of());
        work();
        assertPassedOn();
    }

    @Test
    void delayedRetryPassesTheSlotOn() throws Exception {
        enqueue(BOOM, Map.of("retries_left", "1", "retry_intervals", "[60]"));
        work();
        assertPassedOn();
    }

    @Test
    void delayedRepeatPassesTheSlotOn() throws Exception {
        enqueue(NOOP, Map.of("repeats_left", "1", "repeat_intervals", "[60]"));
        work();
        assertPassedOn();
    }

    @Test
    void immediateRetryKeepsTheSlotUntilItHasEnded() throws Exception {
        var gate = Sums.gate("slot", 2);
        enqueue(
                "[\"tasks.hold_and_fail\", null, [\"slot\"], {}]",
                Map.of("retries_left", "1", "retry_intervals", "[0]"));
        gate.open.countDown();
        work();
        assertThat(gate.begun.getCount()).isZero();
        assertPassedOn();
    }

    @Test
    void jobThatWasDeletedWhileItRanPassesItsSlotOn() throws Exception {
        var gate = Sums.gate("deleted-slot", 1);
        enqueue("[\"tasks.hold\", null, [\"deleted-slot\"], {}]", Map.of());
        var run = Background.run(
                Worker.on(REDIS.url()).functions(Sums.class).burst(true).build());
        gate.begun.await();
        jobs.redis().del("rq:job:first");
        gate.open.countDown();
        run.get();
        assertPassedOn();
    }

    @Test
    void staleWaitersAreDroppedAndAllFreeSlotsAreFilled() throws Exception {
        enqueue(NOOP, Map.of());
        jobs.redis().hset("rq:rl:api", "concurrency", "2");
        jobs.redis().zadd("rq:rl:api:rate_limited", 0, "ghost");
        jobs.save("ended", "later", "finished", NOOP, LIMIT);
        jobs.redis().zadd("rq:rl:api:rate_limited", 0, "ended");
        jobs.save("front", "later", "rate_limited", NOOP, Map.of("rate_limit_key", "api", "enqueue_at_front", "1"));
        jobs.redis().zadd("rq:rl:api:rate_limited", 3, "front");
        work();
        assertThat(jobs.list("later")).containsExactly("front", "next");
        assertThat(jobs.registry("rl:api:allowed")).containsExactlyInAnyOrder("front", "next");
        assertThat(jobs.registry("rl:api:rate_limited")).isEmpty();
    }

    @Test
    void dependentWithALimitWaitsForASlot() throws Exception {
        jobs.queued("parent", NOOP, Map.of());
        jobs.deferred("child", "later", List.of("parent"), LIMIT);
        jobs.deferred("second", "later", List.of("parent"), LIMIT);
        work();
        assertThat(jobs.list("later")).hasSize(1);
        assertThat(jobs.registry("rl:api:allowed")).isEqualTo(jobs.list("later"));
        assertThat(jobs.registry("rl:api:rate_limited"))
                .singleElement()
                .satisfies(id -> assertThat(jobs.field(id, "status")).isEqualTo("rate_limited"));
        assertThat(jobs.registry("deferred:later")).isEmpty();
    }

    @Test
    void brokenLimitDoesNotHoldUpTheEndOfAJob() throws Exception {
        enqueue(NOOP, Map.of());
        jobs.redis().del("rq:rl:api:allowed");
        jobs.redis().set("rq:rl:api:allowed", "no registry");
        work();
        assertThat(jobs.field("first", "status")).isEqualTo("finished");
        assertThat(jobs.keys()).doesNotContain("rq:wip:default");
    }
}
