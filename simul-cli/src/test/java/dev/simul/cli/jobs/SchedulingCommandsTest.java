package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.Webhook;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulingCommandsTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("cron.json"), text);
    }

    @Test
    void aBurstOfTheSchedulerPutsDueJobsOnTheirQueue() {
        try (var redis = EmbeddedRedis.start();
                var client = JobClient.connect(redis.url())) {
            var due = client.queue("low").enqueueAt(Instant.EPOCH.plusSeconds(1), "demo.add", Integer.class, 1, 2);
            var later = client.queue("low").enqueueAt(Instant.now().plusSeconds(60), "demo.add", Integer.class, 1, 2);

            var scheduler = Command.run("scheduler", "default", "low", "--burst", "--redis", redis.url());

            assertThat(scheduler.exitCode()).isZero();
            assertThat(scheduler.err()).contains("serves default, low").contains("1 jobs put on their queues");
            assertThat(due.status()).isEqualTo(JobStatus.QUEUED);
            assertThat(later.status()).isEqualTo(JobStatus.SCHEDULED);
        }
    }

    @Test
    void aCronFileIsCheckedWithoutRedis() throws Exception {
        var file = file("""
                {
                  // the office's clocks
                  "time_zone": "Europe/Berlin",
                  "jobs": [
                    {"func": "reports.send", "cron": "0 9 * * mon-fri", "args": ["daily"], "kwargs": {"to": "all"}},
                    {"func": "cache.clean", "interval": "5m", "queue_name": "low", "job_timeout": 60, "name": "clean"},
                  ],
                }
                """);

        var checked = Command.run("cron", file.toString(), "--check");

        assertThat(checked.exitCode()).isZero();
        assertThat(checked.out().lines())
                .containsExactly(
                        "reports.send: 0 9 * * mon-fri reports.send('daily', to='all') on default",
                        "clean: every PT5M cache.clean() on low");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                                                   | cron.json | has no jobs; write",
                "{\"jobs\": [{\"func\": \"a\"}]}                      | job 1 of | say either cron or interval",
                "[{\"func\": \"a\", \"cron\": \"0 25 * * *\"}]        | job 1 of | the hour cannot be '25'",
                "[{\"func\": \"a\", \"interval\": 1, \"job_timeout\": 0}] | job 1 of | job_timeout must be at least 1 s or -1 for ever, was 0",
                "[{\"func\": \"a\", \"interval\": \"soon\"}]          | job 1 of | interval must be seconds or text such as",
                "[{\"func\": \"a\", \"cron\": \"@daily\", \"arg\": 1}] | job 1 of | nobody knows arg; there are func, name",
                "[{\"cron\": \"@daily\"}]                             | job 1 of | func must be a string",
                "{\"time_zone\": \"Berlin\", \"jobs\": [{\"func\": \"a\", \"interval\": 1}]} | cron.json | time_zone must be one such as",
                "[{\"func\": \"a\", \"interval\": 1, \"args\": 2}]   | job 1 of | args must be a list, was 2",
                "[{\"func\": \"a\", \"interval\": 1, \"webhooks\": [2]}] | job 1 of | a webhook must be an object, was 2",
                "[{\"func\": \"a\", \"interval\": 1, \"webhooks\": [{\"url\": \"ftp://a\"}]}] | job 1 of | must begin with http:// or https://, was ftp://a",
                "[{\"func\": \"a\", \"interval\": 1, \"webhooks\": [{\"url\": \"http://a\", \"method\": \"PUT\"}]}] | job 1 of | method must be GET or POST",
                "[{\"func\": \"a\", \"interval\": 1, \"webhooks\": [{\"url\": \"http://a\", \"status\": \"failed\"}]}] | job 1 of | nobody knows status of a webhook",
                "[{\"func\": \"a\", \"interval\": 1, \"webhooks\": [{\"url\": \"http://a\", \"job_status\": \"queued\"}]}] | job 1 of | job_status must be finished or failed",
                "{\"jobs\": [                                         | cron.json | is not JSON, line 1"
            })
    void aWrongCronFileIsExitCode2WithTheJobAndTheField(String text, String where, String what) throws Exception {
        var refused = Command.run("cron", file(text).toString());

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains(where).contains(what);
    }

    @Test
    void webhooksOfACronFileReachTheJob() throws Exception {
        var file = file("""
                [{"func": "a", "interval": 60, "webhooks": [
                  {"url": "http://localhost/bad", "job_status": "failed", "method": "POST",
                   "headers": {"X-Key": "k"}, "timeout": 5},
                  {"url": "http://localhost/good"}]}]
                """);
        try (var redis = EmbeddedRedis.start();
                var client = JobClient.connect(redis.url())) {
            var job = client.queue("default")
                    .enqueue(new CronFile(file).jobs().getFirst().request());
            assertThat(job.info().orElseThrow().webhooks())
                    .containsExactly(
                            Webhook.onFailed(URI.create("http://localhost/bad"))
                                    .post()
                                    .headers(Map.of("X-Key", "k"))
                                    .timeout(Duration.ofSeconds(5)),
                            Webhook.onFinished(URI.create("http://localhost/good")));
        }
    }

    @Test
    void loggingLevelsAreThoseOfRq() throws Exception {
        var file = file("[{\"func\": \"a\", \"interval\": 1}]").toString();
        assertThat(Command.run("cron", file, "--check", "-l", "INFO").exitCode())
                .isZero();
        for (var command : new String[][] {{"cron", file, "--check"}, {"scheduler", "--burst"}, {"worker", "--demo"}}) {
            var wrong =
                    Stream.concat(Stream.of(command), Stream.of("-l", "loud")).toArray(String[]::new);
            assertThat(Command.run(wrong).exitCode()).isEqualTo(2);
            assertThat(Command.run(wrong).err())
                    .contains("--logging-level must be debug, info, warning, error or critical, was 'loud'");
        }
    }

    @Test
    void aFileThatIsNotThereIsExitCode2() {
        var refused = Command.run("cron", folder.resolve("none.json").toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("there is no file");
    }
}
