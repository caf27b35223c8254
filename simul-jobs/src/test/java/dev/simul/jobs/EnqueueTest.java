package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each way to enqueue leaves in Redis; layouts are those that rq 2.12.0 left in the same situation (recorded). */
class EnqueueTest extends OnRedis {
    private JobQueue queue;

    @BeforeEach
    void prepareTest() {
        queue = jobs.queue("default");
    }

    private static String dump() {
        return RedisDump.of(redis.url());
    }

    private List<String> listed() {
        return jobs.redis().await(jobs.redis().commands().lrange("rq:queue:default", 0, -1)).stream()
                .map(String::new)
                .toList();
    }

    @Test
    void everyOptionHasRqsFieldAndForm() {
        queue.with(o -> o.id("job-json-1")
                        .description("Add two numbers")
                        .timeout("2m")
                        .resultTtl(Duration.ofMinutes(10))
                        .failureTtl(Duration.ofHours(1))
                        .ttl(Duration.ofMinutes(15))
                        .meta(Map.of("user", "ana"))
                        .retry(Retry.of(3, Duration.ofSeconds(10), Duration.ofSeconds(20), Duration.ofMillis(29_500))
                                .atFront(true))
                        .repeat(Repeat.of(2, Duration.ofMinutes(1)))
                        .onSuccess(Callback.of("tasks.on_ok", Duration.ofSeconds(30)))
                        .onFailure(Callback.of("tasks.on_fail"))
                        .onStopped(Callback.of("tasks.on_stop"))
                        .webhook(Webhook.onFailed(URI.create("https://example.org/a?b=c"))
                                .post()
                                .headers(Map.of("X-Key", "é"))))
                .enqueue(JobRequest.of("tasks.add", Integer.class, 2, 3).named("scale", 10));
        assertThat(dump()).isEqualTo("""
                rq:job:job-json-1 hash ttl=900 {created_at=ISO, \
                data=zlib ["tasks.add", null, [2, 3], {"scale": 10}], description=Add two numbers, ended_at=, \
                enqueue_at_front_on_retry=1, enqueued_at=ISO, failure_callback_name=tasks.on_fail, \
                failure_callback_timeout=60, failure_ttl=3600, group_id=, last_heartbeat=, meta={"user": "ana"}, \
                origin=default, repeat_intervals=[60], repeats_left=2, result_ttl=600, retries_left=3, \
                retry_intervals=[10, 20, 30], started_at=, status=queued, stopped_callback_name=tasks.on_stop, \
                stopped_callback_timeout=60, success_callback_name=tasks.on_ok, success_callback_timeout=30, \
                timeout=120, ttl=900, \
                webhooks=[{"url": "https://example.org/a?b=c", "job_status": "failed", "method": "POST", \
                "headers": {"X-Key": "\\u00e9"}, "timeout": 10}], worker_name=, x_plain=0}
                rq:queue:default list [job-json-1]
                rq:queues set [rq:queue:default]
                """);
    }

    @Test
    void callsAreDescribedAsPythonWouldShowThem() {
        var request = JobRequest.of("tasks.f", Void.class, 1, 2.5, "it's", "a\n\"b'", null, true, List.of(1, "x"))
                .named("to", Map.of("k", false))
                .named("by", "ü".repeat(80));
        assertThat(request)
                .hasToString("tasks.f(1, 2.5, \"it's\", 'a\\n\"b\\'', None, True, [1, 'x'], by='" + "ü".repeat(74)
                        + "..., to={'k': False})");
    }

    @Test
    void frontGoesBeforeEverythingAndTheRestKeepsItsOrder() {
        queue.with(o -> o.id("a")).enqueue(Sums::noop);
        queue.enqueueMany(List.of(
                JobRequest.of(Sums::noop).with(o -> o.id("b")),
                JobRequest.of(Sums::noop).with(o -> o.id("c").atFront(true)),
                JobRequest.of(Sums::noop).with(o -> o.id("d")),
                JobRequest.of(Sums::noop).with(o -> o.id("e").atFront(true))));
        assertThat(listed()).containsExactly("e", "c", "a", "b", "d");
    }

