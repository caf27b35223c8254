package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.jobs.internal.redis.ServerRing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SeveralServersTest {
    private final List<EmbeddedRedis> servers = new ArrayList<>();
    private JobSettings deployment;

    @BeforeEach
    void start() {
        for (int i = 0; i < 3; i++) {
            servers.add(EmbeddedRedis.start());
        }
        deployment = JobSettings.urls(servers.stream().map(EmbeddedRedis::url).toArray(String[]::new))
                .patience(Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        servers.forEach(EmbeddedRedis::close);
    }

    private static long size(EmbeddedRedis server, String queue) {
        try (var jobs = JobClient.connect(server.url())) {
            return jobs.queue(queue).size();
        }
    }

    private int serverOf(String name) {
        var names = servers.stream().map(server -> "127.0.0.1:" + server.port()).toList();
        return new ServerRing(names).server(name);
    }

    /** A queue that stands on that server. */
    private String queueOn(int server) {
        for (int i = 0; ; i++) {
            if (serverOf("q" + i) == server) {
                return "q" + i;
            }
        }
    }

    @Test
    void queueStandsOnOneServerAndOneWorkerServesThemAll() throws Exception {
        var queues = List.of(queueOn(0), queueOn(1), queueOn(2));
        try (var jobs = JobClient.connect(deployment)) {
            var all = new ArrayList<Job<Integer>>();
            for (var queue : queues) {
                for (int i = 0; i < 10; i++) {
                    all.add(jobs.queue(queue).enqueue(Sums::add, i, 1));
                }
                assertThat(size(servers.get(serverOf(queue)), queue)).isEqualTo(10);
            }
            var tally = Worker.on(deployment)
                    .queues(queues.toArray(String[]::new))
                    .functions(Sums.class)
                    .burst(true)
                    .build()
                    .run();
            assertThat(tally).isEqualTo(new WorkerTally(30, 0));
            for (int i = 0; i < 30; i++) {
                assertThat(all.get(i).await()).isEqualTo(i % 10 + 1);
                assertThat(jobs.job(all.get(i).id(), Integer.class)
                                .orElseThrow()
                                .await())
                        .isEqualTo(i % 10 + 1);
            }
            assertThat(jobs.queues()).hasSize(3);
            assertThat(jobs.job("there-is-none")).isEmpty();
        }
    }

    @Test
    void oneQueueIsSpreadByJob() throws Exception {
        var byJob = deployment.spread(Spread.BY_JOB);
        try (var jobs = JobClient.connect(byJob)) {
            var all = new ArrayList<Job<Integer>>();
            for (int i = 0; i < 60; i++) {
                all.add(jobs.queue("hot").enqueue(Sums::add, i, 1));
            }
            assertThat(jobs.queue("hot").size()).isEqualTo(60);
            assertThat(servers).allMatch(server -> size(server, "hot") > 0);
            Worker.on(byJob)
                    .queues("hot")
                    .functions(Sums.class)
                    .concurrency(4)
                    .burst(true)
                    .build()
                    .run();
            for (int i = 0; i < 60; i++) {
                assertThat(jobs.job(all.get(i).id(), Integer.class)
                                .orElseThrow()
                                .await())
                        .isEqualTo(i + 1);
            }
            assertThatThrownBy(() -> jobs.queue("hot").ids())
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("JobSettings.servers()");
            assertThat(jobs.queue("hot").servers()).hasSize(3).allMatch(JobQueue::isEmpty);
        }
    }

    @Test
    void groupHasJobsOnAllServers() {
        try (var jobs = JobClient.connect(deployment.spread(Spread.BY_JOB))) {
            var group = jobs.group("sums");
            var requests = IntStream.range(0, 20)
                    .mapToObj(i -> JobRequest.of(Sums::add, i, 1))
                    .toList();
            var ids = group.enqueueMany(jobs.queue("hot"), requests).stream()
                    .map(Job::id)
                    .toList();

            assertThat(servers)
                    .allSatisfy(server -> assertThat(size(server, "hot")).isPositive());
            assertThat(group.ids()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(jobs.groups()).extracting(JobGroup::name).containsExactly("sums");
            assertThat(group.remove(ids.getFirst())).isTrue();
            assertThat(group.jobs(Integer.class))
                    .extracting(Job::id)
                    .containsExactlyInAnyOrderElementsOf(ids.subList(1, 20));
        }
    }

    @Test
    void registriesOfAQueueSpreadByJobAreReadServerByServer() {
        try (var jobs = JobClient.connect(deployment.spread(Spread.BY_JOB))) {
            var queue = jobs.queue("hot");

            assertThatThrownBy(queue::ids)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("do this for each of JobQueue.servers()");
        }
    }

    @Test
    void serverThatIsDownStopsOnlyItsShareAndIsServedAgainWhenItReturns() throws Exception {
        var dead = queueOn(0);
        var alive = queueOn(1);
        int port = servers.get(0).port();
        servers.get(0).close();
        try (var jobs = JobClient.connect(deployment)) {
            var worker = Worker.on(deployment)
                    .queues(dead, alive)
                    .functions(Sums.class)
                    .build();
            var run = Background.run(worker);
            assertThat(jobs.queue(alive).enqueue(Sums::add, 2, 3).await()).isEqualTo(5);
            assertThatThrownBy(() -> jobs.queue(dead).enqueue(Sums::add, 2, 3))
                    .isInstanceOf(RedisUnavailableException.class)
                    .hasMessageContaining("127.0.0.1:" + port);

            servers.set(0, EmbeddedRedis.start("--port", Integer.toString(port)));
            assertThat(jobs.queue(dead).enqueue(Sums::add, 3, 4).await()).isEqualTo(7);

            servers.get(0).close(); // now in the middle of its work
            assertThat(jobs.queue(alive).enqueue(Sums::add, 4, 5).await()).isEqualTo(9);
            servers.set(0, EmbeddedRedis.start("--port", Integer.toString(port)));
            worker.stop();
            run.get(60, SECONDS);
        }
    }

    private static <T> CompletableFuture<T> begin(Callable<T> work) {
        var done = new CompletableFuture<T>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                done.complete(work.call());
            } catch (Exception e) {
                done.completeExceptionally(e);
            }
        });
        return done;
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void schedulerServesEachServerAndOneThatIsAwayWhenItReturns() throws Exception {
        var away = queueOn(0);
        var queues = List.of(away, queueOn(1), queueOn(2));
        int port = servers.get(0).port();
        servers.get(0).close();
        try (var jobs = JobClient.connect(deployment)) {
            var scheduler = Scheduler.on(deployment)
                    .queues(queues.toArray(String[]::new))
                    .build();
            var run = begin(scheduler::run);
            for (var queue : queues.subList(1, 3)) {
                var job = jobs.queue(queue).enqueueAt(Instant.EPOCH.plusSeconds(1), "f", Object.class);
                until(() -> job.status() == JobStatus.QUEUED);
            }
            servers.set(0, EmbeddedRedis.start("--port", Integer.toString(port)));
            var late = jobs.queue(away).enqueueAt(Instant.EPOCH.plusSeconds(1), "f", Object.class);
            until(() -> late.status() == JobStatus.QUEUED);
            scheduler.stop();
            assertThat(run.get(60, SECONDS)).isEqualTo(3);
        }
    }

    @Test
    void cronEnqueuesOnTheServersThatAreThereAndOnTheOthersWhenTheyReturn() throws Exception {
        var away = queueOn(0);
        int port = servers.get(0).port();
        servers.get(0).close();
        try (var jobs = JobClient.connect(deployment)) {
            var cron = CronScheduler.on(deployment)
                    .jobs(
                            hourly().name("a").queue(away),
                            hourly().name("b").queue(queueOn(1)),
                            hourly().name("c").queue(queueOn(2)))
                    .build();
            var run = begin(cron::run);
            until(() -> jobs.queue(queueOn(2)).size() == 1);
            assertThat(jobs.queue(queueOn(1)).size()).isEqualTo(1);
            servers.set(0, EmbeddedRedis.start("--port", Integer.toString(port)));
            until(() -> size(servers.get(0), away) == 1);
            until(() -> jobs.cronSchedulers().size() == 1);
            cron.stop();
            assertThat(run.get(60, SECONDS)).isEqualTo(3);
        }
    }

    private static CronJob hourly() {
        return CronJob.every(Duration.ofHours(1), JobRequest.of(Sums::add, 1, 2));
    }

    @Test
    void cronJobOfAQueueSpreadByJobIsTakenByOneOfTwoSchedulers() throws Exception {
        var byJob = deployment.spread(Spread.BY_JOB);
        try (var jobs = JobClient.connect(byJob)) {
            long enqueued = 0;
            for (int i = 0; i < 2; i++) {
                var cron = CronScheduler.on(byJob).jobs(hourly().queue("hot")).build();
                var run = begin(cron::run);
                until(() -> jobs.cronSchedulers().stream()
                        .anyMatch(other -> other.name().equals(cron.name())));
                cron.stop();
                enqueued += run.get(60, SECONDS);
            }
            assertThat(enqueued).isEqualTo(1);
            assertThat(jobs.queue("hot").size()).isEqualTo(1);
        }
    }

    @Test
    void environmentNamesSeveralWithBlanksBetweenThem() {
        var read = JobSettings.fromEnvironment(
                Map.of("SIMUL_REDIS_URL", "redis://a redis://b:1 ", "REDIS_PASSWORD", "secret"));
        assertThat(read.servers()).extracting(JobSettings::url).containsExactly("redis://a", "redis://b:1");
        assertThat(read.servers().getLast().credentials()).isPresent();
    }

    @Test
    void aFurtherServerTakesItsShareAndMovesNothingBetweenTheOthers() {
        var three = new ServerRing(List.of("a:1", "b:1", "c:1"));
        var four = new ServerRing(List.of("a:1", "b:1", "c:1", "d:1"));
        int moved = 0;
        var used = new HashSet<Integer>();
        for (int i = 0; i < 4000; i++) {
            int before = three.server("queue" + i);
            int after = four.server("queue" + i);
            used.add(before);
            if (after != before) {
                assertThat(after).isEqualTo(3);
                moved++;
            }
        }
        assertThat(used).hasSize(3);
        assertThat(moved).isBetween(850, 1150);
    }

    @Test
    void sameServerTwiceIsRefused() {
        assertThatThrownBy(() -> JobSettings.urls("redis://a:1", "redis://:pw@a:1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("urls must name each Redis once, was a:1 twice");
        assertThatThrownBy(() -> JobSettings.urls(new String[0])).isInstanceOf(IllegalArgumentException.class);
    }
}
