package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JobInfoTest extends OnRedis {
    private static void burst(String worker) throws InterruptedException {
        Worker.on(redis.url())
                .functions(Sums.class)
                .name(worker)
                .burst(true)
                .build()
                .run();
    }

    @Test
    void everyFieldIsReadBack() {
        var before = Instant.now();
        jobs.queue("high")
                .with(o -> o.id("all")
                        .description("Zahlen größer")
                        .timeout(Duration.ofMinutes(2))
                        .resultTtl(JobOptions.FOREVER)
                        .failureTtl(Duration.ZERO)
                        .ttl(Duration.ofHours(1))
                        .meta(Map.of("user", "ana", "n", 1)))
                .enqueue("tasks.add", Integer.class, 2, List.of(3.5, "x"));
        var info = jobs.info("all").orElseThrow();
        assertThat(info.id()).isEqualTo("all");
        assertThat(info.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(info.queue()).isEqualTo("high");
        assertThat(info.function()).contains("tasks.add");
        assertThat(info.arguments()).isEqualTo(List.of(2, List.of(3.5, "x")));
        assertThat(info.keywordArguments()).isEmpty();
        assertThat(info.description()).contains("Zahlen größer");
        assertThat(info.timeout()).contains(Duration.ofMinutes(2));
        assertThat(info.resultTtl()).contains(JobOptions.FOREVER);
        assertThat(info.failureTtl()).contains(Duration.ZERO);
        assertThat(info.ttl()).contains(Duration.ofHours(1));
        assertThat(info.meta()).isEqualTo(Map.of("user", "ana", "n", 1));
        assertThat(info.createdAt().orElseThrow()).isBetween(before.minusSeconds(1), Instant.now());
        assertThat(info.enqueuedAt()).isEqualTo(info.createdAt());
        assertThat(info.startedAt()).isEmpty();
        assertThat(info.endedAt()).isEmpty();
        assertThat(info.worker()).isEmpty();
        assertThat(info.retriesLeft()).isEmpty();
        assertThat(info.problems()).isEmpty();
    }

    @Test
    void fieldsThatPythonWroteAreRead() {
        raw.hset(
                "rq:job:py",
                Map.ofEntries(
                        Map.entry("data", "[\"tasks.add\", null, [2], {\"b\": 3}]"), // not compressed
                        Map.entry("origin", "low"),
                        Map.entry("created_at", "2026-11-22T07:40:18Z"),
                        Map.entry("retries_left", "3"),
                        Map.entry("retry_intervals", "[10, 20]"),
                        Map.entry("enqueue_at_front_on_retry", "1"),
                        Map.entry("number_of_retries", "2"),
                        Map.entry("repeats_left", "4"),
                        Map.entry("repeat_intervals", "[5]"),
                        Map.entry("dependency_ids", "[\"a\", \"b\"]"),
                        Map.entry("allow_dependency_failures", "1"),
                        Map.entry("group_id", "g"),
                        Map.entry("success_callback_name", "tasks.ok"),
                        Map.entry("rate_limit_key", "api")));
        var info = jobs.info("py").orElseThrow();
        assertThat(info.status()).isEqualTo(JobStatus.CREATED);
        assertThat(info.keywordArguments()).isEqualTo(Map.of("b", 3));
        assertThat(info.createdAt()).contains(Instant.parse("2026-11-22T07:40:18Z"));
        assertThat(info.retriesLeft()).hasValue(3);
        assertThat(info.retryIntervals()).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(20));
        assertThat(info.retriesAtFront()).isTrue();
        assertThat(info.numberOfRetries()).isEqualTo(2);
        assertThat(info.repeatsLeft()).hasValue(4);
        assertThat(info.repeatIntervals()).containsExactly(Duration.ofSeconds(5));
        assertThat(info.dependencies()).containsExactly("a", "b");
        assertThat(info.allowsFailure()).isTrue();
        assertThat(info.group()).contains("g");
        assertThat(info.successCallback()).contains("tasks.ok");
        assertThat(info.rateLimitKey()).contains("api");
        assertThat(info.problems()).isEmpty();
    }

    @Test
    void webhooksAreReadBackAndThoseThatNobodyCouldSendAreLeftOut() {
        var hook = Webhook.onFailed(URI.create("https://example.org/hook"))
                .post()
                .headers(Map.of("X-Key", "k"))
                .timeout(Duration.ofSeconds(3));
        jobs.queue("default").with(o -> o.id("hooked").webhook(hook)).enqueue(Sums::noop);
        assertThat(jobs.info("hooked").orElseThrow().webhooks()).containsExactly(hook);
        raw.hset(
                "rq:job:hooked",
                "webhooks",
                "[{\"url\": \"ftp://a\", \"job_status\": \"failed\"}, 7,"
                        + " {\"url\": \"http://a/\", \"job_status\": \"finished\", \"headers\": null}]");
        assertThat(jobs.info("hooked").orElseThrow().webhooks())
                .containsExactly(Webhook.onFinished(URI.create("http://a/")));
        raw.hset("rq:job:hooked", "webhooks", "{broken");
        assertThat(jobs.info("hooked").orElseThrow().webhooks()).isEmpty();
    }

    @Test
    void fieldsOfAWrongFormAreNamedAndCountAsNotSet() {
        raw.hset(
                "rq:job:bad",
                Map.of(
                        "data", "no json",
                        "created_at", "yesterday",
                        "started_at", "2026-11-22T07:40:18.123456789Z",
                        "timeout", "5m",
                        "retry_intervals", "[1,",
                        "enqueue_at_front", "true",
                        "status", "flying"));
        var info = jobs.info("bad").orElseThrow();
        assertThat(info.function()).isEmpty();
        assertThat(info.arguments()).isEmpty();
        assertThat(info.createdAt()).isEmpty();
        assertThat(info.startedAt()).contains(Instant.parse("2026-11-22T07:40:18.123456789Z"));
        assertThat(info.timeout()).isEmpty();
        assertThat(info.retryIntervals()).isEmpty();
        assertThat(info.atFront()).isFalse();
        assertThat(info.problems())
                .contains("timeout must be a whole number, was '5m'")
                .anyMatch(problem -> problem.startsWith("created_at must be"))
                .anyMatch(problem -> problem.startsWith("started_at must be"))
                .anyMatch(problem -> problem.startsWith("retry_intervals must be"))
                .anyMatch(problem -> problem.startsWith("enqueue_at_front must be 0 or 1"))
                .anyMatch(problem -> problem.startsWith("status 'flying'"));
    }

    @ParameterizedTest
    @EnumSource(names = {"RATE_LIMITED", "READY_TO_ENQUEUE"})
    void statusesOfRq3AreKnownAndAProblemForOlderWorkers(JobStatus status) {
        raw.hset("rq:job:a", Map.of("data", "x", "status", status.name().toLowerCase(Locale.ROOT)));
        var info = jobs.info("a").orElseThrow();
        assertThat(info.status()).isEqualTo(status);
        assertThat(info.problems()).singleElement().asString().contains("is not known before RQ 3.0");
    }

    @Test
    void missingIdsAreEmptyInTheirPlace() {
        jobs.queue("default").with(o -> o.id("a")).enqueue(Sums::noop);
        jobs.queue("default").with(o -> o.id("c")).enqueue(Sums::noop);
        assertThat(jobs.infos(List.of("a", "b", "c")).stream().map(info -> info.map(JobInfo::id)))
                .containsExactly(Optional.of("a"), Optional.empty(), Optional.of("c"));
        assertThat(jobs.info("b")).isEmpty();
        assertThat(jobs.job("b")).isEmpty();
    }

    @Test
    void resultsTellEachAttemptTheNewestFirst() throws Exception {
        var job = jobs.queue("default").with(o -> o.id("r")).enqueue(Sums::add, 1, 2);
        assertThat(job.latestResult()).isEmpty();
        burst("w1");
        job.requeue();
        burst("w2");
        var results = job.results();
        assertThat(results).extracting(JobResult::type).containsOnly(JobResult.Type.SUCCESSFUL);
        assertThat(results).extracting(result -> result.worker().orElseThrow()).containsExactly("w2", "w1");
        var newest = job.latestResult().orElseThrow();
        assertThat(newest.id()).isEqualTo(results.getFirst().id());
        assertThat(newest.value(Integer.class)).contains(3);
        assertThat(newest.value(Object.class)).contains(3);
        assertThat(newest.traceback()).isEmpty();
        assertThat(newest.executionId().orElseThrow()).hasSize(32);
        assertThat(newest.executionStartedAt().orElseThrow())
                .isBeforeOrEqualTo(newest.executionEndedAt().orElseThrow());
        assertThatThrownBy(() -> newest.value(List.class))
                .hasMessageContaining("job r returned 3, which is no java.util.List; read it as Object.class");
    }

    @Test
    void failureKeepsItsTraceback() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::boom, "no luck");
        burst("w1");
        var result = job.latestResult().orElseThrow();
        assertThat(result.type()).isEqualTo(JobResult.Type.FAILED);
        assertThat(result.traceback().orElseThrow()).contains("IllegalStateException: no luck");
        assertThat(result.value(Object.class)).isEmpty();
    }

    @Test
    void waitingForAResultEndsWhenItIsWrittenOrTheTimeIsOver() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
        assertThat(job.latestResult(Duration.ofMillis(20))).isEmpty();
        var worker = Worker.on(redis.url()).functions(Sums.class).build();
        var run = Background.run(worker);
        assertThat(job.latestResult(Duration.ofSeconds(30)).orElseThrow().value(Integer.class))
                .contains(3);
        worker.stop();
        run.get(30, SECONDS);
    }

    @Test
    void resultsOfOlderRqsAreRead() {
        raw.hset("rq:job:old", Map.of("data", "[]", "status", "finished", "result", "{\"n\": 1}"));
        raw.hset("rq:job:sad", Map.of("data", "[]", "status", "failed", "exc_info", "Traceback ...\nOops: no"));
        raw.xadd("rq:results:mid", Map.of("type", "1", "return_value", "Mw=="));
        assertThat(jobs.job("old").orElseThrow().latestResult().orElseThrow().value(Map.class))
                .contains(Map.of("n", 1));
        assertThat(jobs.job("sad").orElseThrow().latestResult().orElseThrow().traceback())
                .contains("Traceback ...\nOops: no");
        raw.hset("rq:job:mid", "data", "[]");
        var result = jobs.job("mid").orElseThrow().latestResult().orElseThrow();
        assertThat(result.value(Integer.class)).contains(3);
        assertThat(result.worker()).isEmpty();
        assertThat(result.executionStartedAt()).isEmpty();
    }

    @Test
    void damagedResultsAreShownAsTheyAre() {
        raw.hset("rq:job:odd", "data", "[]");
        raw.xadd("rq:results:odd", Map.of("return_value", "no base64!", "execution_started_at", "soon"));
        raw.xadd("rq:results:odd", Map.of("type", "9", "exc_string", "plain"));
        var results = jobs.job("odd").orElseThrow().results();
        assertThat(results).extracting(JobResult::type).containsOnly(JobResult.Type.OTHER);
        assertThat(results.get(0).traceback()).contains("plain");
        assertThat(results.get(1).json()).contains("no base64!");
        assertThat(results.get(1).executionStartedAt()).isEmpty();
    }

    @Test
    void savingMetaChangesNothingElse() {
        var job =
                jobs.queue("default").with(o -> o.id("m").meta(Map.of("a", 1))).enqueue(Sums::noop);
        var before = raw.hgetall("rq:job:m");
        job.saveMeta(Map.of("progress", List.of(3, 10)));
        assertThat(job.meta()).isEqualTo(Map.of("progress", List.of(3, 10)));
        var after = raw.hgetall("rq:job:m");
        assertThat(after.remove("meta")).isEqualTo("{\"progress\": [3, 10]}");
        before.remove("meta");
        assertThat(after).isEqualTo(before);
        job.delete();
        assertThatThrownBy(() -> job.saveMeta(Map.of("late", true)))
                .hasMessageContaining("it has expired or was deleted");
        assertThat(raw.exists("rq:job:m")).isZero();
    }
}
