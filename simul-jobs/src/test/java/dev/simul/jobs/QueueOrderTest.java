package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which queue a worker takes from, and which it must leave alone. */
class QueueOrderTest extends OnRedis {
    @BeforeEach
    void prepareTest() {
        Sums.TRACE.clear();
    }

    private void fill(int each, String... queues) {
        for (var queue : queues) {
            for (int i = 1; i <= each; i++) {
                jobs.queue(queue).enqueue(Sums::trace, queue + i);
            }
        }
    }

    private static Worker.Builder worker(String... queues) {
        return Worker.on(redis.url()).functions(Sums.class).queues(queues).burst(true);
    }

    private static Map<String, Long> firstOf(int jobs) {
        return Sums.TRACE.stream()
                .limit(jobs)
                .collect(Collectors.groupingBy(text -> text.substring(0, 1), Collectors.counting()));
    }

    @Test
    void turnsGoRound() throws Exception {
        fill(2, "a", "b", "c");
        worker("a", "b", "c").strategy(DequeueStrategy.ROUND_ROBIN).build().run();
        assertThat(Sums.TRACE).containsExactly("a1", "b1", "c1", "a2", "b2", "c2");
    }

    @Test
    void emptyQueueLosesItsTurn() throws Exception {
        fill(1, "a");
        fill(3, "b");
        worker("a", "b", "c").strategy(DequeueStrategy.ROUND_ROBIN).build().run();
        assertThat(Sums.TRACE).containsExactly("a1", "b1", "b2", "b3");
    }

    @Test
    void manySlotsAreSharedEvenlyAndNoneStaysFree() throws Exception {
        fill(10, "a", "b");
        worker("a", "b", "c")
                .strategy(DequeueStrategy.ROUND_ROBIN)
                .concurrency(12)
                .maxJobs(12)
                .build()
                .run();
        assertThat(firstOf(12).values()).allMatch(count -> count >= 4);
        assertThat(Sums.TRACE).hasSize(12);
    }

    @Test
    void randomServesEveryQueueInItsOwnOrder() throws Exception {
        fill(10, "a", "b");
        worker("a", "b").strategy(DequeueStrategy.RANDOM).build().run();
        assertThat(Sums.TRACE).hasSize(20);
        assertThat(Sums.TRACE.stream().filter(text -> text.startsWith("b")).findFirst())
                .contains("b1");
    }

    @Test
    void weightsAreShares() throws Exception {
        fill(40, "a", "b");
        worker("a", "b")
                .strategy(DequeueStrategy.weighted(Map.of("a", 3)))
                .build()
                .run();
        assertThat(firstOf(40)).isEqualTo(Map.of("a", 30L, "b", 10L));
        assertThat(Sums.TRACE).hasSize(80);
    }

    @Test
    void strategyThatDoesNotExistIsRefusedWithThoseThatDo() {
        assertThat(DequeueStrategy.of("round-robin")).isSameAs(DequeueStrategy.ROUND_ROBIN);
        assertThatThrownBy(() -> DequeueStrategy.of("lifo"))
                .hasMessage("a dequeue strategy is default, round_robin or random, was 'lifo'");
        assertThatThrownBy(() -> DequeueStrategy.weighted(Map.of("a", 0)))
                .hasMessage("the weight of queue a must be between 1 and 1000, was 0");
    }

    @Test
    void pausedQueueKeepsItsJobsAndHoldsUpNoOther() throws Exception {
        fill(1, "a", "b");
        raw.set("simul:rq:paused:a", "1");
        worker("a", "b").build().run();
        assertThat(Sums.TRACE).containsExactly("b1");
        raw.del("simul:rq:paused:a");
        worker("a", "b").build().run();
        assertThat(Sums.TRACE).containsExactly("b1", "a1");
    }

