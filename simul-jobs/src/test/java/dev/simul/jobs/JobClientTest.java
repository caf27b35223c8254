package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Async;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobClientTest extends OnRedis {
    private static void burst() throws InterruptedException {
        Worker.on(redis.url())
                .functions(Sums.class)
                .concurrency(20)
                .burst(true)
                .build()
                .run();
    }

    @Test
    void missingRedisIsNamedWithTheWayOut() throws IOException {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> JobClient.connect("redis://user:secret@localhost:" + port + "/2"))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessage("no Redis at localhost:" + port
                        + " (connection refused); start one, or give --redis redis://host:port");
    }

    @Test
    void wrongPasswordIsNotRepeated() {
        assertThatThrownBy(() -> JobClient.connect("redis://nobody:secret@127.0.0.1:" + redis.port()))
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessageStartingWith("Redis at 127.0.0.1:" + redis.port() + " does not let us in (")
                .hasMessageNotContaining("secret");
    }

    @Test
    void passwordUserAndDatabaseOfTheUrlAreUsed() {
        try (var client = RedisClient.create(redis.url())) {
            client.connect()
                    .sync()
                    .aclSetuser(
                            "ana",
                            AclSetuserArgs.Builder.on()
                                    .addPassword("pass:word/1")
                                    .allKeys()
                                    .allCommands());
        }
        var address = "ana:pass%3Aword%2F1@127.0.0.1:" + redis.port() + "/3";
        try (var third = JobClient.connect("redis://" + address)) {
            third.queue("default").enqueue(Sums::add, 1, 2);
            assertThat(third.queue("default").size()).isEqualTo(1);
            assertThat(jobs.queue("default").size()).isZero(); // database 0
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "http://localhost", "redis://", "redis://:secret@", "redis://a:secret@h:x"})
    void urlThatIsNoneIsRefusedWithoutItsPassword(String url) {
        assertThatThrownBy(() -> JobClient.connect(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a Redis URL; give redis://[user:password@]host[:port][/db]")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret"));
    }

    private static String stackTrace(Throwable error) {
        var text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void jobIsFoundByItsIdUntilItIsGone() throws Exception {
        var id = jobs.queue("default").enqueue(Sums::add, 1, 2).id();
        burst();
        var found = jobs.job(id, Integer.class).orElseThrow();
        assertThat(found.queue()).isEqualTo("default");
        assertThat(found.await()).isEqualTo(3);
        assertThat(jobs.job("nobody", Integer.class)).isEmpty();
    }

    @Test
    void jobTellsWhichWorkerHadIt() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
        assertThat(job.worker()).isEmpty();
        Worker.on(redis.url())
                .functions(Sums.class)
                .name("w7")
                .burst(true)
                .build()
                .run();
        assertThat(job.worker()).contains("w7");
    }

    @Test
    void deletedQueueLeavesNothingBehind() throws Exception {
        var queue = jobs.queue("gone");
        queue.enqueue(Sums::add, 1, 2);
        queue.enqueue(Sums::boom, "no luck");
        Worker.on(redis.url())
                .queues("gone")
                .functions(Sums.class)
                .name("w8")
                .burst(true)
                .build()
                .run();
        queue.enqueue(Sums::add, 3, 4);
        assertThat(queue.delete()).isEqualTo(3);
        assertThat(RedisDump.of(redis.url()).lines()).hasSize(1).allMatch(line -> line.startsWith("rq:worker:w8 "));
    }

    @Test
    void manyJobsAreAwaitedAtOnce() throws Exception {
        var sums = new ArrayList<CompletableFuture<Integer>>();
        for (int i = 0; i < 300; i++) {
            sums.add(jobs.queue("default").enqueue(Sums::add, i, i).toCompletableFuture());
        }
        burst();
        for (int i = 0; i < 300; i++) {
            assertThat(sums.get(i).get(30, SECONDS)).isEqualTo(2 * i);
        }
    }

    @Test
    void coroutinesOfOneLoopAwaitTheirJobsTogether() throws Exception {
        var worker = Worker.on(redis.url()).functions(Sums.class).build();
        var run = Background.run(worker);
        List<Integer> sums = Async.run(() -> Async.gather(
                () -> jobs.queue("default").enqueue(Sums::add, 1, 2).await(),
                () -> jobs.queue("default").enqueue(Sums::add, 3, 4).await()));
        assertThat(sums).containsExactly(3, 7);
        worker.stop();
        run.get(30, SECONDS);
    }

    @Test
    void cancelledJobIsNotRunAndTellsWhoWaits() throws Exception {
        var job = jobs.queue("default").enqueue(Sums::trace, "must not run");
        var elsewhere = jobs.job(job.id(), Void.class).orElseThrow().toCompletableFuture();
        assertThat(job.cancel("changed my mind")).isTrue();
        Sums.TRACE.clear();
        burst();
        assertThat(Sums.TRACE).isEmpty();
        assertThatThrownBy(job::await).isInstanceOf(CancellationException.class);
        assertThatThrownBy(() -> elsewhere.get(30, SECONDS)).isInstanceOf(CancellationException.class);
    }

    @Test
    void discardedResultIsSaidToBeDiscarded() throws Exception {
        var job = jobs.queue("default").with(o -> o.resultTtl(Duration.ZERO)).enqueue(Sums::add, 1, 2);
        burst();
        assertThatThrownBy(job::await)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it was discarded with its result, expired or deleted");
        assertThat(job.status()).isEqualTo(JobStatus.GONE);
    }

    @Test
    void resultOfAnotherTypeIsShownAsItIs() throws Exception {
        var job = jobs.queue("default").enqueue("tasks.echo", Integer.class, Map.of("a", 1));
        burst();
        assertThatThrownBy(job::await)
                .hasMessageContaining("returned {\"a\": 1}, which is no java.lang.Integer; enqueue it with the class");
    }

    @Test
    void wholeNumbersOfAnySizeAndFloatsKeepTheirKind() throws Exception {
        var big = new BigInteger("123456789012345678901234567890");
        var queue = jobs.queue("default");
        var echoes = List.of(3, 3.0, big, true, "ü\u2028", List.of(1, 2.0), Map.of("k", "v")).stream()
                .map(value -> queue.enqueue("tasks.echo", Object.class, value))
                .toList();
        burst();
        var values = new ArrayList<Object>();
        for (var echo : echoes) {
            values.add(echo.await());
        }
        assertThat(values).containsExactly(3, 3.0, big, true, "ü\u2028", List.of(1, 2.0), Map.of("k", "v"));
    }

    @Test
    @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void awaitingAfterCloseSaysSoEachTime() {
        var job = jobs.queue("default").enqueue(Sums::add, 1, 2);
        jobs.close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(job::await)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("its JobClient is closed");
        }
    }

    @Test
    void closeEndsTheWaitOfOthers() throws Exception {
        var waiting = jobs.queue("default").enqueue(Sums::add, 1, 2).toCompletableFuture();
        jobs.close();
        assertThatThrownBy(() -> waiting.get(30, SECONDS)).hasRootCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyReferencesToAnnotatedStaticMethodsAreEnqueued() {
        var queue = jobs.queue("default");
        int captured = 3;
        assertThatThrownBy(() -> queue.enqueue(Sums::unnamed, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("dev.simul.jobs.Sums.unnamed, which is not annotated with @SimulJob, cannot be"
                        + " enqueued: give a reference to a static method annotated with @SimulJob");
        assertThatThrownBy(() -> queue.enqueue((Integer a) -> a + 1, 1))
                .hasMessageStartingWith("a lambda expression, which has no name, cannot be enqueued: ");
        assertThatThrownBy(() -> queue.enqueue((Integer a) -> a + captured, 1))
                .hasMessageStartingWith("what captures something, such as object::method or a lambda");
        assertThatThrownBy(() -> queue.enqueue("text"::charAt, 1)).hasMessageContaining("cannot be enqueued");
        assertThatThrownBy(() -> queue.enqueue(String::length, "text"))
                .hasMessageStartingWith("java.lang.String.length, which is not static, cannot be enqueued: ");
        assertThat(queue.size()).isZero();
    }

    @Test
    void optionsAreCheckedBeforeAnythingIsWritten() {
        var queue = jobs.queue("default");
        assertThatThrownBy(() -> queue.with(o -> o.timeout(Duration.ofMillis(500))))
                .hasMessage("timeout must be at least 1 s or FOREVER, was PT0.5S");
        assertThatThrownBy(() -> queue.with(o -> o.id("order.17")))
                .hasMessageContaining("letters, digits, '_' and '-', was 'order.17'");
        assertThatThrownBy(() -> jobs.queue("a,b")).hasMessageContaining("was 'a,b'");
        assertThatThrownBy(() -> jobs.queue("a:intermediate")).hasMessageContaining("was 'a:intermediate'");
    }
}
