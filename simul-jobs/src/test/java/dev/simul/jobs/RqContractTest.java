package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever Simul writes, at every stage of a job's life, no RQ from 2.8 to 3.0 stumbles over it. */
class RqContractTest {
    @ParameterizedTest
    @EnumSource(Serializer.class)
    void everyKeyThatIsWrittenIsOneThatEveryRqCanRead(Serializer serializer) throws Exception {
        try (var redis = EmbeddedRedis.start();
                var jobs = JobClient.connect(JobSettings.of(redis.url())
                        .serializer(serializer)
                        .seal(Seal.signing("k1", "0123456789abcdef"))
                        .middleware(TraceContext.middleware()))) {
            var queue = jobs.queue("default");
            var gate = Sums.gate("contract " + serializer, 1);
            var held = queue.enqueue(Sums::hold, "contract " + serializer);
            var parent = TraceContext.begin().within(() -> queue.enqueue(Sums::boom, "größer \uD83D\uDC0D"));
            queue.with(o -> o.after(parent)).enqueue(Sums::add, 1, 2);
            queue.with(o -> o.after(parent).allowFailure(true).atFront(true)).enqueue(Sums::add, 1, 2);
            queue.with(o -> o.retry(Retry.of(2, Duration.ofHours(1))).ttl(Duration.ofHours(2)))
                    .enqueue(Sums::boom, "again");
            queue.with(o -> o.repeat(Repeat.of(2, Duration.ofHours(1)))).enqueue(Sums::add, 1, 2);
            queue.with(o -> o.onSuccess(Callback.of("tasks.noop"))
                            .onFailure(Callback.of("tasks.noop"))
                            .onStopped(Callback.of("tasks.noop"))
                            .webhook(Webhook.onFinished(URI.create("http://127.0.0.1:1/"))))
                    .enqueue(Sums::noop);
            queue.with(o -> o.meta(Map.of("größe", List.of(1, 2.5))).group("g").description("größer"))
                    .enqueue(Sums::echo, List.of(1, "ü"));
            queue.with(o -> o.uniqueFor(Duration.ofMinutes(1))).enqueue(Sums::add, 3, 4);
            queue.enqueueIn(Duration.ofHours(1), JobRequest.of(Sums::add, 5, 6));
            queue.with(o -> o.resultTtl(Duration.ZERO)).enqueue(Sums::add, 1, 2);
            queue.with(o -> o.resultTtl(JobOptions.FOREVER).failureTtl(JobOptions.FOREVER))
                    .enqueue(Sums::add, 1, 2);
            var taken = queue.enqueue(Sums::add, 7, 8);
            taken.cancel("not needed");
            queue.enqueueMany(List.of(JobRequest.of(Sums::add, 1, 2), JobRequest.of(Sums::scaled, 1.5, 2.0)));
            assertThat(RqContract.violations(redis.url())).isEmpty();

            var worker = Worker.on(redis.url())
                    .functions(Sums.class)
                    .concurrency(2)
                    .publishCurrentJob(true)
                    .scheduler(true)
                    .burst(true)
                    .build();
            var run = Background.run(worker);
            assertThat(gate.begun.await(60, SECONDS)).isTrue();
            assertThat(RqContract.violations(redis.url())).isEmpty();
            gate.open.countDown();
            run.get(60, SECONDS);
            assertThat(held.await()).isEqualTo("contract " + serializer);
            parent.requeue();
            assertThat(RqContract.violations(redis.url())).isEmpty();
        }
    }

    @Test
    void theCheckSeesWhatWouldEndAPythonWorker() {
        try (var redis = EmbeddedRedis.start();
                var client = RedisClient.create(redis.url())) {
            var raw = client.connect().sync();
            raw.hset(
                    "rq:job:a",
                    Map.of("created_at", "2026-11-22T07:40:18.372393123Z", "timeout", "180.0", "mine", "1"));
            raw.rpush("rq:queue:default", "order.17");
            raw.zadd("rq:wip:default", 1, "a:b:c");
            raw.set("other:key", "x");
            assertThat(RqContract.violations(redis.url()))
                    .anyMatch(line -> line.contains("created_at = 2026"))
                    .anyMatch(line -> line.contains("timeout = 180.0"))
                    .anyMatch(line -> line.contains("a field mine"))
                    .anyMatch(line -> line.contains("lacks status"))
                    .anyMatch(line -> line.contains("holds order.17"))
                    .anyMatch(line -> line.contains("holds a:b:c"))
                    .anyMatch(line -> line.startsWith("other:key"));
        }
    }
}
