package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WorkerPoolTest {
    /** A worker in a JVM of its own. */
    static final class Main {
        public static void main(String[] args) throws InterruptedException {
            Worker.on(args[0])
                    .functions(Sums.class, Deeds.class)
                    .burst(args.length > 1)
                    .stopOnShutdown(Duration.ofMinutes(1))
                    .build()
                    .run();
        }
    }

    /** In the common pool, whose one thread on two cores it keeps: the pool must do without. */
    private static CompletableFuture<Integer> inBackground(WorkerPool pool) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return pool.run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void deadWorkerIsReplacedAndAllEndWhenThePoolIsStopped() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var pool = WorkerPool.of(2, Main.class, redis.url());
            var run = inBackground(pool);
            var pid = jobs.queue("default").enqueue(Deeds::pid).await();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            while (pool.pids().size() < 2 || pool.pids().contains(pid)) {
                Background.breathe();
            }
            assertThat(jobs.queue("default").enqueue(Sums::add, 1, 2).await()).isEqualTo(3);
            pool.stop();
            run.get(20, SECONDS);
            assertThat(pool.pids()).isEmpty();
        }
    }

    @Test
    void burstReplacesNobody() throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(redis.url())) {
            var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
            assertThat(WorkerPool.of(2, Main.class, redis.url(), "burst")
                            .burst(true)
                            .run())
                    .isZero();
            assertThat(job.await()).isEqualTo(3);
        }
    }

    @Test
    void commandThatCannotBeStartedIsTold() {
        assertThatThrownBy(() -> WorkerPool.of(1, List.of("/no/such/program")).run())
                .hasMessageContaining("no worker can be started: Cannot run program \"/no/such/program\"");
        assertThatThrownBy(() -> WorkerPool.of(1, List.of())).hasMessageStartingWith("a pool needs the command");
        assertThatThrownBy(() -> WorkerPool.of(0, List.of("x")))
                .hasMessage("workers must be between 1 and 1000, was 0");
    }
}
