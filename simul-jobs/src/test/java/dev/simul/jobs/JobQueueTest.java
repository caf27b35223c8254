package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be read of a queue, and done to it, besides enqueueing. */
class JobQueueTest extends OnRedis {
    private JobQueue queue;

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default");
    }

    private void enqueue(String... ids) {
        for (var id : ids) {
            queue.with(o -> o.id(id)).enqueue(Sums::noop);
        }
    }

    @Test
    void queuesAreEqualByNameAndServerAndOrderedByName() {
        try (var again = JobClient.connect(redis.url());
                var elsewhere = JobClient.connect(redis.url() + "/1");
                var prefixed = JobClient.connect(JobSettings.of(redis.url()).keyPrefix("shop"))) {
            assertThat(queue)
                    .isEqualTo(again.queue("default"))
                    .hasSameHashCodeAs(again.queue("default"))
                    .isEqualTo(queue.with(o -> o.atFront(true)))
                    .isNotEqualTo(jobs.queue("other"))
                    .isNotEqualTo(elsewhere.queue("default"))
                    .isNotEqualTo(prefixed.queue("default"))
                    .isNotEqualTo("default");
            assertThat(Stream.of("low", "default", "high")
                            .map(jobs::queue)
                            .sorted()
                            .map(JobQueue::name))
                    .containsExactly("default", "high", "low");
            assertThat(queue).isEqualByComparingTo(again.queue("default"));
            assertThat(queue.compareTo(elsewhere.queue("default"))).isNotZero();
        }
    }

    @Test
    void waitingJobsAreListedInTheOrderInWhichTheyWillRun() {
        assertThat(queue.isEmpty()).isTrue();
        enqueue("a", "b", "c", "d");
        queue.with(o -> o.id("z").atFront(true)).enqueue(Sums::noop);
        raw.rpush("rq:queue:default", "ghost");
        assertThat(queue.isEmpty()).isFalse();
        assertThat(queue.ids()).containsExactly("z", "a", "b", "c", "d", "ghost");
        assertThat(queue.ids(1, 2)).containsExactly("a", "b");
        assertThat(queue.ids(4, 10)).containsExactly("d", "ghost");
        assertThat(queue.ids(0, 0)).isEmpty();
        assertThat(queue.jobs(3, -1)).extracting(JobInfo::id).containsExactly("c", "d");
        assertThatThrownBy(() -> queue.ids(0, -2))
                .hasMessage("offset must be at least 0 and count at least -1, were 0 and -2");
    }

    @Test
    void positionCountsFromZero() {
        enqueue("a", "b");
        assertThat(queue.position("a")).hasValue(0);
        assertThat(queue.position("b")).hasValue(1);
        assertThat(queue.position("c")).isEmpty();
    }

    @Test
    void removeTakesThatIdOutAndLeavesItsJob() {
        enqueue("a", "b", "c");
        assertThat(queue.remove("b")).isTrue();
        assertThat(queue.remove("b")).isFalse();
        assertThat(queue.ids()).containsExactly("a", "c");
        assertThat(jobs.info("b")).isPresent();
    }

    @Test
    void jobIsFoundThroughItsOwnQueueOnly() {
        enqueue("a");
        raw.rpush("rq:queue:default", "ghost");
        assertThat(queue.job("a").orElseThrow().id()).isEqualTo("a");
        assertThat(jobs.queue("other").job("a")).isEmpty();
        assertThat(queue.job("ghost")).isEmpty();
        assertThat(queue.ids()).containsExactly("a");
    }

    @Test
    void emptiedQueueLeavesNothingOfItsJobs() {
        for (int i = 0; i < 2500; i++) {
            raw.rpush("rq:queue:default", "many" + i);
        }
        enqueue("a");
        raw.xadd("rq:results:a", Map.of("type", "1"));
        raw.sadd("rq:job::a:dependencies", "p");
        raw.hset("rq:job:a", "group_id", "g");
        raw.sadd("rq:group:g", "a");
        raw.set("rq:job:odd", "no hash"); // must not stop it
        raw.rpush("rq:queue:default", "odd");
        assertThat(queue.empty()).isEqualTo(2502);
        assertThat(queue.empty()).isZero();
        assertThat(raw.keys("*")).containsExactlyInAnyOrder("rq:queues", "rq:job:odd");
    }

    @Test
    void compactDropsTheIdsOfJobsThatAreGone() {
        for (int i = 0; i < 1500; i++) {
            raw.rpush("rq:queue:default", "ghost" + i);
        }
        enqueue("a", "b");
        raw.rpush("rq:queue:default", "ghost");
        assertThat(queue.compact()).isEqualTo(1501);
        assertThat(queue.ids()).containsExactly("a", "b");
    }

    @Test
    void jobsAreCountedWhereTheyStand() {
        enqueue("a", "b");
        var later = 4e9;
        raw.zadd("rq:wip:default", later, "s:0123456789abcdef0123456789abcdef");
        raw.zadd("rq:finished:default", later, "f");
        raw.zadd("rq:finished:default", 100, "expired");
        raw.zadd("rq:failed:default", -1, "kept");
        raw.zadd("rq:deferred:default", 1, "d");
        raw.zadd("rq:scheduled:default", 1, "t");
        raw.zadd("rq:canceled:default", 1, "c");
        raw.zadd("rq:ready:default", 1, "r");
        raw.rpush("rq:queue:default:intermediate", "i");
        raw.rpush("simul:rq:unreadable:default", "u");
        raw.sadd("rq:workers:default", "rq:worker:w");
        queue.pause();
        var info = queue.info();
        assertThat(info).isEqualTo(new QueueInfo("default", 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, true, info.oldest()));
        assertThat(info.oldest().orElseThrow()).isAfter(Instant.now().minusSeconds(60));
        jobs.queue("another").enqueue(Sums::noop);
        assertThat(jobs.queues()).extracting(QueueInfo::name).containsExactly("another", "default");
        assertThat(jobs.queue("unknown").info().oldest()).isEmpty();
    }

    @Test
    void strangersAmongTheQueuesAndWrongTypesHinderNobody() {
        enqueue("a");
        raw.sadd("rq:queues", "nonsense");
        raw.set("rq:finished:default", "no registry");
        raw.set("rq:workers:default", "no set");
        var info = jobs.queues().getFirst();
        assertThat(jobs.queues()).hasSize(1);
        assertThat(info.queued()).isEqualTo(1);
        assertThat(info.finished()).isEqualTo(-1);
    }

    @Test
    void pauseOfAQueueEndsByHandOrByTime() {
        assertThat(queue.isPaused()).isFalse();
        queue.pause();
        assertThat(queue.isPaused()).isTrue();
        assertThat(raw.get("simul:rq:paused:default")).isEqualTo("1");
        assertThat(jobs.queue("other").isPaused()).isFalse();
        assertThat(queue.resume()).isTrue();
        assertThat(queue.resume()).isFalse();
        queue.pause(Duration.ofMillis(90_500));
        assertThat(raw.pttl("simul:rq:paused:default")).isBetween(60_000L, 91_000L);
        assertThatThrownBy(() -> queue.pause(Duration.ZERO)).hasMessage("a pause must be longer than zero, was PT0S");
    }

    @Test
    void queueIsFoundByTheKeyOfItsList() {
        assertThat(queue.key()).isEqualTo("rq:queue:default");
        assertThat(jobs.queueFromKey("rq:queue:a:b").name()).isEqualTo("a:b");
        assertThatThrownBy(() -> jobs.queueFromKey("rq:job:default"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a queue's key begins with rq:queue:, was 'rq:job:default'");
    }
}
