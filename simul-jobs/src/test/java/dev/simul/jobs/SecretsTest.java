package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import jdk.jfr.Recording;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The password of a deployment is used and never shown. */
class SecretsTest {
    private static final String SECRET = "hunter2xyzzy";

    private static EmbeddedRedis redis;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        // What docs/jobs.md says that a user of Redis needs.
        var options = "--user default off --user simul on >" + SECRET
                + " resetchannels ~rq:* ~simul:rq:* &rq:* +@all -@admin -@dangerous +info +client";
        redis = EmbeddedRedis.start(options.split(" "));
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static JobSettings fromEnvironment() {
        return JobSettings.fromEnvironment(
                Map.of("SIMUL_REDIS_URL", redis.url(), "REDIS_USERNAME", "simul", "REDIS_PASSWORD", SECRET));
    }

    @Test
    void userOfTheAccessControlListsRunsJobsWithCredentialsFromTheEnvironment() throws Exception {
        runAJob();
    }

    private static void runAJob() throws Exception {
        try (var jobs = JobClient.connect(fromEnvironment())) {
            var job = jobs.queue("default").enqueue(Sums::add, 2, 3);
            Worker.on(fromEnvironment())
                    .functions(Sums.class)
                    .burst(true)
                    .build()
                    .run();
            assertThat(job.await()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "REDIS_URL|localhost|REDIS_URL: 'localhost' is not a Redis URL",
                "RQ_REDIS_URL|redis://a redis://a|RQ_REDIS_URL must name each Redis once, was a:6379 twice",
                "RQ_KEY_PREFIX|a,b|RQ_KEY_PREFIX consists of letters, digits and _ . : - { }, was 'a,b'",
                "SIMUL_REDIS_CA_FILE|/no.crt|SIMUL_REDIS_CA_FILE must be a PEM file that can be read, was /no.crt",
                "REDIS_URL|rediss://a?ssl_ca_certs=/no.crt|ssl_ca_certs must be a PEM file that can be read, was /no.crt"
            })
    void aVariableThatCannotBeUsedIsNamed(String variable, String value, String message) {
        assertThatThrownBy(() -> JobSettings.fromEnvironment(Map.of(variable, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void passwordMayComeFromAFile() throws IOException {
        var file = Files.writeString(folder.resolve("password"), SECRET + "\n");
        var settings = JobSettings.fromEnvironment(Map.of(
                "RQ_REDIS_URL", redis.url(),
                "SIMUL_REDIS_USERNAME", "simul",
                "SIMUL_REDIS_PASSWORD_FILE", file.toString()));
        try (var jobs = JobClient.connect(settings)) {
            assertThat(jobs.queue("none").size()).isZero();
        }
    }

    @Test
    void aUserWithoutAPasswordIsNotLeftOut() {
        assertThatThrownBy(() -> JobSettings.fromEnvironment(
                        Map.of("RQ_REDIS_URL", redis.url(), "SIMUL_REDIS_USERNAME", "simul")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SIMUL_REDIS_USERNAME needs SIMUL_REDIS_PASSWORD or");
    }

    @Test
    void credentialsOfTheUrlGoBeforeThoseOfTheEnvironment() {
        var url = "redis://simul:" + SECRET + "@127.0.0.1:" + redis.port();
        var settings = JobSettings.of(url).withEnvironment(Map.of("REDIS_PASSWORD", "another"));
        try (var jobs = JobClient.connect(settings)) {
            assertThat(jobs.queue("none").size()).isZero();
        }
    }

    @Test
    void wrongPasswordIsAnErrorThatDoesNotRepeatIt() {
        for (var settings : new JobSettings[] {
            JobSettings.of(redis.url()).credentials("simul", SECRET + "!"),
            JobSettings.of(redis.url() + "?username=simul&password=" + SECRET + "!")
        }) {
            assertThatThrownBy(() -> JobClient.connect(settings))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("does not let us in (WRONGPASS")
                    .hasMessageContaining("SIMUL_REDIS_PASSWORD")
                    .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
            assertThat(settings.toString()).doesNotContain(SECRET);
        }
        assertThat(JobSettings.of(redis.url()).password(SECRET).credentials().orElseThrow())
                .asString()
                .doesNotContain(SECRET);
    }

    @Test
    void urlThatIsNoneIsRefusedWithoutThePasswordAmongItsParameters() {
        assertThatThrownBy(() -> JobSettings.of("redis://h:x/?password=" + SECRET + "&db=1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("'redis://h:x/?password=***&db=1' is not a Redis URL")
                .satisfies(e -> assertThat(trace(e)).doesNotContain(SECRET));
    }

    @Test
    void neitherLogsNorFlightRecordingsHoldThePassword() throws Exception {
        var log = new StringWriter();
        var all = Logger.getLogger("");
        var level = all.getLevel();
        var handler = new Writing(log);
        all.addHandler(handler);
        all.setLevel(Level.FINE); // below, Lettuce's CommandEncoder dumps every byte that it sends
        try (var recording = new Recording()) {
            for (var event : new String[] {"Connect", "Connected", "ConnectionActivated", "Disconnected"}) {
                recording.enable("io.lettuce.core.event.connection.Jfr" + event + "Event");
            }
            recording.enable("jdk.InitialEnvironmentVariable").with("period", "everyChunk");
            recording.start();
            runAJob();
            recording.stop();
            recording.dump(folder.resolve("all.jfr"));
        } finally {
            all.removeHandler(handler);
            all.setLevel(level);
        }
        assertThat(log.toString()).contains("127.0.0.1").doesNotContain(SECRET);
        assertThat(new String(Files.readAllBytes(folder.resolve("all.jfr")), StandardCharsets.ISO_8859_1))
                .doesNotContain(SECRET);
    }

    private static String trace(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static final class Writing extends Handler {
        private final StringWriter to;

        Writing(StringWriter to) {
            this.to = to;
            setLevel(Level.ALL);
            setFormatter(new SimpleFormatter());
        }

        @Override
        public void publish(LogRecord entry) {
            if (!entry.getLoggerName().startsWith("org.junit")) {
                to.append(getFormatter().format(entry));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
