package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRegistryTest extends OnRedis {
    private static final long LATER = 4_000_000_000L;

    private JobRegistry registry(JobRegistry.Kind kind) {
        return jobs.queue("default").registry(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "STARTED,rq:wip:default",
        "FINISHED,rq:finished:default",
        "FAILED,rq:failed:default",
        "DEFERRED,rq:deferred:default",
        "SCHEDULED,rq:scheduled:default",
        "CANCELED,rq:canceled:default",
        "READY,rq:ready:default"
    })
    void keysAreRqs(JobRegistry.Kind kind, String key) {
        assertThat(registry(kind).key()).isEqualTo(key);
        assertThat(registry(kind).size()).isZero();
        assertThat(registry(kind).ids()).isEmpty();
        assertThat(registry(kind).isEmpty()).isTrue();
    }

    @Test
    void entriesWhoseTimeIsOverAreLeftOutAndStayUntilCleanup() {
        var failed = registry(JobRegistry.Kind.FAILED);
        raw.zadd("rq:failed:default", -1, "forever");
        raw.zadd("rq:failed:default", 100, "old1");
        raw.zadd("rq:failed:default", 200, "old2");
        raw.zadd("rq:failed:default", LATER, "new1");
        raw.zadd("rq:failed:default", LATER + 1, "new2");
        assertThat(failed.ids()).containsExactly("forever", "new1", "new2");
        assertThat(failed.size()).isEqualTo(3);
        assertThat(failed.sizeWithExpired()).isEqualTo(5);
        assertThat(failed.expiredIds(Instant.ofEpochSecond(100))).containsExactly("old1");
        assertThat(failed.contains("old1")).isFalse();
        assertThat(failed.contains("forever")).isTrue();
        assertThat(failed.cleanup()).isEqualTo(2);
        assertThat(failed.sizeWithExpired()).isEqualTo(3);
    }

    @Test
    void stretchesCountFromEitherEnd() {
        raw.zadd("rq:failed:default", -1, "e");
        raw.zadd("rq:failed:default", 100, "x");
        for (int i = 0; i < 4; i++) {
            raw.zadd("rq:failed:default", (double) LATER + i, "n" + i);
        }
        var failed = registry(JobRegistry.Kind.FAILED);
        assertThat(failed.ids(0, 2)).containsExactly("e", "n0");
        assertThat(failed.ids(1, 2)).containsExactly("n0", "n1");
        assertThat(failed.ids(3, 10)).containsExactly("n2", "n3");
        assertThat(failed.ids(9, 2)).isEmpty();
        assertThat(failed.ids(0, 0)).isEmpty();
        assertThat(failed.idsDescending(0, 2)).containsExactly("n3", "n2");
        assertThat(failed.idsDescending(3, -1)).containsExactly("n0", "e");
        assertThatThrownBy(() -> failed.ids(-1, 2))
                .hasMessage("offset must be at least 0 and count at least -1, were -1 and 2");
    }

    @Test
    void momentsOfEntriesAreTold() {
        raw.zadd("rq:scheduled:default", LATER, "s");
        raw.zadd("rq:finished:default", Double.POSITIVE_INFINITY, "kept");
        raw.zadd("rq:finished:default", 1e300, "for ages");
        assertThat(registry(JobRegistry.Kind.SCHEDULED).expiresAt("s")).contains(Instant.ofEpochSecond(LATER));
        assertThat(registry(JobRegistry.Kind.FINISHED).expiresAt("kept")).contains(Instant.MAX);
        assertThat(registry(JobRegistry.Kind.FINISHED).expiresAt("for ages")).contains(Instant.MAX);
        assertThat(registry(JobRegistry.Kind.FINISHED).expiresAt("s")).isEmpty();
    }

    @Test
    void startedOnesAreToldByJobNotByExecution() {
        raw.zadd("rq:wip:default", LATER, "a:0123456789abcdef0123456789abcdef");
        raw.zadd("rq:wip:default", 100, "b:1123456789abcdef0123456789abcdef"); // abandoned: still here
        raw.zadd("rq:wip:default", LATER, "b:2123456789abcdef0123456789abcdef");
        raw.zadd("rq:executions:a", LATER + 60, "0123456789abcdef0123456789abcdef");
        var started = registry(JobRegistry.Kind.STARTED);
        assertThat(started.ids()).containsExactlyInAnyOrder("a", "b");
        assertThat(started.size()).isEqualTo(2);
        assertThat(started.contains("a")).isTrue();
        assertThat(started.contains("b")).isTrue();
        assertThat(started.contains("c")).isFalse();
        assertThat(started.expiresAt("a")).contains(Instant.ofEpochSecond(LATER));
        assertThat(started.remove("b")).isTrue();
        assertThat(started.ids()).containsExactly("a");
    }

    @Test
    void requeueingGoesThroughTheRegistryOnly() throws Exception {
        jobs.queue("default").with(o -> o.id("f1")).enqueue(Sums::boom, "no luck");
        jobs.queue("default").with(o -> o.id("f2")).enqueue(Sums::boom, "no luck");
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        var failed = registry(JobRegistry.Kind.FAILED);
        assertThatThrownBy(() -> failed.requeue("nobody"))
                .hasMessage("job nobody cannot be requeued: it is not among the failed jobs of queue default");
        failed.requeue("f2");
        assertThat(jobs.queue("default").size()).isEqualTo(1);
        raw.zadd("rq:failed:default", LATER, "ghost");
        assertThat(failed.requeueAll()).containsExactly("f1");
        assertThat(failed.sizeWithExpired()).isZero();
        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactly("f2", "f1");
        assertThat(raw.exists("rq:job:ghost")).isZero();
    }

    @Test
    void jobsAreReadWithoutThoseThatAreGone() {
        jobs.queue("default").with(o -> o.id("here")).enqueue(Sums::noop).cancel(Dependents.KEEP);
        raw.zadd("rq:canceled:default", 1, "gone");
        var canceled = registry(JobRegistry.Kind.CANCELED);
        assertThat(canceled.jobs()).extracting(JobInfo::id).containsExactly("here");
        assertThat(canceled.cleanup()).isEqualTo(1);
        assertThat(canceled.ids()).containsExactly("here");
        assertThat(canceled.remove("here")).isTrue();
        assertThat(canceled.remove("here")).isFalse();
    }
}