    @Test
    void hundredsOfJobsOfManyKindsAreEnqueuedAtOnceAndRunInOrder() throws Exception {
        var requests = IntStream.range(0, 600)
                .mapToObj(i -> JobRequest.of(Sums::add, i, 1))
                .toList();
        List<Job<Integer>> sums = queue.enqueueMany(requests);
        assertThat(listed()).isEqualTo(sums.stream().map(Job::id).toList());
        List<Job<Object>> mixed = queue.enqueueMany(List.of(
                JobRequest.of("tasks.echo", Object.class, "text").with(o -> o.retry(Retry.of(2))),
                JobRequest.of(Sums::total, List.of(1, 2))));
        Worker.on(redis.url())
                .functions(Sums.class)
                .concurrency(20)
                .burst(true)
                .build()
                .run();
        assertThat(sums.get(599).await()).isEqualTo(600);
        assertThat(mixed.get(0).await()).isEqualTo("text");
        assertThat(mixed.get(1).await()).isEqualTo(3L);
    }

    @Test
    void oneFunctionIsEnqueuedOncePerArgument() {
        List<Job<String>> held = queue.enqueueMany(Sums::hold, List.of("x", "y"));
        assertThat(held).hasSize(2).allMatch(job -> job.status() == JobStatus.QUEUED);
        assertThat(queue.enqueueMany(List.<JobRequest<Integer>>of())).isEmpty();
    }

