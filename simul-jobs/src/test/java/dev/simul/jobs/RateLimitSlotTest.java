package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Jobs with a rate limit of RQ 3.0, one at a time, as recorded from rq 3.0.0: who gives the slot to the next one, when. */
class RateLimitSlotTest extends OnRedis {
    private static final String NOOP = "[\"tasks.noop\", null, [], {}]";
    private static final String BOOM = "[\"tasks.boom\", null, [\"no luck\"], {}]";
    private static final Map<String, String> LIMIT = Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1");

    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() {
        written = new HandWrittenJobs(redis.url());
        raw.sadd("rq:rl-keys", "api");
        raw.hset("rq:rl:api", "concurrency", "1");
    }

    @AfterEach
    void tidyUpTest() {
        written.close();
    }

    /** The first job has the slot and is on the queue; the next one, of the queue {@code later}, waits for it. */
    private void enqueue(String call, Map<String, String> more) {
        var fields = new HashMap<>(LIMIT);
        fields.putAll(more);
        written.queued("first", call, fields);
        raw.zadd("rq:rl:api:allowed", 1, "first");
        written.save("next", "later", "rate_limited", NOOP, LIMIT);
        raw.zadd("rq:rl:api:rate_limited", 2, "next");
    }

    private void work() throws InterruptedException {
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
    }

    private void assertPassedOn() {
        assertThat(written.registry("rl:api:allowed")).containsExactly("next");
        assertThat(written.registry("rl:api:rate_limited")).isEmpty();
        assertThat(written.list("later")).containsExactly("next");
        assertThat(written.field("next", "status")).isEqualTo("queued");
        assertThat(written.field("next", "enqueued_at")).endsWith("Z");
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
                Worker.on(redis.url()).functions(Sums.class).burst(true).build());
        gate.begun.await();
        raw.del("rq:job:first");
        gate.open.countDown();
        run.get();
        assertPassedOn();
    }

    @Test
    void staleWaitersAreDroppedAndAllFreeSlotsAreFilled() throws Exception {
        enqueue(NOOP, Map.of());
        raw.hset("rq:rl:api", "concurrency", "2");
        raw.zadd("rq:rl:api:rate_limited", 0, "ghost");
        written.save("ended", "later", "finished", NOOP, LIMIT);
        raw.zadd("rq:rl:api:rate_limited", 0, "ended");
        written.save("front", "later", "rate_limited", NOOP, Map.of("rate_limit_key", "api", "enqueue_at_front", "1"));
        raw.zadd("rq:rl:api:rate_limited", 3, "front");
        work();
        assertThat(written.list("later")).containsExactly("front", "next");
        assertThat(written.registry("rl:api:allowed")).containsExactlyInAnyOrder("front", "next");
        assertThat(written.registry("rl:api:rate_limited")).isEmpty();
    }

    @Test
    void dependentWithALimitWaitsForASlot() throws Exception {
        written.queued("parent", NOOP, Map.of());
        written.deferred("child", "later", List.of("parent"), LIMIT);
        written.deferred("second", "later", List.of("parent"), LIMIT);
        work();
        assertThat(written.list("later")).hasSize(1);
        assertThat(written.registry("rl:api:allowed")).isEqualTo(written.list("later"));
        assertThat(written.registry("rl:api:rate_limited"))
                .singleElement()
                .satisfies(id -> assertThat(written.field(id, "status")).isEqualTo("rate_limited"));
        assertThat(written.registry("deferred:later")).isEmpty();
    }

    @Test
    void brokenLimitDoesNotHoldUpTheEndOfAJob() throws Exception {
        enqueue(NOOP, Map.of());
        raw.del("rq:rl:api:allowed");
        raw.set("rq:rl:api:allowed", "no registry");
        work();
        assertThat(written.field("first", "status")).isEqualTo("finished");
        assertThat(written.keys()).doesNotContain("rq:wip:default");
    }
}
