package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.simul.cli.Command;
import dev.simul.http.HttpStatusException;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.Worker;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueueCommandsTest {
    private static EmbeddedRedis redis;

    @BeforeAll
    static void startRedis() {
        redis = EmbeddedRedis.start();
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @Test
    void enqueuePrintsTheIdAndABurstOfTheWorkerRunsTheJob() {
        var enqueued = Command.run("enqueue", "demo.add", "2", "-3", "--redis", redis.url());
        assertThat(enqueued.exitCode()).isZero();
        var id = enqueued.out().strip();

        var worked = Command.run("worker", "--demo", "--burst", "--redis", redis.url());

        assertThat(worked.exitCode()).isZero();
        assertThat(worked.out()).isEmpty();
        try (var client = JobClient.connect(redis.url())) {
            assertThat(client.job(id, Integer.class).orElseThrow().join()).isEqualTo(-1);
        }
    }

    @Test
    void waitPrintsTheResultAlone() throws Exception {
        try (var _ = new RunningWorker("waits")) {
            var sum = Command.run(
                    "enqueue", "demo.add", "0.5", "2", "--wait", "--queue", "waits", "--redis", redis.url());
            assertThat(sum.out().strip()).isEqualTo("2.5");
            assertThat(sum.exitCode()).isZero();

            var json = Command.run(
                    "enqueue", "demo.add", "2", "3", "--wait", "--json", "--queue", "waits", "--redis", redis.url());
            assertThat(json.out()).contains("\"status\":\"finished\",\"result\":5}");
        }
    }

    @Test
    void aWaitThatIsTooShortIsExitCode124AndTheJobGoesOn() throws Exception {
        var tooShort = Command.run(
                "enqueue", "demo.add", "2", "3", "--max-wait", "0.05", "--json", "-q", "slow", "-u", redis.url());
        assertThat(tooShort.exitCode()).isEqualTo(124);
        assertThat(tooShort.out()).contains("\"queue\":\"slow\",\"status\":\"queued\"}");
        assertThat(tooShort.err()).contains("on queue slow has not ended in the time of --max-wait; it is queued");

        try (var _ = new RunningWorker("slow")) {
            var sum = Command.run("enqueue", "demo.add", "2", "3", "--max-wait", "60", "-q", "slow", "-u", redis.url());
            assertThat(sum).isEqualTo(new Command.Result(0, "5" + System.lineSeparator(), sum.err()));
            var failed =
                    Command.run("enqueue", "demo.fail", "no way", "--max-wait", "60", "-q", "slow", "-u", redis.url());
            assertThat(failed.exitCode()).isEqualTo(1);
            assertThat(failed.err()).contains("no way");
        }
    }

    @Test
    void infoThatIsShownAgainAndAgainEndsWhenNobodyReadsIt() throws Exception {
        var shown = Command.start("info", "--interval", "0.05", "--redis", redis.url());
        try (var lines = shown.inputReader()) {
            assertThat(lines.readLine()).isNotNull();
        }
        try {
            assertThat(shown.waitFor(Duration.ofSeconds(60))).isTrue();
            assertThat(shown.exitValue()).isZero();
        } finally {
            shown.destroyForcibly();
        }
    }

    @Test
    void aFailedJobIsExitCode1WithItsError() throws Exception {
        try (var _ = new RunningWorker("fails")) {
            var failed =
                    Command.run("enqueue", "demo.fail", "no way", "--wait", "--queue", "fails", "--redis", redis.url());

            assertThat(failed.exitCode()).isEqualTo(1);
            assertThat(failed.out()).isEmpty();
            assertThat(failed.err()).contains("no way");
        }
    }

    @Test
    void aFunctionTheWorkerDoesNotOfferFailsItsJobByName() throws Exception {
        try (var _ = new RunningWorker("unknown")) {
            var failed = Command.run("enqueue", "demo.ad", "1", "--wait", "--queue", "unknown", "--redis", redis.url());

            assertThat(failed.exitCode()).isEqualTo(1);
            assertThat(failed.err()).contains("demo.ad").contains("demo.add");
        }
    }

    @Test
    void wordsAreCountedOnThePageAndNotOnAnErrorPage() throws Exception {
        var site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/page", exchange -> {
            var text = "seven words\nare on  this small page".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        site.start();
        var address = "http://127.0.0.1:" + site.getAddress().getPort();
        try {
            assertThat(DemoJobs.countWordsAtUrl(address + "/page")).isEqualTo(7);
            assertThatThrownBy(() -> DemoJobs.countWordsAtUrl(address + "/nothing"))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessageContaining("404");
        } finally {
            site.stop(0);
        }
    }

    @Test
    void sigtermLetsTheRunningJobFinishAndEndsWithZero() throws Exception {
        var process = Command.start("worker", "slow", "--demo", "--redis", redis.url());
        try (var client = JobClient.connect(redis.url());
                var output =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var job = client.queue("slow").enqueue("demo.sleep", Void.class, 1.5);
            while (job.status() != JobStatus.STARTED) {
                Thread.onSpinWait();
            }
            process.toHandle().destroy(); // Process.destroy() would close the output as well

            assertThat(process.waitFor()).isZero();
            assertThat(job.status()).isEqualTo(JobStatus.FINISHED);
            assertThat(output.lines()).anyMatch(line -> line.contains("finishes its running jobs"));
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void secondCtrlCGivesTheRunningJobBackAndEndsWithZero() throws Exception {
        var process = Command.start("worker", "endless", "--demo", "--redis", redis.url());
        try (var client = JobClient.connect(redis.url());
                var output =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            var job = client.queue("endless").enqueue("demo.sleep", Void.class, 3600.0);
            while (job.status() != JobStatus.STARTED) {
                Thread.onSpinWait();
            }
            process.toHandle().destroy();
            while (job.status() == JobStatus.STARTED) { // what comes within a second is taken for an echo
                new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                        .start()
                        .waitFor();
            }

            assertThat(output.lines())
                    .anyMatch(line -> line.endsWith("gives its running jobs back to their queues and ends"));
            assertThat(process.waitFor()).isZero();
            assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
            assertThat(client.queue("endless").size()).isEqualTo(1);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void workerTakesTheOptionsOfRq() {
        Command.run("enqueue", "demo.add", "1", "2", "--queue", "options", "--redis", redis.url());
        var worked = Command.run(
                "worker",
                "options",
                "--demo",
                "-b",
                "-n",
                "w-options",
                "--max-jobs",
                "5",
                "--max-idle-time",
                "30",
                "--dequeue-strategy",
                "round_robin",
                "--worker-ttl",
                "100",
                "--job-monitoring-interval",
                "5",
                "--results-ttl",
                "60",
                "--maintenance-interval",
                "600",
                "--isolation",
                "loop",
                "--concurrency",
                "2",
                "--grace",
                "5s",
                "--logging-level",
                "warning",
                "--with-scheduler",
                "--redis",
                redis.url());
        assertThat(worked.err()).contains("simul worker w-options ended: 1 jobs finished, 0 failed");
        assertThat(worked.exitCode()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "--dequeue-strategy|lifo|--dequeue-strategy is default, round_robin or random, was 'lifo'",
                "--max-jobs|0|--max-jobs must be at least 1, was 0",
                "--child-option|-XX:Foo|--child-option must be options with which a JVM starts, was -XX:Foo; it says: Unrecognized",
                "--isolation|cage|LOOP, THREAD, PROCESS",
                "--logging-level|loud|--logging-level must be debug, info, warning, error or critical, was 'loud'",
                "--name|a b|a worker's name consists of visible ASCII characters, was 'a b'",
                "--concurrency|0|--concurrency must be between 1 and 1000, was 0",
                "--grace|soon|'soon' is not a time",
                "--pid|/no/such/folder/x|--pid /no/such/folder/x cannot be written: there is no such folder",
                "--rescue|drop|expected one of [REQUEUE, FAIL]",
                "--rescue-after|0|--rescue-after must be between 1 s and 60 s, was 0",
                "--worker-ttl|-1|--worker-ttl must be between 1 s and 1 day, was -1",
                "--max-rescues|-1|--max-rescues must not be negative, was -1"
            })
    void optionOfTheWorkerThatMakesNoSenseIsRefused(String option, String value, String reason) {
        var refused = Command.run("worker", "--demo", "--burst", option, value, "--redis", redis.url());
        assertThat(refused.err()).contains(reason);
        assertThat(refused.exitCode()).isEqualTo(2);
    }

    @Test
    void workerIsNotStartedWhileAllAreSuspended() {
        try (var client = JobClient.connect(redis.url())) {
            client.suspend();
            try {
                var refused = Command.run("worker", "--demo", "--burst", "--redis", redis.url());
                assertThat(refused.exitCode()).isEqualTo(1);
                assertThat(refused.err()).contains("all workers are suspended");
                var pool = Command.run("worker-pool", "--demo", "--redis", redis.url());
                assertThat(pool.exitCode()).isEqualTo(1);
                assertThat(pool.err()).contains("all workers are suspended");
            } finally {
                client.resume();
            }
        }
    }

    @Test
    void poolRefusesARedisThatNoWorkerWouldReach() {
        var refused = Command.run("worker-pool", "--demo", "--redis", "redis://localhost:1");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("no Redis at localhost:1 (connection refused)");
        assertThat(Command.run("worker-pool", "--demo", "-n", "0").err())
                .contains("--num-workers must be between 1 and 1000, was 0");
    }

    @Test
    void poolWorksABurstOffAndEnds() throws Exception {
        var enqueued = Command.run("enqueue", "demo.add", "1", "2", "--queue", "pool", "--redis", redis.url());
        var process =
                Command.start("worker-pool", "pool", "--demo", "--burst", "--num-workers", "2", "--redis", redis.url());
        try {
            assertThat(process.waitFor()).isZero();
        } finally {
            process.destroyForcibly();
        }
        try (var client = JobClient.connect(redis.url())) {
            assertThat(client.job(enqueued.out().strip(), Integer.class)
                            .orElseThrow()
                            .join())
                    .isEqualTo(3);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"2|2", "-5|-5", "true|true", "\"2\"|2", "word|word", "https://a.b/c|https://a.b/c", "1 2|1 2"})
    void anArgumentThatIsJsonIsTakenAsSuch(String argument, String text) {
        assertThat(CallArguments.plain(argument)).hasToString(text);
    }

    @Test
    void listsStringsAndNullKeepTheirKind() {
        assertThat(CallArguments.plain("null")).isNull();
        assertThat(CallArguments.plain("[1,\"a\"]")).isEqualTo(List.of(1, "a"));
        assertThat(CallArguments.plain("\"2\"")).isEqualTo("2");
        assertThat(CallArguments.plain("2")).isEqualTo(2);
    }

    /** A worker with the demo functions in a thread of this JVM. */
    private static final class RunningWorker implements AutoCloseable {
        private final Worker worker;

        RunningWorker(String queue) {
            worker = Worker.on(redis.url())
                    .queues(queue)
                    .functions(DemoJobs.class)
                    .build();
            Thread.ofPlatform().start(() -> {
                try {
                    worker.run();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override
        public void close() {
            worker.stop();
        }
    }
}
