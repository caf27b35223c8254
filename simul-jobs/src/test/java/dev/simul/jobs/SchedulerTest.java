package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchedulerTest {
    private static final Duration PAST = Duration.ofSeconds(-5);

    private EmbeddedRedis redis;
    private JobClient jobs;
    private RedisClient client;
    private RedisCommands<String, String> raw;
    private final List<Runnable> stops = new ArrayList<>();

    @BeforeEach
    void connect() {
        redis = EmbeddedRedis.start();
        jobs = JobClient.connect(redis.url());
        client = RedisClient.create(redis.url());
        raw = client.connect().sync();
    }

    @AfterEach
    void disconnect() {
        stops.forEach(Runnable::run);
        client.shutdown(0, 1, TimeUnit.SECONDS);
        jobs.close();
        redis.close();
    }

    private CompletableFuture<Long> run(Scheduler scheduler) {
        stops.add(scheduler::stop);
        return Background.call(scheduler::run);
    }

    private long burst() throws InterruptedException {
        return Scheduler.on(redis.url()).burst(true).build().run();
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Background.breathe();
        }
    }

    /** A job by hand in the registry of scheduled ones. */
    private void scheduled(String id, double due, Map<String, String> fields) {
        raw.hset("rq:job:" + id, Map.of("data", "[\"tasks.noop\", null, [], {}]", "origin", "default"));
        raw.hset("rq:job:" + id, fields);
        raw.zadd("rq:scheduled:default", due, id);
    }

    @Test
    void dueJobsGoToTheirQueueInOrderAndOthersStay() throws Exception {
        scheduled("second", 200, Map.of("status", "scheduled"));
        scheduled("first", 100, Map.of("status", "scheduled", "x_own", "kept", "meta", "bytes"));
        scheduled("urgent", 300, Map.of("status", "scheduled", "enqueue_at_front", "1"));
        scheduled("later", 4e9, Map.of("status", "scheduled"));

        assertThat(burst()).isEqualTo(3);

        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactly("urgent", "first", "second");
        assertThat(raw.zrange("rq:scheduled:default", 0, -1)).containsExactly("later");
        var first = raw.hgetall("rq:job:first");
        assertThat(first)
                .containsEntry("status", "queued")
                .containsEntry("x_own", "kept")
                .containsEntry("meta", "bytes");
        assertThat(first.get("enqueued_at")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(raw.keys("rq:scheduler*")).isEmpty();
    }

    @Test
    void aWorkerRunsAScheduledJobByTheSchedulersHand() throws Exception {
        var job = jobs.queue("default").enqueueIn(Duration.ofSeconds(1), "tasks.add", Integer.class, 1, 2);
        var worker =
                Worker.on(redis.url()).functions(Sums.class).scheduler(true).build();
        stops.add(worker::stop);
        var run = Background.run(worker);

        assertThat(job.await()).isEqualTo(3);
        var lock = raw.get("rq:scheduler-lock:default");
        assertThat(raw.hgetall("rq:scheduler:" + lock))
                .containsOnlyKeys("name", "hostname", "pid", "queues", "created_at", "last_heartbeat", "x_beat")
                .containsEntry("name", lock)
                .containsEntry("queues", "default");
        assertThat(raw.ttl("rq:scheduler-lock:default")).isBetween(30L, 61L);
        assertThat(raw.ttl("rq:scheduler:" + lock)).isBetween(30L, 61L);
        worker.stop();
        run.get(30, SECONDS);
        assertThat(raw.keys("rq:scheduler*")).isEmpty();
    }

    @Test
    void aWorkerThatIsNoSchedulerStepsInWhereThereIsNone() throws Exception {
        var job = jobs.queue("default").enqueueAt(Instant.now().plus(PAST), "tasks.add", Integer.class, 1, 2);
        var worker = Worker.on(redis.url()).functions(Sums.class).build();
        stops.add(worker::stop);
        var run = Background.run(worker);

        assertThat(job.await()).isEqualTo(3);
        assertThat(raw.keys("rq:scheduler*")).isEmpty();
        raw.set("rq:scheduler-lock:default", "somebody");
        var left = jobs.queue("default").enqueueAt(Instant.now().plus(PAST), "tasks.add", Integer.class, 3, 4);
        jobs.queue("default").enqueue("tasks.add", Integer.class, 5, 6).await();
        assertThat(left.status()).isEqualTo(JobStatus.SCHEDULED);
        worker.stop();
        run.get(30, SECONDS);
    }

    @Test
    void aBurstWithASchedulerRunsWhatIsDueAndLeavesNoLock() throws Exception {
        var job = jobs.queue("default").enqueueAt(Instant.now().plus(PAST), "tasks.add", Integer.class, 1, 2);
        var worker = Worker.on(redis.url()).functions(Sums.class).burst(true);

        assertThat(worker.build().run().finished()).isZero();
        assertThat(worker.scheduler(true).build().run().finished()).isEqualTo(1);
        assertThat(job.await()).isEqualTo(3);
        assertThat(raw.keys("rq:scheduler*")).isEmpty();
    }

    @Test
    void twoSchedulersMoveEachJobOnce() throws Exception {
        for (int i = 0; i < 1200; i++) {
            scheduled("j" + i, 100 + i, Map.of("status", "scheduled"));
        }
        var one = Scheduler.on(redis.url()).name("one").build();
        var two = Scheduler.on(redis.url()).name("two").burst(true).build();
        var run = run(one);
        await(() -> raw.exists("rq:scheduler:one") == 1);

        assertThat(two.run()).isZero();
        await(() -> raw.llen("rq:queue:default") == 1200);
        one.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(1200);
        assertThat(raw.lrange("rq:queue:default", 0, -1)).doesNotHaveDuplicates();
    }

    @Test
    void aLockThatIsLostOrDeletedIsSeenBeforeTheNextMove() throws Exception {
        var scheduler = Scheduler.on(redis.url()).name("mine").build();
        var run = run(scheduler);
        await(() -> "mine".equals(raw.get("rq:scheduler-lock:default")));
        assertThatThrownBy(scheduler::run).hasMessageStartingWith("scheduler mine runs already");

        raw.del("rq:scheduler-lock:default");
        await(() -> "mine".equals(raw.get("rq:scheduler-lock:default"))); // taken again

        raw.set("rq:scheduler-lock:default", "other");
        var beat = raw.hget("rq:scheduler:mine", "last_heartbeat");
        scheduled("theirs", 100, Map.of("status", "scheduled"));
        raw.set("rq:scheduler-lock:default", "other", SetArgs.Builder.ex(1));
        await(() -> raw.llen("rq:queue:default") == 1); // when the other's lock has run out
        assertThat(raw.get("rq:scheduler-lock:default")).isEqualTo("mine");
        assertThat(raw.hget("rq:scheduler:mine", "last_heartbeat")).isGreaterThan(beat);

        raw.set("rq:scheduler-lock:default", "other");
        scheduler.stop();
        run.get(30, SECONDS);
        assertThat(raw.get("rq:scheduler-lock:default")).isEqualTo("other");
    }

    @Test
    void theLockOfASilentSchedulerOfOursIsFreeAtOnceAndThatOfAnRqSchedulerIsNot() throws Exception {
        long now = Instant.now().getEpochSecond();
        raw.hset("rq:scheduler:dead", "x_beat", "" + (now - 10));
        raw.hset("rq:scheduler:alive", "x_beat", "" + (now + 3600));
        raw.hset("rq:scheduler:python", "name", "python");
        for (var holder : List.of("dead", "alive", "python")) {
            raw.set("rq:scheduler-lock:" + holder, holder, SetArgs.Builder.ex(61));
        }
        var scheduler = Scheduler.on(redis.url())
                .name("mine")
                .queues("dead", "alive", "python")
                .build();
        var run = run(scheduler);

        await(() -> "mine".equals(raw.get("rq:scheduler-lock:dead")));
        assertThat(raw.get("rq:scheduler-lock:alive")).isEqualTo("alive");
        assertThat(raw.get("rq:scheduler-lock:python")).isEqualTo("python");
        scheduler.stop();
        run.get(30, SECONDS);
    }

    @Test
    void anEmptyOrBrokenEntryIsDroppedOrPutAsideAndHoldsUpNobody() throws Exception {
        raw.zadd("rq:scheduled:default", 1, "ghost");
        raw.zadd("rq:scheduled:default", 2, "order.17");
        raw.set("rq:job:text", "a string");
        raw.zadd("rq:scheduled:default", 3, "text");
        scheduled("odd", 4, Map.of("status", "\u00ff", "ttl", "soon", "created_at", "x", "origin", "elsewhere"));
        scheduled("good", 5, Map.of("status", "scheduled"));

        assertThat(burst()).isEqualTo(5);

        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactly("odd", "good");
        assertThat(raw.hget("rq:job:odd", "origin")).isEqualTo("default");
        assertThat(raw.lrange("simul:rq:unreadable:default", 0, -1)).containsExactly("order.17", "text");
        assertThat(raw.exists("rq:scheduled:default", "rq:job:ghost")).isZero();
    }

    @Test
    void ttlAndRateLimitHoldWhenTheTimeHasCome() throws Exception {
        scheduled("mortal", 1, Map.of("ttl", "100"));
        scheduled("a", 2, Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1"));
        scheduled("b", 3, Map.of("rate_limit_key", "api", "rate_limit_concurrency", "1"));

        burst();

        assertThat(raw.ttl("rq:job:mortal")).isBetween(90L, 100L);
        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactly("mortal", "a");
        assertThat(raw.hget("rq:job:b", "status")).isEqualTo("rate_limited");
    }

    @Test
    void wrongSettingsAreRefusedAtOnce() {
        assertThatThrownBy(() -> Scheduler.on(redis.url()).name("two words"))
                .hasMessageContaining("a scheduler's name consists of visible ASCII characters, was 'two words'");
        assertThatThrownBy(() -> Scheduler.on(redis.url()).queues()).hasMessageContaining("at least one queue");
        assertThatThrownBy(() -> Worker.on(redis.url()).maintenanceInterval(Duration.ZERO))
                .hasMessageContaining("maintenanceInterval must be between 1 s and 86400 s, was PT0S");
    }
}
