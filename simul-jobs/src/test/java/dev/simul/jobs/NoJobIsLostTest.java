package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScoredValue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Real workers in JVMs of their own, killed or stopped in the middle. */
class NoJobIsLostTest {
    private EmbeddedRedis redis;
    private JobClient jobs;

    @BeforeEach
    void connect() {
        redis = EmbeddedRedis.start();
        jobs = JobClient.connect(redis.url());
    }

    @AfterEach
    void disconnect() {
        jobs.close();
        redis.close();
    }

    /** A worker in a JVM of its own, on two queues. */
    static final class Main {
        public static void main(String[] args) throws InterruptedException {
            var tally = Worker.on(args[0])
                    .queues("high", "default")
                    .functions(Sums.class)
                    .concurrency(8)
                    .stopOnShutdown(Duration.ofMinutes(1))
                    .build()
                    .run();
            System.out.println(tally.finished() + tally.failed());
        }
    }

    private Process startWorker() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        redis.url())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void everyJobOfAKilledWorkerIsInAListOrARegistry() throws Exception {
        var ids = new HashSet<String>();
        for (int i = 0; i < 400; i++) {
            ids.add(jobs.queue(i % 2 == 0 ? "high" : "default")
                    .enqueue(Sums::sleep, 0.02)
                    .id());
        }
        var first = jobs.queue("high").with(o -> o.atFront(true)).enqueue(Sums::add, 1, 1);
        ids.add(first.id());
        var worker = startWorker();
        first.await(); // it is in full swing now

        worker.destroyForcibly().waitFor();

        assertThat(whereabouts().keySet()).isEqualTo(ids);
        assertThat(whereabouts().values()).contains("queue");
    }

    @Test
    void terminatedWorkerFinishesWhatItRunsAndLeavesTheRest() throws Exception {
        var running = new ArrayList<Job<String>>();
        for (int i = 0; i < 8; i++) {
            running.add(jobs.queue("default").enqueue(Sums::sleep, 2.0));
        }
        var worker = startWorker();
        while (started(running) < 8) {
            Background.breathe();
        }
        var later = jobs.queue("default").enqueue(Sums::add, 1, 1);

        worker.destroy(); // SIGTERM

        for (var job : running) {
            assertThat(job.await()).isEqualTo("slept");
        }
        assertThat(worker.waitFor(30, SECONDS)).isTrue();
        assertThat(later.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(whereabouts().values()).doesNotContain("wip");
        try (var client = RedisClient.create(redis.url())) {
            assertThat(client.connect().sync().scard("rq:workers")).isZero();
        }
    }

    @Test
    void outcomeReachesRedisOverANewConnectionWhenTheOldOneBreaks() throws Exception {
        var gate = Sums.gate("pause", 1);
        var job = jobs.queue("default").enqueue(Sums::hold, "pause");
        var worker = Worker.on(redis.url()).functions(Sums.class).build();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        try (var client = RedisClient.create(redis.url())) {
            client.connect().sync().clientKill(KillArgs.Builder.typeNormal());
        }
        gate.open.countDown();
        assertThat(job.await()).isEqualTo("pause");
        assertThat(jobs.queue("default").enqueue(Sums::add, 1, 2).await()).isEqualTo(3);
        worker.stop();
        assertThat(run.get(30, SECONDS)).isEqualTo(new WorkerTally(2, 0));
    }

    @Test
    void stoppedWorkerEndsEvenIfItsRedisIsGone() throws Exception {
        var gate = Sums.gate("gone", 1);
        jobs.queue("default").enqueue(Sums::hold, "gone");
        var worker = Worker.on(redis.url()).functions(Sums.class).build();
        var run = Background.run(worker);
        assertThat(gate.begun.await(30, SECONDS)).isTrue();
        redis.close();
        gate.open.countDown();
        worker.stop();
        assertThat(run.get(60, SECONDS)).isEqualTo(new WorkerTally(0, 0, 0, 0, 1));
    }

    private static long started(List<? extends Job<?>> all) {
        return all.stream().filter(job -> job.status() == JobStatus.STARTED).count();
    }

    /** Which list or registry each job stands in. */
    private Map<String, String> whereabouts() {
        var where = new HashMap<String, String>();
        try (var client = RedisClient.create(redis.url())) {
            var raw = client.connect().sync();
            for (var queue : Set.of("high", "default")) {
                raw.lrange("rq:queue:" + queue, 0, -1).forEach(id -> where.put(id, "queue"));
                for (ScoredValue<String> member : raw.zrangeWithScores("rq:wip:" + queue, 0, -1)) {
                    where.put(member.getValue().replaceFirst(":.*", ""), "wip");
                }
                raw.zrange("rq:finished:" + queue, 0, -1).forEach(id -> where.put(id, "finished"));
            }
        }
        return where;
    }
}
