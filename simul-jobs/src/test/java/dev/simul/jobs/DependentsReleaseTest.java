package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which jobs are queued when a job they wait for ends; they wait for a worker of the queue {@code later}. */
class DependentsReleaseTest {
    private static final String NOOP = "[\"tasks.noop\", null, [], {}]";
    private static final String BOOM = "[\"tasks.boom\", null, [\"no luck\"], {}]";

    private static final EmbeddedRedis REDIS = EmbeddedRedis.start();

    private HandWrittenJobs jobs;

    @BeforeEach
    void connect() {
        RedisDump.flush(REDIS.url());
        jobs = new HandWrittenJobs(REDIS.url());
    }

    @AfterEach
    void disconnect() {
        jobs.close();
    }

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    private Worker worker() {
        return Worker.on(REDIS.url()).functions(Sums.class).burst(true).build();
    }

    private void assertWaits(String child) {
        assertThat(jobs.field(child, "status")).isEqualTo("deferred");
        assertThat(jobs.registry("deferred:later")).contains(child);
        assertThat(jobs.list("later")).doesNotContain(child);
    }

    @Test
    void childGoesToItsOwnQueueWhenItsParentHasFinished() throws Exception {
        jobs.queued("p", NOOP, Map.of());
        jobs.deferred("c", "later", List.of("p"), Map.of("ttl", "600"));
        worker().run();
        assertThat(jobs.list("later")).containsExactly("c");
        assertThat(jobs.field("c", "status")).isEqualTo("queued");
        assertThat(jobs.registry("deferred:later")).isEmpty();
        assertThat(jobs.keys()).doesNotContain("rq:job:p:dependents");
        assertThat(jobs.ttl("rq:job:c")).isBetween(590L, 600L);
        assertThat(jobs.ttl("rq:job::c:dependencies")).isBetween(590L, 600L);
    }

    @Test
    void childWaitsForItsLastParent() throws Exception {
        jobs.queued("a", NOOP, Map.of());
        jobs.save("b", "elsewhere", "started", NOOP, Map.of());
        jobs.deferred("c", "later", List.of("a", "b"), Map.of());
        worker().run();
        assertWaits("c");
        jobs.queued("b", NOOP, Map.of());
        worker().run();
        assertThat(jobs.list("later")).containsExactly("c");
    }

    @Test
    void parentThatDoesNotExistCountsAsFinished() throws Exception {
        jobs.queued("a", NOOP, Map.of());
        jobs.deferred("c", "later", List.of("a", "gone"), Map.of());
        worker().run();
        assertThat(jobs.list("later")).containsExactly("c");
    }

    @Test
    void failedParentReleasesOnlyWhoAllowsFailure() throws Exception {
        jobs.queued("p", BOOM, Map.of());
        jobs.deferred("strict", "later", List.of("p"), Map.of("allow_dependency_failures", "0"));
        jobs.deferred("first", "later", List.of("p"), Map.of("allow_dependency_failures", "1"));
        jobs.deferred(
                "front", "later", List.of("p"), Map.of("allow_dependency_failures", "1", "enqueue_at_front", "1"));
        worker().run();
        assertThat(jobs.list("later")).containsExactly("front", "first");
        assertWaits("strict");
        assertThat(jobs.redis().smembers("rq:job:p:dependents")).containsExactly("strict");
    }

    @Test
    void failureOfOtherParentsCountsForWhoAllowsIt() throws Exception {
        jobs.save("bad", "elsewhere", "failed", NOOP, Map.of());
        jobs.queued("p", NOOP, Map.of());
        jobs.deferred("strict", "later", List.of("p", "bad"), Map.of());
        jobs.deferred("lenient", "later", List.of("p", "bad"), Map.of("allow_dependency_failures", "1"));
        worker().run();
        assertThat(jobs.list("later")).containsExactly("lenient");
        assertWaits("strict");
    }

    @Test
    void canceledOrStoppedOtherParentsHoldTheChild() throws Exception {
        jobs.save("canceled", "elsewhere", "canceled", NOOP, Map.of());
        jobs.save("stopped", "elsewhere", "stopped", NOOP, Map.of());
        jobs.queued("p", NOOP, Map.of());
        var lenient = Map.of("allow_dependency_failures", "1");
        jobs.deferred("one", "later", List.of("p", "canceled"), lenient);
        jobs.deferred("two", "later", List.of("p", "stopped"), lenient);
        worker().run();
        assertWaits("one");
        assertWaits("two");
    }

