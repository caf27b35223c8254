package dev.simul.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.Command;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands on queues that are spread over two servers. */
class SeveralServersCommandsTest {
    private EmbeddedRedis first;
    private EmbeddedRedis second;

    @BeforeEach
    void start() {
        first = EmbeddedRedis.start();
        second = EmbeddedRedis.start();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private Command.Result run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--redis", first.url(), "--redis", second.url()));
        return Command.run(all.toArray(String[]::new));
    }

    private static long size(EmbeddedRedis server, String queue) {
        try (var client = JobClient.connect(server.url())) {
            return client.queue(queue).size();
        }
    }

    @Test
    void jobsOfOneQueueStandOnOneServerWhereTheWorkerFindsThem() {
        for (int i = 0; i < 3; i++) {
            assertThat(run("enqueue", "-q", "mail", "demo.add", "1", Integer.toString(i))
                            .exitCode())
                    .isZero();
        }
        assertThat(List.of(size(first, "mail"), size(second, "mail"))).containsExactlyInAnyOrder(3L, 0L);
        var info = run("info", "mail");
        assertThat(info.out())
                .contains("Redis at 127.0.0.1:" + first.port() + ":")
                .contains("Redis at 127.0.0.1:" + second.port() + ":")
                .contains("1 queues, 3 jobs total");
        assertThat(run("info", "--json").out().lines())
                .hasSize(2)
                .allMatch(line -> line.startsWith("{\"server\":\"Redis at 127.0.0.1:"));
        var worker = run("worker", "mail", "--demo", "--burst");
        assertThat(worker.err()).contains("3 jobs finished");
    }

    @Test
    void queueSpreadByJobIsFilledHeldBackAndEmptiedOnAllServers() {
        for (int i = 0; i < 20; i++) {
            run("enqueue", "-q", "hot", "demo.add", "1", "2", "--spread", "by_job");
        }
        assertThat(size(first, "hot")).isBetween(1L, 19L);
        assertThat(size(first, "hot") + size(second, "hot")).isEqualTo(20);
        assertThat(run("suspend", "--queue", "hot", "--spread", "by_job").exitCode())
                .isZero();
        assertThat(run("worker", "hot", "--demo", "--burst", "--spread", "by_job")
                        .err())
                .contains(" 0 jobs finished");
        assertThat(run("resume", "--queue", "hot", "--spread", "by_job").exitCode())
                .isZero();
        assertThat(run("empty", "hot", "--spread", "by_job").out()).contains("20 jobs removed from hot queue");
    }

    @Test
    void failedJobsOfAQueueSpreadByJobAreRequeuedWhereTheyStand() {
        for (int i = 0; i < 6; i++) {
            run("enqueue", "-q", "hot", "demo.fail", "no luck", "--spread", "by_job");
        }
        run("worker", "hot", "--demo", "--burst", "--spread", "by_job");
        assertThat(run("requeue", "--all", "--queue", "hot", "--spread", "by_job")
                        .out())
                .contains("Requeueing 6 jobs");
        assertThat(size(first, "hot") + size(second, "hot")).isEqualTo(6);
    }

    @Test
    void schedulerMovesWhatIsDueOnEachServer() {
        for (var server : List.of(first, second)) {
            try (var client = JobClient.connect(server.url())) {
                client.queue("low").enqueueAt(Instant.EPOCH.plusSeconds(1), "demo.add", Integer.class, 1, 2);
            }
        }
        assertThat(run("scheduler", "low", "--burst").err()).contains("2 jobs put on their queues");
    }

    @Test
    void infoNamesAServerThatIsAwayAndShowsTheOther() {
        second.close();
        var info = run("info");
        assertThat(info.exitCode()).isEqualTo(1);
        assertThat(info.err()).contains("no Redis at 127.0.0.1:" + second.port());
        assertThat(info.out())
                .contains("Redis at 127.0.0.1:" + first.port() + ":")
                .contains("0 queues");
    }

    @Test
    void sameServerTwiceIsRefused() {
        var refused = Command.run("info", "--redis", first.url(), "--redis", first.url());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("--redis must name each Redis once, was 127.0.0.1:" + first.port() + " twice");
    }
}
