package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.jobs.internal.redis.RqJson;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronSchedulerTest {
    private static final CronJob HOURLY = CronJob.every(Duration.ofHours(1), JobRequest.of(Sums::add, 1, 2));

    private EmbeddedRedis redis;
    private RedisClient client;
    private RedisCommands<String, String> raw;
    private final List<CronScheduler> running = new ArrayList<>();

    @BeforeEach
    void connect() {
        redis = EmbeddedRedis.start();
        client = RedisClient.create(redis.url());
        raw = client.connect().sync();
    }

    @AfterEach
    void disconnect() {
        running.forEach(CronScheduler::stop);
        client.shutdown(0, 1, TimeUnit.SECONDS);
        redis.close();
    }

    private CompletableFuture<Long> run(CronScheduler scheduler) {
        running.add(scheduler);
        return Background.call(scheduler::run);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Background.breathe();
        }
    }

    private String cronJobs(CronScheduler scheduler) {
        return String.valueOf(raw.hget("rq:cron_scheduler:" + scheduler.name(), "cron_jobs"));
    }

    /** Lets it run until it has shown itself after its first look. */
    private long once(CronScheduler scheduler) throws Exception {
        var run = run(scheduler);
        await(() -> raw.exists("rq:cron_scheduler:" + scheduler.name()) == 1);
        scheduler.stop();
        return run.get(30, SECONDS);
    }

    @Test
    void intervalJobIsEnqueuedAtOnceAndThenAgain() throws Exception {
        var job = CronJob.every(
                        Duration.ofSeconds(1),
                        JobRequest.of("tasks.add", Integer.class, 1, 2)
                                .named("scale", 3)
                                .with(o -> o.timeout(Duration.ofMinutes(1)).meta(Map.of("a", 1))))
                .queue("low");
        var scheduler = CronScheduler.on(redis.url()).jobs(job).build();
        var run = run(scheduler);
        await(() -> raw.llen("rq:queue:low") >= 2);
        scheduler.stop();

        var ids = raw.lrange("rq:queue:low", 0, -1);
        assertThat(run.get(30, SECONDS)).isEqualTo(ids.size());
        assertThat(raw.hgetall("rq:job:" + ids.getFirst()))
                .containsEntry("description", "tasks.add(1, 2, scale=3)")
                .containsEntry("timeout", "60")
                .containsEntry("meta", "{\"a\": 1}")
                .containsEntry("status", "queued");
        assertThat(raw.zrange("rq:cron_job:tasks.add:jobs", 0, -1)).isEqualTo(ids);
        assertThat(raw.ttl("rq:cron_job:tasks.add:jobs")).isBetween(31_535_000L, 31_536_000L);
        assertThat(raw.zscore("rq:cron_jobs", "tasks.add"))
                .isEqualTo(raw.zscore("rq:cron_job:tasks.add:jobs", ids.getLast()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3600})
    void aTimeIsNoLongerTakenWhenTheNextOneComes(long seconds) {
        var interval = Duration.ofSeconds(seconds);
        var entry = new CronEntry(
                CronJob.every(interval, JobRequest.of(Sums::noop)),
                ZoneId.of("UTC"),
                Instant.parse("2030-01-01T00:00:00Z"));
        assertThat(entry.onceAtThisTime("an-id").apply(JobOptions.DEFAULTS).uniqueFor())
                .isLessThan(interval);
    }

    @Test
    void itShowsItselfAsRqsToolsExpect() throws Exception {
        var scheduler = CronScheduler.on(redis.url())
                .jobs(
                        HOURLY,
                        CronJob.cron(
                                        "*/5 * * * *",
                                        JobRequest.of(Sums::noop)
                                                .with(o -> o.webhook(URI.create("http://localhost/done"))))
                                .name("every five"))
                .configFile("cron.json")
                .build();
        var run = run(scheduler);
        await(() -> raw.zcard("rq:cron_jobs") == 1);
        await(() -> cronJobs(scheduler).contains("T"));
        var hash = raw.hgetall("rq:cron_scheduler:" + scheduler.name());
        assertThat(hash)
                .containsOnlyKeys("hostname", "pid", "name", "created_at", "config_file", "cron_jobs")
                .containsEntry("name", scheduler.name())
                .containsEntry("config_file", "cron.json");
        assertThat(raw.ttl("rq:cron_scheduler:" + scheduler.name())).isBetween(110L, 120L);
        assertThat(raw.zrange("rq:cron_schedulers", 0, -1)).containsExactly(scheduler.name());
        var shown = RqJson.read(cronJobs(scheduler).getBytes(StandardCharsets.UTF_8));
        assertThat(shown.get(0).get("func_name").asString()).isEqualTo("tasks.add");
        assertThat(shown.get(0).get("args").asString()).isEqualTo("[1, 2]");
        assertThat(shown.get(0).get("interval").asInt()).isEqualTo(3600);
        assertThat(shown.get(0).get("cron").isNull()).isTrue();
        assertThat(shown.get(1).get("name").asString()).isEqualTo("every five");
        assertThat(shown.get(1).get("cron").asString()).isEqualTo("*/5 * * * *");
        assertThat(shown.get(1).get("next_enqueue_time").asString()).matches("....-..-..T..:.[05]:00\\.000000Z");
        assertThat(shown.get(1).get("latest_enqueue_time").isNull()).isTrue();
        assertThat(shown.get(0).has("webhooks")).isFalse();
        assertThat(shown.get(1).get("webhooks").asString())
                .isEqualTo("[{\"url\": \"http://localhost/done\", \"job_status\": \"finished\", \"method\": \"GET\","
                        + " \"headers\": null, \"timeout\": 10}]");

        scheduler.stop();
        run.get(30, SECONDS);
        assertThat(raw.exists("rq:cron_schedulers")).isZero();
    }

    @Test
    void jobWhoseArgumentsCannotBeWrittenHoldsUpNoOther() throws Exception {
        var unwritable = CronJob.every(Duration.ofHours(1), JobRequest.of("tasks.boom", Void.class, new Object()));
        var scheduler = CronScheduler.on(redis.url()).jobs(unwritable, HOURLY).build();
        assertThat(once(scheduler)).isEqualTo(1);
        assertThat(raw.llen("rq:queue:default")).isEqualTo(1);
        assertThat(cronJobs(scheduler)).contains("java.lang.Object@", "tasks.add");
    }

    @Test
    void twoSchedulersWithTheSameJobsEnqueueEachTimeOnce() throws Exception {
        var minutely = CronJob.cron("* * * * *", JobRequest.of(Sums::noop)).catchUp(true);
        raw.zadd("rq:cron_jobs", Instant.now().getEpochSecond() - 3600.0, "tasks.noop");
        var one = CronScheduler.on(redis.url()).jobs(HOURLY, minutely).build();
        var two = CronScheduler.on(redis.url()).jobs(HOURLY, minutely).build();
        var runs = List.of(run(one), run(two));
        await(() -> raw.zcard("rq:cron_schedulers") == 2 && raw.llen("rq:queue:default") >= 2);
        await(() -> cronJobs(one).contains("latest_enqueue_time\": \"2")
                && cronJobs(two).contains("latest_enqueue_time\": \"2"));
        one.stop();
        two.stop();

        long enqueued = runs.get(0).get(30, SECONDS) + runs.get(1).get(30, SECONDS);
        assertThat(enqueued).isEqualTo(raw.llen("rq:queue:default"));
        assertThat(raw.zcard("rq:cron_job:tasks.add:jobs")).isEqualTo(1);
    }

    @Test
    void missedTimesAreMadeUpForOnceOrNotAtAll() throws Exception {
        raw.zadd("rq:cron_jobs", Instant.now().getEpochSecond() - 86_400.0 * 40, "yes");
        raw.zadd("rq:cron_jobs", Instant.now().getEpochSecond() - 86_400.0 * 40, "no");
        var monthly = CronJob.cron("0 0 1 * *", JobRequest.of(Sums::noop));
        var scheduler = CronScheduler.on(redis.url())
                .jobs(
                        monthly.name("yes").catchUp(true),
                        monthly.name("no"),
                        monthly.name("never ran").catchUp(true))
                .timeZone(ZoneId.of("Asia/Tokyo"))
                .build();

        assertThat(once(scheduler)).isEqualTo(1);
        assertThat(raw.zcard("rq:cron_job:yes:jobs")).isEqualTo(1);
    }

    @Test
    void itComesBackIntoTheListWithItsWholeHash() throws Exception {
        var job = CronJob.every(Duration.ofSeconds(1), JobRequest.of(Sums::noop));
        var scheduler = CronScheduler.on(redis.url()).name("back").jobs(job).build();
        run(scheduler);
        await(() -> raw.exists("rq:cron_scheduler:back") == 1);
        assertThatThrownBy(scheduler::run).hasMessageStartingWith("cron scheduler back runs already");
        raw.del("rq:cron_scheduler:back", "rq:cron_schedulers");

        await(() -> raw.hlen("rq:cron_scheduler:back") == 6);
        assertThat(raw.zscore("rq:cron_schedulers", "back")).isGreaterThan(1e9);
    }

    @Test
    void wrongSettingsAreRefusedAtOnce() {
        var noop = JobRequest.of(Sums::noop);
        assertThatThrownBy(() -> CronJob.every(Duration.ofMillis(1500), noop))
                .hasMessageContaining("interval must be whole seconds and at least 1 s, was PT1.5S");
        assertThatThrownBy(() -> CronJob.cron("61 * * * *", noop)).hasMessageContaining("the minute cannot be '61'");
        assertThatThrownBy(() -> CronJob.cron("@daily", noop.with(o -> o.id("same"))))
                .hasMessageContaining("leave id out");
        assertThatThrownBy(() -> CronScheduler.on(redis.url()).build()).hasMessageContaining("at least one job");
    }
}
