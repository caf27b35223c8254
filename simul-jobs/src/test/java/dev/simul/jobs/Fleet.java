package dev.simul.jobs;

import io.lettuce.core.api.sync.RedisCommands;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The jobs of {@link MixedFleetTest} on Java's side; {@code fleet.py} has the same. */
final class Fleet {
    /** Where runs are counted and callbacks write down that they were called. */
    static volatile @Nullable RedisCommands<String, String> redis;

    private Fleet() {}

    private static long countRun() {
        return Objects.requireNonNull(redis)
                .hincrby("fleet:runs", CurrentJob.get().id(), 1);
    }

    @SimulJob("fleet.add")
    static int add(int a, int b, int scale) {
        countRun();
        return (a + b) * scale;
    }

    @SimulJob("fleet.boom")
    static void boom() {
        throw new IllegalStateException(countRun() > 0 ? "no luck" : "");
    }

    @SimulJob("fleet.flaky")
    static String flaky(int failures) {
        if (countRun() <= failures) {
            throw new IllegalStateException("not yet");
        }
        return "at last";
    }

    @SimulJob("fleet.again")
    static Retry again() {
        countRun();
        return Retry.of(2);
    }

    @SimulJob("fleet.odd")
    static Object odd() {
        countRun();
        return new Sums.Strange();
    }

    @SimulJob(value = "fleet.die", isolation = Isolation.PROCESS)
    static int die() throws Exception {
        return Deeds.kill();
    }

    @SimulJob("fleet.succeeded")
    static void succeeded(CurrentJob job, Object result) {
        Objects.requireNonNull(redis).rpush("fleet:callbacks", "succeeded " + job.id() + " " + result);
    }

    @SimulJob("fleet.failed")
    static void failed(CurrentJob job, Throwable error) {
        Objects.requireNonNull(redis).rpush("fleet:callbacks", "failed " + job.id() + " " + error.getMessage());
    }

    static void enqueue(JobClient jobs, URI hook) {
        var a = jobs.queue("a");
        var b = jobs.queue("b");
        a.with(o -> o.id("plain")).enqueue(Fleet::add, 2, 3, 1);
        a.enqueue(JobRequest.of("fleet.add", Integer.class, 2, 3)
                .named("scale", 10)
                .with(o -> called(o)
                        .id("full")
                        .timeout("1m")
                        .resultTtl(Duration.ofSeconds(500))
                        .failureTtl(Duration.ofSeconds(1000))
                        .ttl(Duration.ofSeconds(2000))
                        .description("Größe")
                        .meta(Map.of("user", "ana"))
                        .retry(Retry.of(2, Duration.ofSeconds(1), Duration.ofSeconds(2)))
                        .atFront(true)));
        a.with(o -> called(o).id("flaky").retry(Retry.of(3))).enqueue(Fleet::flaky, 2);
        b.with(o -> called(o).id("late").retry(Retry.of(2, Duration.ofSeconds(5), Duration.ofSeconds(9))))
                .enqueue(Fleet::boom);
        b.with(o -> o.id("returned")).enqueue(Fleet::again);
        a.with(o -> o.id("parent")).enqueue(Fleet::add, 1, 1, 1);
        b.with(o -> o.id("child").after("parent")).enqueue(Fleet::add, 1, 2, 1);
        a.with(o -> o.id("bad")).enqueue(Fleet::boom);
        b.with(o -> o.id("waiting").after("bad")).enqueue(Fleet::add, 1, 3, 1);
        b.with(o -> o.id("allowed").after("bad", "parent").allowFailure(true)).enqueue(Fleet::add, 1, 4, 1);
        b.with(o -> o.id("due")).enqueueIn(Duration.ofHours(1), "fleet.add", Integer.class, 1, 5, 1);
        a.with(o -> o.id("repeated").repeat(Repeat.of(2, Duration.ofSeconds(5))))
                .enqueue(Fleet::add, 1, 6, 1);
        jobs.group("team")
                .enqueueMany(
                        b,
                        List.of(7, 8).stream()
                                .map(n -> JobRequest.of(Fleet::add, 1, n, 1).with(o -> o.id("member" + n)))
                                .toList());
        a.with(o -> o.id("unique").unique()).enqueue(Fleet::add, 1, 9, 1);
        var hooked = a.with(o -> o.webhook(Webhook.onFinished(hook).post())
                .webhook(Webhook.onFailed(hook).post()));
        hooked.with(o -> o.id("hooked")).enqueue(Fleet::add, 1, 10, 1);
        hooked.with(o -> o.id("unhooked")).enqueue(Fleet::boom);
        a.with(o -> o.id("odd")).enqueue(Fleet::odd);
        b.with(o -> o.id("brief").resultTtl(Duration.ZERO)).enqueue(Fleet::add, 1, 11, 1);
        a.with(o -> called(o).id("dies")).enqueue("fleet.die", Integer.class);
        b.with(o -> o.id("heir").after("dies").allowFailure(true)).enqueue(Fleet::add, 1, 12, 1);
    }

    private static JobOptions called(JobOptions options) {
        return options.onSuccess(Callback.of("fleet.succeeded")).onFailure(Callback.of("fleet.failed"));
    }
}
