package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A scheduler stands still for longer than its lock holds, another one takes over, and then the first goes on. */
@ParameterizedClass
@ValueSource(strings = {"2.10.0", "2.12.0"}) // 3.0 does as 2.12
class PausedSchedulerTest extends OnRedis {
    private static final String LOCK = "rq:scheduler-lock:default";

    private final String version;
    private final List<String> scheduled = new ArrayList<>();
    private RedisClient client;
    private RedisCommands<String, String> raw;
    private Process java;

    PausedSchedulerTest(String version) {
        this.version = version;
    }

    @BeforeEach
    void begin() throws IOException {
        client = RedisClient.create(redis.url());
        raw = client.connect().sync();
        java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        JavaScheduler.class.getName(),
                        redis.url())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @AfterEach
    void end() throws Exception {
        java.destroyForcibly().waitFor();
        client.shutdown();
    }

    /** A scheduler of ours, in a process that can be stopped. */
    static final class JavaScheduler {
        public static void main(String[] args) throws Exception {
            var _ = System.in.read(); // until it is to begin
            Scheduler.on(args[0]).name("java").build().run();
        }
    }

    private void beginJava() throws IOException {
        java.getOutputStream().write('\n');
        java.getOutputStream().flush();
        until(() -> "java".equals(raw.get(LOCK)));
    }

    private PythonServer.Child beginPython() throws Exception {
        var python = PythonRq.install(version, redis.url()).begin("upkeep.py", "run_scheduler", Map.of());
        until(() -> raw.exists(LOCK) == 1 && !"java".equals(raw.get(LOCK)));
        return python;
    }

    /** What Redis does with the lock and the entry of a scheduler that has been silent for a minute. */
    private String letItsTimePass() {
        var holder = raw.get(LOCK);
        raw.del(LOCK, "rq:scheduler:" + holder);
        return "rq:scheduler:" + holder;
    }

    private static void until(BooleanSupplier condition) {
        var end = Instant.now().plusSeconds(30);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
            Background.breathe();
        }
    }

    private void fiveJobsAreMoved() {
        for (int i = 0; i < 5; i++) {
            scheduled.add(jobs.queue("default")
                    .enqueueAt(Instant.EPOCH.plusSeconds(1), "tasks.noop", Void.class)
                    .id());
        }
        until(() -> raw.exists("rq:scheduled:default") == 0);
    }

    @Test
    void pythonsFindsJavaInItsPlaceAndMovesNothingTwice() throws Exception {
        var python = beginPython();
        Signal.STOP.to(python.pid());
        var entry = letItsTimePass();
        beginJava();
        fiveJobsAreMoved();

        python.signal("CONT");
        until(() -> raw.exists(entry) == 1); // it is at work again
        if (!version.equals("2.10.0")) { // which goes on without its lock and reads and moves in two steps
            fiveJobsAreMoved();
            assertThat(raw.get(LOCK)).isEqualTo("java");
        }
        python.signal("TERM");
        python.exitCode();

        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactlyInAnyOrderElementsOf(scheduled);
    }

    @Test
    void javasFindsPythonInItsPlaceAndMovesNothingTwice() throws Exception {
        beginJava();
        Signal.STOP.to(java.pid());
        var entry = letItsTimePass();
        var python = beginPython();
        var holder = raw.get(LOCK);
        fiveJobsAreMoved();

        Signal.CONT.to(java.pid());
        fiveJobsAreMoved();
        assertThat(raw.get(LOCK)).isEqualTo(holder);
        assertThat(raw.exists(entry)).isZero(); // a scheduler without a lock shows itself nowhere
        assertThat(raw.lrange("rq:queue:default", 0, -1)).containsExactlyInAnyOrderElementsOf(scheduled);

        python.signal("TERM");
        python.exitCode();
        until(() -> "java".equals(raw.get(LOCK))); // and takes over when that one ends
    }
}
