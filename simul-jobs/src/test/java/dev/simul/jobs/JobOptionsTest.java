package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobOptionsTest {
    private static final JobOptions OPTIONS = JobOptions.DEFAULTS;

    @Test
    void aChangeLeavesTheOriginalAsItIs() {
        var changed = OPTIONS.retry(Retry.of(3)).atFront(true).after("a", "b");
        assertThat(changed.retry()).isEqualTo(Retry.of(3));
        assertThat(changed.atFront()).isTrue();
        assertThat(changed.after("b", "c").parents()).containsExactly("a", "b", "c");
        assertThat(changed.parents()).containsExactly("a", "b");
        assertThat(OPTIONS.retry()).isNull();
        assertThat(OPTIONS.parents()).isEmpty();
    }

    @Test
    void laterChangesOfTheGivenMapAreNotSeen() {
        var meta = new HashMap<String, Object>(Map.of("user", "ana"));
        var options = OPTIONS.meta(meta);
        meta.put("user", "ben");
        assertThat(options.meta().toString()).isEqualTo("{user=ana}");
    }

    @ParameterizedTest
    @CsvSource({"90,PT90S", "90s,PT90S", "23m,PT23M", "1H,PT1H", "2d,PT48H"})
    void timeoutMayBeRqsText(String text, Duration timeout) {
        assertThat(OPTIONS.timeout(text).timeout()).isEqualTo(timeout);
    }

    @Test
    void minusOneIsRqsTextForNoLimit() {
        assertThat(OPTIONS.timeout("-1").timeout()).isEqualTo(JobOptions.FOREVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "5 m", "5w", "-2", "1.5h", "PT5M"})
    void otherTextIsNoTimeout(String text) {
        assertThatThrownBy(() -> OPTIONS.timeout(text))
                .hasMessage("timeout '" + text + "' is not a duration; write seconds such as 90, or 90s, 5m, 2h, 1d");
    }

    @Test
    void aRefusalCanBeToldInTheWordsOfAnotherProgram() {
        assertThatThrownBy(() -> OPTIONS.uniqueFor(JobOptions.FOREVER))
                .hasMessage("uniqueFor must be limited, was FOREVER; to refuse it for ever, make its id unique")
                .isInstanceOfSatisfying(InvalidSettingException.class, refused -> {
                    assertThat(List.of(refused.setting(), refused.rule(), refused.value(), refused.wayOut()))
                            .containsExactly(
                                    "uniqueFor",
                                    "must be limited",
                                    "FOREVER",
                                    "to refuse it for ever, make its id unique");
                    assertThat(refused.as(Map.of("uniqueFor", "once_within")))
                            .hasMessageStartingWith("once_within must be limited");
                });
    }

    @Test
    void ofTwoTimesTheLastSaidCounts() {
        var now = Instant.parse("2030-01-01T00:00:00Z");
        var noon = Instant.parse("2030-01-01T12:00:00Z");
        assertThat(OPTIONS.due(now)).isEmpty();
        assertThat(OPTIONS.at(noon).in(Duration.ofHours(1)).due(now)).contains(Instant.parse("2030-01-01T01:00:00Z"));
        assertThat(OPTIONS.in(Duration.ofHours(1)).at(noon).due(now)).contains(noon);
    }

    @Test
    void everyValueIsCheckedWhereItIsSaid() {
        refused(o -> o.ttl(Duration.ZERO), "ttl must be at least 1 s or FOREVER, was PT0S");
        refused(o -> o.resultTtl(Duration.ofSeconds(-1)), "resultTtl must be at least 0 s or FOREVER, was PT-1S");
        refused(o -> o.failureTtl(Duration.ofDays(100_000)), "failureTtl must be at most 2147483647 s or FOREVER");
        refused(o -> o.in(Duration.ofSeconds(-5)), "in must be between 0 s and 2147483647 s, was PT-5S");
        refused(o -> o.in(JobOptions.FOREVER), "in must be between 0 s and 2147483647 s, was FOREVER");
        refused(o -> o.concurrencyLimit("k", 0), "concurrencyLimit must be at least 1, was 0");
        refused(
                o -> o.at(Instant.MAX),
                "at must be between 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z, was +1000000000");
        refused(o -> o.uniqueFor(Duration.ofMillis(1)), "uniqueFor must be at least 1 s");
        refused(o -> o.after("order.17"), "a job id consists of letters, digits, '_' and '-', was 'order.17'");
        refused(o -> o.id("x".repeat(256)), "a job id must have 1 to 255 characters");
        refused(o -> o.group(" "), "group must have 1 to 255 characters");
        refused(o -> o.group("a\nb"), "no control characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "a.b", "a/b", "größe"})
    void idThatNoPythonWorkerCouldLoadIsRefused(String id) {
        refused(o -> o.id(id), "letters, digits, '_' and '-', was '" + id + "'");
    }

    @Test
    void retryRepeatCallbackWebhookAndRateLimitCheckTheirNumbers() {
        refused(o -> o.retry(Retry.of(0)), "Retry.max must be at least 1, was 0");
        refused(o -> o.retry(Retry.of(1, Duration.ofSeconds(-1))), "Retry.intervals must be 0 to 2147483647 s each");
        refused(o -> o.retry(new Retry(1, List.of(), false)), "Retry.intervals must hold 1 to 1000 pauses, had 0");
        refused(o -> o.repeat(Repeat.of(0)), "Repeat.times must be at least 1, was 0");
        refused(o -> o.onSuccess(Callback.of("f", Duration.ZERO)), "a callback's timeout must be at least 1 s");
        refused(o -> o.onFailure(Callback.of("")), "a callback's function must have 1 to 255 characters");
        refused(o -> o.webhook(URI.create("ftp://a/b")), "a webhook's url must begin with http:// or https://");
        refused(
                o -> o.webhook(
                        new Webhook(URI.create("http://a"), JobStatus.STOPPED, "GET", Map.of(), Duration.ofSeconds(1))),
                "a webhook's status must be FINISHED or FAILED, was STOPPED");
        refused(
                o -> o.webhook(
                        new Webhook(URI.create("http://a"), JobStatus.FAILED, "PUT", Map.of(), Duration.ofSeconds(1))),
                "a webhook's method must be GET or POST, was PUT");
        for (var header : List.of(Map.of("X Y", "v"), Map.of("X", "v\r\nZ: w"))) {
            refused(
                    o -> o.webhook(Webhook.onFailed(URI.create("http://a")).headers(header)),
                    "a webhook's headers must have names without blanks and values without line ends, was X");
        }
        refused(o -> o.rateLimit(new RateLimit("api", 0)), "a rate limit's concurrency must be at least 1, was 0");
    }

    private static void refused(UnaryOperator<JobOptions> change, String message) {
        assertThatThrownBy(() -> change.apply(OPTIONS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void exponentialPausesGrowToTheirCapAndStayThere() {
        assertThat(Retry.exponential(5, Duration.ofSeconds(10), 3, Duration.ofSeconds(100), 0)
                        .intervals())
                .extracting(Duration::toSeconds)
                .containsExactly(10L, 30L, 90L, 100L, 100L);
    }

    @Test
    void jitterKeepsEachPauseNearWhatItWouldBeAndNeverBeyondTheCap() {
        for (int i = 0; i < 200; i++) {
            var pauses = Retry.exponential(4, Duration.ofSeconds(100), 2, Duration.ofSeconds(400), 0.5)
                    .intervals();
            assertThat(pauses.get(0).toSeconds()).isBetween(50L, 150L);
            assertThat(pauses.get(1).toSeconds()).isBetween(100L, 300L);
            assertThat(pauses.get(3).toSeconds()).isBetween(200L, 400L);
        }
    }
}