    @Test
    void retriedParentReleasesNobodyYet() throws Exception {
        jobs.queued("p", BOOM, Map.of("retries_left", "1", "retry_intervals", "[100]"));
        jobs.deferred("c", "later", List.of("p"), Map.of("allow_dependency_failures", "1"));
        worker().run();
        assertWaits("c");
    }

    @Test
    void parentThatWasCanceledWhileItRanReleasesNobody() throws Exception {
        var gate = Sums.gate("canceled-parent", 1);
        jobs.queued("p", "[\"tasks.hold\", null, [\"canceled-parent\"], {}]", Map.of());
        jobs.deferred("c", "later", List.of("p"), Map.of());
        var run = Background.run(worker());
        gate.begun.await();
        jobs.redis().hset("rq:job:p", "status", "canceled");
        gate.open.countDown();
        run.get();
        assertThat(jobs.field("p", "status")).isEqualTo("finished");
        assertWaits("c");
    }

    @Test
    void canceledChildStaysCanceled() throws Exception {
        jobs.queued("p", NOOP, Map.of());
        jobs.deferred("c", "later", List.of("p"), Map.of());
        jobs.redis().hset("rq:job:c", "status", "canceled");
        worker().run();
        assertThat(jobs.field("c", "status")).isEqualTo("canceled");
        assertThat(jobs.list("later")).isEmpty();
    }

    @Test
    void childThatSomebodyHasEnqueuedByHandIsNotQueuedTwice() throws Exception {
        jobs.queued("p", NOOP, Map.of());
        jobs.deferred("c", "later", List.of("p"), Map.of());
        jobs.redis().hset("rq:job:c", "status", "queued");
        jobs.redis().rpush("rq:queue:later", "c");
        worker().run();
        assertThat(jobs.list("later")).containsExactly("c");
    }

    @Test
    void childAddedWhileTheParentRunsIsNotLost() throws Exception {
        var gate = Sums.gate("late-child", 1);
        jobs.queued("p", "[\"tasks.hold\", null, [\"late-child\"], {}]", Map.of());
        var run = Background.run(worker());
        gate.begun.await();
        jobs.deferred("c", "later", List.of("p"), Map.of());
        gate.open.countDown();
        run.get();
        assertThat(jobs.list("later")).containsExactly("c");
    }

    @Test
    void childThatNoProgramCouldReadStaysWhereItIs() throws Exception {
        jobs.queued("p", NOOP, Map.of());
        jobs.deferred("a:b", "later", List.of("p"), Map.of());
        jobs.deferred("odd", "later", List.of("p"), Map.of("ttl", "1e99", "allow_dependency_failures", "perhaps"));
        jobs.deferred("word", "later", List.of("p"), Map.of());
        jobs.redis().hset("rq:job:word", "status", "sleeping");
        jobs.redis().del("rq:deferred:later");
        jobs.redis().set("rq:deferred:later", "no registry");
        worker().run();
        assertThat(jobs.field("p", "status")).isEqualTo("finished");
        assertThat(jobs.list("later")).containsExactly("odd");
        assertThat(jobs.redis().smembers("rq:job:p:dependents")).contains("a:b", "word");
    }

    @Test
    void thousandsOfChildrenAreReleasedAtOnce() throws Exception {
        jobs.queued("p", NOOP, Map.of());
        jobs.save("c0", "later", "deferred", NOOP, Map.of());
        var fields = jobs.redis().hgetall("rq:job:c0");
        IntStream.range(0, 9000).forEach(i -> jobs.redis().hset("rq:job:c" + i, fields));
        jobs.redis()
                .sadd(
                        "rq:job:p:dependents",
                        IntStream.range(0, 9000).mapToObj(i -> "c" + i).toArray(String[]::new));
        worker().run();
        assertThat(jobs.list("later")).hasSize(9000);
        assertThat(jobs.keys()).doesNotContain("rq:job:p:dependents");
    }

    @Test
    void childThatRq3HasMadeReadyIsQueuedByTheNextParent() throws Exception {
        jobs.queued("p", NOOP, Map.of());
        jobs.deferred("c", "later", List.of("p"), Map.of());
        jobs.redis().hset("rq:job:c", "status", "ready_to_enqueue");
        jobs.redis().zadd("rq:ready:later", 1, "c");
        worker().run();
        assertThat(jobs.list("later")).containsExactly("c");
        assertThat(jobs.registry("ready:later")).isEmpty();
    }
}
