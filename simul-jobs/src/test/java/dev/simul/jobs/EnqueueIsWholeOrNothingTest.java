package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.CommandCutter.Ending;
import dev.simul.jobs.CommandCutter.Side;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A client loses its Redis at each command of an enqueue, for good or for a moment.
 *
 * <p>To Redis, for good is the same as the client's death, and outside Redis enqueueing does nothing. So the client need
 * not be a process that is killed.
 */
class EnqueueIsWholeOrNothingTest extends OnRedis {
    @TempDir
    private static Path folder;

    /** A way to enqueue, with the same outcome each time. */
    record Way(String name, Consumer<JobQueue> enqueue) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("one job", queue -> queue.with(o -> o.id("a")).enqueue(Sums::add, 1, 2)),
                new Way(
                        "many jobs",
                        queue -> queue.enqueueMany(IntStream.range(0, 5)
                                .mapToObj(i -> JobRequest.of(Sums::add, i, i)
                                        .with(o -> o.id("a" + i).atFront(i == 3)))
                                .toList())),
                new Way(
                        "a job for later",
                        queue -> queue.with(o -> o.id("a"))
                                .at(Instant.EPOCH.plusSeconds(5_000_000_000L))
                                .enqueue(Sums::noop)),
                new Way(
                        "a job after others",
                        queue -> queue.with(o -> o.id("a").after("parent", "other"))
                                .enqueue(Sums::noop)),
                new Way(
                        "a job of a group with everything",
                        queue -> queue.with(o -> o.id("a")
                                        .group("team")
                                        .retry(Retry.of(2))
                                        .repeat(Repeat.of(1))
                                        .onSuccess(Callback.of("tasks.noop"))
                                        .meta(Map.of("who", "java")))
                                .enqueue(Sums::noop)),
                new Way(
                        "a job unique by its id",
                        queue -> queue.with(o -> o.id("a").unique()).enqueue(Sums::noop)),
                new Way(
                        "a job unique by its call",
                        queue -> queue.with(o -> o.id("a").uniqueFor(Duration.ofHours(1)))
                                .enqueue(Sums::noop)),
                new Way(
                        "a job unique while it waits",
                        queue -> queue.with(o -> o.id("a").uniqueWhilePending()).enqueue(Sums::noop)),
                new Way(
                        "a job with a limit of RQ's",
                        queue -> queue.with(o -> o.id("a").rateLimit(new RateLimit("k", 1)))
                                .enqueue(Sums::noop)));
    }

    private static final Way SYNCHRONOUS = new Way(
            "a synchronous job",
            queue -> queue.with(o -> o.id("a")).synchronous(Sums.class).enqueue(Sums::add, 1, 2));

    static Stream<Way> allWays() {
        return Stream.concat(ways(), Stream.of(SYNCHRONOUS));
    }

    private JobClient connect(CommandCutter cutter, Duration patience) {
        return JobClient.connect(JobSettings.of(cutter.url()).patience(patience).allWorkersAreRq3());
    }

    /**
     * Enqueues until Redis is lost there for good.
     *
     * @return the command at which it was lost; null if there were not as many
     */
    private @Nullable String die(Runnable preparation, KillPoint point, Consumer<JobQueue> enqueue) throws IOException {
        for (var patience = Duration.ofMillis(200); ; patience = patience.multipliedBy(2)) {
            preparation.run();
            var cutter = new CommandCutter(redis, point.command(), point.side(), CommandCutter.COUNTS, Ending.FOR_GOOD);
            try (cutter;
                    var dying = connect(cutter, patience)) {
                enqueue.accept(dying.queue("default"));
                return cutter.last();
            } catch (RedisUnavailableException e) {
                if (cutter.last() != null) {
                    return cutter.last();
                } // else the machine is too slow for so little patience
            }
        }
    }

    private String prepared() {
        RedisDump.flush(redis.url());
        jobs.queue("default").with(o -> o.id("parent")).enqueue(Sums::noop);
        jobs.queue("default").with(o -> o.id("other")).enqueue(Sums::noop);
        return RedisDump.of(redis.url());
    }

    private String whole(Way way) {
        prepared();
        try (var undisturbed = JobClient.connect(JobSettings.of(redis.url()).allWorkersAreRq3())) {
            way.enqueue().accept(undisturbed.queue("default"));
        }
        return RedisDump.of(redis.url());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatADeadClientLeavesIsNothingOrWhole(Way way) throws Exception {
        var whole = whole(way);
        var nothing = prepared();
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            var last = die(this::prepared, point, way.enqueue());
            assertThat(RedisDump.of(redis.url()))
                    .as("%s, %s: %s", way, point, last)
                    .isIn(nothing, whole);
            return last != null;
        }));
        assertThat(commands).isPositive();
    }

    private static Consumer<JobQueue> synchronousMark(Path file) {
        return queue -> queue.with(o -> o.id("a").retry(Retry.of(1)))
                .synchronous(Marks.class)
                .enqueue(Marks::mark, file.toString());
    }

    @Test
    void synchronousJobOfADeadCallerIsFoundAndBroughtToItsEnd() throws Exception {
        whole(SYNCHRONOUS); // Redis knows the script now
        var file = folder.resolve("synchronous");
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            var last = die(() -> forget(file), point, synchronousMark(file));
            takeForDead();
            if (raw.keys("*").isEmpty()) {
                assertThat(point).isEqualTo(new KillPoint(1, Side.BEFORE));
            } else {
                endedOnce(file, point + ": " + last);
            }
            return last != null;
        }));
        assertThat(commands).isGreaterThanOrEqualTo(3);
    }

    @Test
    void synchronousJobOfACallerThatWasTakenForDeadEndsOnce() throws Exception {
        whole(SYNCHRONOUS);
        var file = folder.resolve("taken for dead");
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            forget(file);
            try (var cutter = new CommandCutter(
                            redis, point.command(), point.side(), CommandCutter.COUNTS, Ending.PAUSE);
                    var slow = connect(cutter, Duration.ofSeconds(30))) {
                cutter.atTheEnd(EnqueueIsWholeOrNothingTest::takeForDead);
                synchronousMark(file).accept(slow.queue("default"));
                endedOnce(file, point + ": " + cutter.last());
                return cutter.last() != null;
            }
        }));
        assertThat(commands).isGreaterThanOrEqualTo(3);
    }

    /** Lets a worker do what it does when nothing was heard of an execution for long. */
    private static void takeForDead() {
        raw.zrange("rq:wip:default", 0, -1).forEach(member -> raw.zadd("rq:wip:default", 1, member));
        work();
        raw.keys("rq:worker:*").forEach(key -> assertThat(raw.ttl(key)).isPositive());
        raw.keys("rq:worker:*").forEach(raw::del);
    }

    private static void endedOnce(Path file, String what) throws IOException {
        assertThat(raw.keys("*"))
                .as(what)
                .containsExactlyInAnyOrder("rq:job:a", "rq:results:a", "rq:finished:default", "rq:queues");
        assertThat(raw.xlen("rq:results:a")).as(what).isEqualTo(1);
        assertThat(Marks.count(file)).as(what).isBetween(1L, 2L);
    }

    private void forget(Path file) {
        RedisDump.flush(redis.url());
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("allWays")
    void whatALostConnectionSendsTwiceIsDoneOnce(Way way) throws Exception {
        var whole = whole(way);
        int commands = KillPoint.tryAll(() -> 0, List.of(point -> {
            prepared();
            try (var cutter = new CommandCutter(
                            redis, point.command(), point.side(), CommandCutter.COUNTS, Ending.ONE_CONNECTION);
                    var patient = connect(cutter, Duration.ofSeconds(30))) {
                way.enqueue().accept(patient.queue("default"));
                assertThat(RedisDump.of(redis.url()))
                        .as("%s, %s: %s", way, point, cutter.last())
                        .isEqualTo(whole);
                return cutter.last() != null;
            }
        }));
        assertThat(commands).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void batchesThatAreNotReachedAreLeftOutWhole(Side side) throws Exception {
        var requests = IntStream.range(0, 600)
                .mapToObj(i -> JobRequest.of(Sums::add, i, i))
                .toList();
        for (int at = 1; at <= 3; at++) {
            var last = die(
                    () -> RedisDump.flush(redis.url()), new KillPoint(at, side), queue -> queue.enqueueMany(requests));
            assertThat(last).isNotNull();
            int batches = side == Side.BEFORE ? at - 1 : at;
            assertThat(raw.llen("rq:queue:default")).isEqualTo(Math.min(600, 250 * batches));
            assertThat(raw.keys("rq:job:*")).hasSize(Math.min(600, 250 * batches));
        }
    }

    @Test
    void jobThatHasEndedBeforeItIsSentAgainIsNotRunAgain() throws Exception {
        record Case(Consumer<JobQueue> enqueue, JobStatus end) {}
        var file = folder.resolve("again").toString();
        var cases = List.of(
                new Case(queue -> queue.enqueue(Marks::mark, file), JobStatus.FINISHED),
                new Case(queue -> queue.enqueue(Marks::fail, file), JobStatus.FAILED),
                new Case(
                        queue -> queue.with(o -> o.retry(Retry.of(1, Duration.ofHours(1))))
                                .enqueue(Marks::fail, file),
                        JobStatus.SCHEDULED),
                new Case(
                        queue -> queue.with(o -> o.repeat(Repeat.of(1, Duration.ofHours(1))))
                                .enqueue(Marks::mark, file),
                        JobStatus.SCHEDULED));
        for (var each : cases) {
            forget(Path.of(file));
            var afterTheRun = new String[1];
            try (var cutter = new CommandCutter(redis, 1, Side.AFTER, CommandCutter.COUNTS, Ending.ONE_CONNECTION);
                    var patient = connect(cutter, Duration.ofSeconds(30))) {
                cutter.atTheEnd(() -> {
                    work();
                    afterTheRun[0] = counters();
                });
                each.enqueue().accept(patient.queue("default"));
                work();
            }
            assertThat(Marks.count(Path.of(file))).as("runs of %s", each).isEqualTo(1);
            var job = raw.keys("rq:job:*").getFirst();
            assertThat(raw.hget(job, "status")).isEqualTo(each.end().name().toLowerCase(Locale.ROOT));
            assertThat(counters()).isEqualTo(afterTheRun[0]);
        }
    }

    /** What is left of a job's attempts, and where it stands. */
    private String counters() {
        var job = raw.keys("rq:job:*").getFirst();
        return raw.hmget(job, "retries_left", "repeats_left").toString() + raw.keys("rq:*ed:default");
    }

    @Test
    void cancelledJobThatIsSentAgainStaysCancelled() throws Exception {
        try (var cutter = new CommandCutter(redis, 1, Side.AFTER, CommandCutter.COUNTS, Ending.ONE_CONNECTION);
                var patient = connect(cutter, Duration.ofSeconds(30))) {
            cutter.atTheEnd(() ->
                    jobs.job(raw.lindex("rq:queue:default", 0)).orElseThrow().cancel("test"));
            var job = patient.queue("default").enqueue(Sums::add, 1, 2);
            assertThat(job.status()).isEqualTo(JobStatus.CANCELED);
            assertThat(raw.llen("rq:queue:default")).isZero();
        }
    }

    private static void work() {
        try {
            Worker.on(redis.url()).functions(Marks.class).burst(true).build().run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