    @Test
    void theSameIdTwiceInOneCallIsRefusedBeforeAnythingIsWritten() {
        var twice = JobRequest.of(Sums::noop).with(o -> o.id("a"));
        assertThatThrownBy(() -> queue.enqueueMany(List.of(twice, JobRequest.of(Sums::noop), twice)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("job a is there twice; each job of enqueueMany needs an id of its own");
        assertThat(dump()).isBlank();
    }

    @Test
    void sameIdAgainOverwritesAndIsQueuedAgainAsInRq() {
        queue.with(o -> o.id("u1")).enqueue(Sums::add, 1, 1);
        queue.with(o -> o.id("u1")).enqueue(Sums::add, 2, 2);
        assertThat(listed()).containsExactly("u1", "u1");
        assertThat(dump()).contains("[2, 2]").doesNotContain("[1, 1]");
    }

    @Test
    void aJobThatIsEnqueuedAgainNoLongerWaitsForItsTimeNorVanishesWithItsOldResult() throws Exception {
        queue.with(o -> o.id("j").in(Duration.ofHours(1))).enqueue(Sums::noop);
        queue.with(o -> o.id("j").resultTtl(Duration.ofMinutes(1))).enqueue(Sums::noop);
        assertThat(dump()).doesNotContain("rq:scheduled");
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(dump()).contains("rq:job:j hash ttl=60");
        queue.with(o -> o.id("j")).enqueue(Sums::noop);
        assertThat(dump()).contains("rq:job:j hash {");
    }

    @Test
    void jobOfATimeIsSavedAndScheduledInOneStep() {
        queue.with(o -> o.id("S1").meta(Map.of("k", 1)))
                .enqueueIn(Duration.ofMinutes(5), "tasks.add", Integer.class, 1, 2);
        queue.with(o -> o.id("S2").atFront(true))
                .at(Instant.parse("2100-01-01T00:00:00.9Z"))
                .enqueue(Sums::add, 1, 2);
        assertThat(dump()).isEqualTo("""
                rq:job:S1 hash {created_at=ISO, data=zlib ["tasks.add", null, [1, 2], {}], \
                description=tasks.add(1, 2), ended_at=, failure_callback_name=, group_id=, last_heartbeat=, \
                meta={"k": 1}, origin=default, started_at=, status=scheduled, stopped_callback_name=, \
                success_callback_name=, timeout=180, worker_name=, x_plain=0}
                rq:job:S2 hash {created_at=ISO, data=zlib ["tasks.add", null, [1, 2], {}], \
                description=tasks.add(1, 2), ended_at=, enqueue_at_front=1, failure_callback_name=, group_id=, \
                last_heartbeat=, origin=default, started_at=, status=scheduled, stopped_callback_name=, \
                success_callback_name=, timeout=180, worker_name=, x_plain=0}
                rq:queues set [rq:queue:default]
                rq:scheduled:default zset [S1 in 300, S2 at 4.1024448E9]
                """);
    }

    @Test
    void membersOfAGroupCarryItsName() {
        queue.with(o -> o.id("g1").group("grp1")).enqueue(Sums::add, 1, 2);
        assertThat(dump()).contains("rq:group:grp1 set [g1]", "rq:groups set [grp1]", "group_id=grp1,", "list [g1]");
    }

    @Test
    void uniqueIdIsRefusedAsLongAsItsJobExists() throws Exception {
        var unique = queue.with(o -> o.id("u1").unique().ttl(Duration.ofSeconds(50)));
        unique.enqueue(Sums::add, 1, 1);
        var before = dump();
        assertThatThrownBy(() -> unique.enqueue(Sums::add, 2, 2))
                .isInstanceOfSatisfying(
                        DuplicateJobException.class,
                        e -> assertThat(e.existingId()).isEqualTo("u1"))
                .hasMessage("job u1 exists already");
        assertThat(dump()).isEqualTo(before).contains("rq:job:u1 hash ttl=50", "status=queued", "list [u1]");
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThatThrownBy(() -> unique.enqueueIn(Duration.ofHours(1), JobRequest.of(Sums::noop)))
                .isInstanceOf(DuplicateJobException.class);
    }

    @Test
    void ifOneOfManyIsADuplicateNoneIsWritten() {
        queue.with(o -> o.id("u1")).enqueue(Sums::noop);
        var before = dump();
        assertThatThrownBy(() -> queue.enqueueMany(List.of(
                        JobRequest.of(Sums::noop),
                        JobRequest.of(Sums::noop).with(o -> o.id("u1").unique()))))
                .isInstanceOf(DuplicateJobException.class);
        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void uniqueIsRefusedWithWhatItCannotBeCombinedWith() {
        assertThatThrownBy(() -> queue.with(o -> o.unique()).enqueue(Sums::noop))
                .hasMessageStartingWith("unique needs an id to be unique by");
        assertThatThrownBy(() -> queue.with(o -> o.id("a").unique().after("b")).enqueue(Sums::noop))
                .hasMessageStartingWith("unique cannot be combined with after");
        assertThatThrownBy(() -> queue.with(o -> o.id("a").unique().rateLimit(new RateLimit("api", 1)))
                        .enqueue(Sums::noop))
                .hasMessageStartingWith("unique cannot be combined with rateLimit");
        assertThatThrownBy(
                        () -> queue.with(o -> o.after("b")).enqueueIn(Duration.ofHours(1), JobRequest.of(Sums::noop)))
                .hasMessageStartingWith("a job that is due at a time does not look at after");
    }

    @Test
    void sameCallIsUniqueForAPeriodWhateverBecomesOfTheFirst() throws Exception {
        var once = queue.with(o -> o.uniqueFor(Duration.ofMinutes(10)));
        var first = once.enqueue(Sums::add, 1, 2);
        once.enqueue(Sums::add, 2, 1);
        jobs.queue("other").with(o -> o.uniqueFor(Duration.ofMinutes(10))).enqueue(Sums::add, 1, 2);
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThatThrownBy(() -> once.enqueue(Sums::add, 1, 2))
                .isInstanceOf(DuplicateJobException.class)
                .hasMessage("job " + first.id() + " is there already for tasks.add(1, 2)");
        assertThat(once.with(o -> o.onDuplicate(OnDuplicate.RETURN_EXISTING))
                        .enqueue(Sums::add, 1, 2)
                        .await())
                .isEqualTo(3);
        assertThat(dump()).containsPattern("simul:rq:unique:default:call:\\w+ string ttl=600 " + first.id());
    }

    @Test
    void sameCallIsUniqueWhileTheFirstWaitsOrRuns() throws Exception {
        var single = queue.with(o -> o.uniqueWhilePending());
        single.enqueue(Sums::noop);
        assertThatThrownBy(() -> single.enqueue(Sums::noop)).isInstanceOf(DuplicateJobException.class);
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(single.enqueue(Sums::noop).status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void theLaterJobReplacesTheOneThatWaits() {
        var latest = queue.with(
                o -> o.uniqueFor(Duration.ofMinutes(1)).uniqueKey("index").onDuplicate(OnDuplicate.REPLACE));
        var first = latest.in(Duration.ofMinutes(5)).enqueue(Sums::add, 1, 1);
        var second = latest.enqueue(Sums::add, 2, 2);
        var third = latest.enqueue(Sums::add, 3, 3);
        assertThat(listed()).containsExactly(third.id());
        assertThat(first.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(second.status()).isEqualTo(JobStatus.CANCELED);
        assertThat(dump()).doesNotContain("rq:scheduled").contains("rq:canceled:default zset");
    }

    @Test
    void rateLimitIsRefusedWhereOlderWorkersMayBe() {
        assertThatThrownBy(() ->
                        queue.with(o -> o.rateLimit(new RateLimit("api", 1))).enqueue(Sums::noop))
                .hasMessageContaining("say JobSettings.allWorkersAreRq3() if there are none");
        assertThat(dump()).isBlank();
    }

    @Test
    void ifAllWorkersAreRq3AJobWithARateLimitWaitsForASlotAsThere() throws Exception {
        try (var rq3 = JobClient.connect(JobSettings.of(redis.url()).allWorkersAreRq3())) {
            var limited = rq3.queue("default").with(o -> o.rateLimit(new RateLimit("api", 1)));
            limited.with(o -> o.id("rl0")).enqueue(Sums::add, 0, 0);
            limited.with(o -> o.id("rl1")).enqueue(Sums::add, 1, 1);
            assertThat(dump())
                    .contains("rate_limit_concurrency=1, rate_limit_key=api, started_at=, status=queued,")
                    .contains("rq:queue:default list [rl0]", "rq:rl-keys set [api]", "rq:rl:api hash {concurrency=1}")
                    .contains("rq:rl:api:allowed zset [rl0 in 0]", "rq:rl:api:rate_limited zset [rl1 in 0]")
                    .containsPattern("rq:job:rl1 hash \\{(?!.*enqueued_at).*status=rate_limited,");
            Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
            assertThat(rq3.job("rl1", Integer.class).orElseThrow().await()).isEqualTo(2);
        }
        try (var prefixed =
                JobClient.connect(JobSettings.of(redis.url()).allWorkersAreRq3().keyPrefix("shop"))) {
            assertThatThrownBy(() -> prefixed.queue("default")
                            .with(o -> o.rateLimit(new RateLimit("api", 1)))
                            .enqueue(Sums::noop))
                    .hasMessage("rateLimit cannot be combined with keyPrefix shop, as in RQ");
        }
    }

    @Test
    void keywordArgumentsAndSixTypedOnesArrive() throws Exception {
        var six = queue.enqueue(Sums::six, 1, "b", 3.0, true, List.of(5), 6L);
        var named =
                queue.enqueue(JobRequest.of("tasks.scaled", Double.class, 1.5).named("scale", 10));
        Worker.on(redis.url()).functions(Sums.class).burst(true).build().run();
        assertThat(six.await()).isEqualTo("1b3.0true[5]6");
        assertThat(named.await()).isEqualTo(15.0);
    }

    @Test
    @SuppressWarnings("NullAway") // a null that the compiler of most programs lets pass
    void argumentsThatCannotBeSentAreRefusedBeforeAnythingIsWritten() {
        assertThatThrownBy(() -> queue.enqueue("tasks.echo", Object.class, new Sums.Strange()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("JSON cannot express the arguments of tasks.echo: ");
        assertThatThrownBy(() -> queue.enqueue("tasks.echo", Object.class, "x".repeat(33 << 20)))
                .hasMessageContaining(" bytes, more than maxPayloadBytes (33554432); put them elsewhere and");
        assertThatThrownBy(() -> queue.enqueue("", Object.class)).hasMessageContaining("a function's name must have");
        assertThatThrownBy(() -> queue.enqueue("tasks.echo", Object.class, (Object[]) null))
                .hasMessage("arguments are null; for one argument that is null write (Object) null");
        assertThat(dump()).isBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a,b", "a:intermediate", "a:intermediate:first_seen:b", "_compact:x", "a\nb"})
    void queueNamesThatWouldBreakSomethingAreRefused(String name) {
        assertThatThrownBy(() -> jobs.queue(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a queue name must");
    }

    @Test
    void scriptThatComesTwiceEnqueuesOnce() throws Exception {
        var sent = new ArrayList<String>();
        for (var options : List.of(JobOptions.DEFAULTS, JobOptions.DEFAULTS.id("own"))) {
            var request = JobRequest.of(Sums::add, 1, 2);
            var job = new NewJob(request, options, JobSettings.of(redis.url()), Instant.now());
            var enqueuer = new Enqueuer(jobs.redis(), "default", () -> Instant.parse("2026-01-01T00:00:00Z"));
            enqueuer.enqueue(List.of(job));
            var once = dump();
            enqueuer.enqueue(List.of(job));
            // it may have been taken in between, so nobody can be sure that it is new
            assertThat(dump()).isEqualTo(once.replace("x_plain=1", "x_plain=0"));
            sent.add(job.id());
        }
        assertThat(listed()).isEqualTo(sent);
    }
}
