package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which jobs are queued when a job they wait for ends; they wait for a worker of the queue {@code later}. */
class DependentsReleaseTest extends OnRedis {
    private static final String NOOP = "[\"tasks.noop\", null, [], {}]";
    private static final String BOOM = "[\"tasks.boom\", null, [\"no luck\"], {}]";

    private HandWrittenJobs written;

    @BeforeEach
    void prepareTest() {
        written = new HandWrittenJobs(redis.url());
    }

    @AfterEach
    void tidyUpTest() {
        written.close();
    }

    private Worker worker() {
        return Worker.on(redis.url()).functions(Sums.class).burst(true).build();
    }

    private void assertWaits(String child) {
        assertThat(written.field(child, "status")).isEqualTo("deferred");
        assertThat(written.registry("deferred:later")).contains(child);
        assertThat(written.list("later")).doesNotContain(child);
    }

    @Test
    void childGoesToItsOwnQueueWhenItsParentHasFinished() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.deferred("c", "later", List.of("p"), Map.of("ttl", "600"));
        worker().run();
        assertThat(written.list("later")).containsExactly("c");
        assertThat(written.field("c", "status")).isEqualTo("queued");
        assertThat(written.registry("deferred:later")).isEmpty();
        assertThat(written.keys()).doesNotContain("rq:job:p:dependents");
        assertThat(written.ttl("rq:job:c")).isBetween(590L, 600L);
        assertThat(written.ttl("rq:job::c:dependencies")).isBetween(590L, 600L);
    }

    @Test
    void childWaitsForItsLastParent() throws Exception {
        written.queued("a", NOOP, Map.of());
        written.save("b", "elsewhere", "started", NOOP, Map.of());
        written.deferred("c", "later", List.of("a", "b"), Map.of());
        worker().run();
        assertWaits("c");
        written.queued("b", NOOP, Map.of());
        worker().run();
        assertThat(written.list("later")).containsExactly("c");
    }

    @Test
    void childThatPythonHasEnqueuedAnewIsNotQueuedTwiceAndWaitsNoLonger() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.deferred("c", "later", List.of("p"), Map.of());
        written.save("c", "later", "queued", NOOP, Map.of()); // its id is in the hands of another worker
        worker().run();
        assertThat(written.list("later")).doesNotContain("c");
        assertThat(written.registry("deferred:later")).isEmpty();
    }

    @Test
    void parentThatDoesNotExistCountsAsFinished() throws Exception {
        written.queued("a", NOOP, Map.of());
        written.deferred("c", "later", List.of("a", "gone"), Map.of());
        worker().run();
        assertThat(written.list("later")).containsExactly("c");
    }

    @Test
    void failedParentReleasesOnlyWhoAllowsFailure() throws Exception {
        written.queued("p", BOOM, Map.of());
        written.deferred("strict", "later", List.of("p"), Map.of("allow_dependency_failures", "0"));
        written.deferred("first", "later", List.of("p"), Map.of("allow_dependency_failures", "1"));
        written.deferred(
                "front", "later", List.of("p"), Map.of("allow_dependency_failures", "1", "enqueue_at_front", "1"));
        worker().run();
        assertThat(written.list("later")).containsExactly("front", "first");
        assertWaits("strict");
        assertThat(raw.smembers("rq:job:p:dependents")).containsExactly("strict");
    }

    @Test
    void failureOfOtherParentsCountsForWhoAllowsIt() throws Exception {
        written.save("bad", "elsewhere", "failed", NOOP, Map.of());
        written.queued("p", NOOP, Map.of());
        written.deferred("strict", "later", List.of("p", "bad"), Map.of());
        written.deferred("lenient", "later", List.of("p", "bad"), Map.of("allow_dependency_failures", "1"));
        worker().run();
        assertThat(written.list("later")).containsExactly("lenient");
        assertWaits("strict");
    }

    @Test
    void canceledOrStoppedOtherParentsHoldTheChild() throws Exception {
        written.save("canceled", "elsewhere", "canceled", NOOP, Map.of());
        written.save("stopped", "elsewhere", "stopped", NOOP, Map.of());
        written.queued("p", NOOP, Map.of());
        var lenient = Map.of("allow_dependency_failures", "1");
        written.deferred("one", "later", List.of("p", "canceled"), lenient);
        written.deferred("two", "later", List.of("p", "stopped"), lenient);
        worker().run();
        assertWaits("one");
        assertWaits("two");
    }

    @Test
    void retriedParentReleasesNobodyYet() throws Exception {
        written.queued("p", BOOM, Map.of("retries_left", "1", "retry_intervals", "[100]"));
        written.deferred("c", "later", List.of("p"), Map.of("allow_dependency_failures", "1"));
        worker().run();
        assertWaits("c");
    }

    @Test
    void parentThatWasCanceledWhileItRanReleasesNobody() throws Exception {
        var gate = Sums.gate("canceled-parent", 1);
        written.queued("p", "[\"tasks.hold\", null, [\"canceled-parent\"], {}]", Map.of());
        written.deferred("c", "later", List.of("p"), Map.of());
        var run = Background.run(worker());
        gate.begun.await();
        raw.hset("rq:job:p", "status", "canceled");
        gate.open.countDown();
        run.get();
        assertThat(written.field("p", "status")).isEqualTo("finished");
        assertWaits("c");
    }

    @Test
    void canceledChildStaysCanceled() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.deferred("c", "later", List.of("p"), Map.of());
        raw.hset("rq:job:c", "status", "canceled");
        worker().run();
        assertThat(written.field("c", "status")).isEqualTo("canceled");
        assertThat(written.list("later")).isEmpty();
    }

    @Test
    void childThatSomebodyHasEnqueuedByHandIsNotQueuedTwice() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.deferred("c", "later", List.of("p"), Map.of());
        raw.hset("rq:job:c", "status", "queued");
        raw.rpush("rq:queue:later", "c");
        worker().run();
        assertThat(written.list("later")).containsExactly("c");
    }

    @Test
    void childAddedWhileTheParentRunsIsNotLost() throws Exception {
        var gate = Sums.gate("late-child", 1);
        written.queued("p", "[\"tasks.hold\", null, [\"late-child\"], {}]", Map.of());
        var run = Background.run(worker());
        gate.begun.await();
        written.deferred("c", "later", List.of("p"), Map.of());
        gate.open.countDown();
        run.get();
        assertThat(written.list("later")).containsExactly("c");
    }

    @Test
    void childThatNoProgramCouldReadStaysWhereItIs() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.deferred("a:b", "later", List.of("p"), Map.of());
        written.deferred("odd", "later", List.of("p"), Map.of("ttl", "1e99", "allow_dependency_failures", "perhaps"));
        written.deferred("word", "later", List.of("p"), Map.of());
        raw.hset("rq:job:word", "status", "sleeping");
        raw.del("rq:deferred:later");
        raw.set("rq:deferred:later", "no registry");
        worker().run();
        assertThat(written.field("p", "status")).isEqualTo("finished");
        assertThat(written.list("later")).containsExactly("odd");
        assertThat(raw.smembers("rq:job:p:dependents")).contains("a:b", "word");
    }

    @Test
    void thousandsOfChildrenAreReleasedAtOnce() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.save("c0", "later", "deferred", NOOP, Map.of());
        var fields = raw.hgetall("rq:job:c0");
        IntStream.range(0, 9000).forEach(i -> raw.hset("rq:job:c" + i, fields));
        raw.sadd(
                "rq:job:p:dependents",
                IntStream.range(0, 9000).mapToObj(i -> "c" + i).toArray(String[]::new));
        worker().run();
        assertThat(written.list("later")).hasSize(9000);
        assertThat(written.keys()).doesNotContain("rq:job:p:dependents");
    }

    @Test
    void childThatRq3HasMadeReadyIsQueuedByTheNextParent() throws Exception {
        written.queued("p", NOOP, Map.of());
        written.deferred("c", "later", List.of("p"), Map.of());
        raw.hset("rq:job:c", "status", "ready_to_enqueue");
        raw.zadd("rq:ready:later", 1, "c");
        worker().run();
        assertThat(written.list("later")).containsExactly("c");
        assertThat(written.registry("ready:later")).isEmpty();
    }
}