    @Test
    void waitingWorkerGoesOnWhenThePauseEnds() throws Exception {
        raw.set("simul:rq:paused:a", "1");
        var worker = worker("a", "b").burst(false).build();
        var run = Background.run(worker);
        fill(1, "a");
        assertThat(jobs.queue("b").enqueue(Sums::add, 1, 2).await()).isEqualTo(3);
        assertThat(Sums.TRACE).isEmpty();
        raw.del("simul:rq:paused:a");
        assertThat(jobs.queue("a").enqueue(Sums::add, 1, 2).await()).isEqualTo(3);
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(3, 0));
    }

    @Test
    void suspendedWorkerSaysSoAndThenThatItIsIdle() throws Exception {
        raw.set("rq:suspended", "1");
        fill(1, "a");
        var worker = worker("a").burst(false).name("w1").build();
        var run = Background.run(worker);
        await("suspended");
        assertThat(Sums.TRACE).isEmpty();
        raw.del("rq:queue:a", "rq:suspended");
        await("idle");
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(0, 0));
    }

    private void await(String state) {
        while (!state.equals(raw.hget("rq:worker:w1", "state"))) {
            Background.breathe();
        }
    }

    @Test
    void concurrencyOfAQueueHoldsForAllWorkers() throws Exception {
        jobs.queue("a").limits(QueueLimits.concurrency(2));
        var gate = Sums.gate("limit", 2);
        for (int i = 0; i < 6; i++) {
            jobs.queue("a").enqueue(Sums::hold, "limit");
        }
        fill(1, "b");
        var first = Background.run(worker("a", "b").concurrency(5).build());
        var second = Background.run(worker("a", "b").concurrency(5).build());
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        while (Sums.TRACE.isEmpty()) {
            Background.breathe();
        }
        assertThat(raw.zcard("rq:wip:a")).isEqualTo(2);
        assertThat(raw.llen("rq:queue:a")).isEqualTo(4);
        gate.open.countDown();
        assertThat(first.get(30, SECONDS).finished() + second.get(30, SECONDS).finished())
                .isEqualTo(7);
    }

    @Test
    void rateLetsNoMoreJobsStartInItsTime() throws Exception {
        jobs.queue("a").limits(QueueLimits.NONE.rate(3, Duration.ofMillis(400)));
        fill(7, "a");
        long start = System.nanoTime();
        worker("a").concurrency(10).build().run();
        assertThat(Sums.TRACE).hasSize(7);
        assertThat(System.nanoTime() - start)
                .isGreaterThan(Duration.ofMillis(799).toNanos());
    }

    @Test
    void jobsOfAKeyRunAtMostSoManyAtATimeAndOthersPassThem() throws Exception {
        var queue = jobs.queue("a");
        var gate = Sums.gate("key", 2);
        for (int i = 0; i < 5; i++) {
            queue.with(o -> o.concurrencyLimit("customer 17", 2)).enqueue(Sums::hold, "key");
        }
        fill(3, "a");
        var first = Background.run(worker("a").concurrency(4).build());
        var second = Background.run(worker("a").concurrency(4).build());
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        while (Sums.TRACE.size() < 3 || raw.zcard("rq:wip:a") > 2) {
            Background.breathe();
        }
        assertThat(raw.llen("rq:queue:a")).isEqualTo(3);
        assertThat(raw.scard("simul:rq:slots:customer 17")).isEqualTo(2);
        gate.open.countDown();
        assertThat(first.get(30, SECONDS).finished() + second.get(30, SECONDS).finished())
                .isEqualTo(8);
    }

    @Test
    void slotOfADeadExecutionIsFree() throws Exception {
        raw.sadd("simul:rq:slots:k", "gone:0123");
        var job = jobs.queue("a").with(o -> o.concurrencyLimit("k", 1)).enqueue(Sums::add, 1, 2);
        worker("a").build().run();
        assertThat(job.await()).isEqualTo(3);
    }

    @Test
    void limitsAreReadBackAndLifted() {
        var queue = jobs.queue("a");
        assertThat(queue.limits()).isEqualTo(QueueLimits.NONE);
        var limits = QueueLimits.concurrency(5).rate(100, Duration.ofMinutes(1));
        queue.limits(limits);
        assertThat(queue.limits()).isEqualTo(limits);
        assertThat(raw.get("simul:rq:limits:a")).isEqualTo("{\"concurrency\": 5, \"rate\": 100, \"per_ms\": 60000}");
        queue.limits(QueueLimits.NONE);
        assertThat(raw.exists("simul:rq:limits:a")).isZero();
        assertThatThrownBy(() -> QueueLimits.concurrency(0))
                .hasMessage("a queue's concurrency must be at least 1, was 0");
    }

    @Test
    void rubbishAsALimitIsNoLimit() throws Exception {
        for (var rubbish :
                List.of("x", "[]", "3", "{\"concurrency\": \"no\"}", "{\"rate\": 1}", "{\"rate\": {}}", "")) {
            raw.set("simul:rq:limits:a", rubbish);
            fill(1, "a");
            assertThat(worker("a").build().run()).isEqualTo(new WorkerTally(1, 0));
        }
    }
}
