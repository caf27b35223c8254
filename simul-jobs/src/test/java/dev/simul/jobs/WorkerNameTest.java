package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may have a name, and how long the worker's entry lives. */
class WorkerNameTest extends OnRedis {
    private static Worker.Builder worker() {
        return Worker.on(redis.url()).functions(Sums.class).name("w1");
    }

    /** The entry of a worker that was killed. */
    private void leaveBehind(String version) {
        raw.hset(
                "rq:worker:w1",
                Map.of("birth", "2026-11-22T07:40:18.372393Z", "version", version, "queues", "default"));
        raw.sadd("rq:workers", "rq:worker:w1");
    }

    @Test
    void nameOfADeadJavaWorkerIsFree() throws Exception {
        leaveBehind("simul");
        assertThat(worker().burst(true).build().run()).isEqualTo(new WorkerTally(0, 0));
    }

    @Test
    void nameOfADeadJavaWorkerOfWhoseEntryLittleIsLeftIsFree() throws Exception {
        raw.hset("rq:worker:w1", Map.of("state", "idle", "x_java_running", "0"));
        assertThat(worker().burst(true).build().run()).isEqualTo(new WorkerTally(0, 0));
    }

    @Test
    void nameOfALiveJavaWorkerIsTaken() {
        leaveBehind("simul");
        raw.set("simul:rq:alive:w1", "1");
        assertThatThrownBy(() -> worker().burst(true).build().run())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("there is an active worker named 'w1' already; choose another name, or wait")
                .hasNoSuppressedExceptions();
    }

    @Test
    void nameOfAPythonWorkerIsTakenUntilItsEntryExpires() {
        leaveBehind("2.12.0");
        assertThatThrownBy(() -> worker().burst(true).build().run()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void workersTimeToLiveIsThatOfItsEntryAndAMinute() throws Exception {
        var worker = worker().workerTtl(Duration.ofSeconds(200)).build();
        var run = Background.run(worker);
        while (raw.exists("rq:worker:w1") == 0) {
            Background.breathe();
        }
        assertThat(raw.ttl("rq:worker:w1")).isBetween(200L, 260L);
        worker.stop();
        run.get(30, SECONDS);
        assertThat(raw.ttl("rq:worker:w1")).isBetween(1L, 60L);
        assertThat(raw.hget("rq:worker:w1", "death")).isNotEmpty();
    }
}
