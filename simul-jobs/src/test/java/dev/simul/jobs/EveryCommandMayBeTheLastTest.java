package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A real worker is killed at each command that it sends while it runs a job, before Redis gets it and after.
 *
 * <p>Whatever the moment, another worker brings the job to the end that it would have had, once, and nothing is left
 * behind. {@code -Dsimul.killpoints=all} adds the variants that take long, and counts the commands of the start in each.
 */
class EveryCommandMayBeTheLastTest {
    private static final boolean ALL = "all".equals(System.getProperty("simul.killpoints"));
    private static final int LANES = 2;

    /** What may be left: jobs and where they stand, and what expires by itself. */
    private static final String EXPECTED =
            "rq:(queues|groups|(finished|failed):(default|other)|(job|results):[a-z]+|job::child:dependencies|group:team"
                    + "|clean_groups|worker:(victim|survivor))|simul:rq:(limits:default|paused:third|starts:default|unique:default:id:unique)";

    private static final List<Lane> lanes = new ArrayList<>();

    @TempDir
    private static Path folder;

    /**
     * What is to be true of a job in the end.
     *
     * @param end null if nothing of it is kept
     * @param runs how often its function is called if nobody dies
     * @param results how many entries its results have
     */
    private record Fate(@Nullable JobStatus end, int runs, int results) {}

    private static final Fate FINISHED = new Fate(JobStatus.FINISHED, 1, 1);

    /**
     * Something to run.
     *
     * @param enqueue puts jobs into Redis whose functions leave their marks in a file in this folder, named as the job
     */
    record Variant(String name, BiConsumer<JobClient, Path> enqueue, Map<String, Fate> fates) {

        /** Whether a worker's command counts: its start and its end are the same for all. */
        boolean counts(String command) {
            return CommandCutter.COUNTS.test(command)
                    && (ALL
                            || isPlain()
                            || takes(command)
                            || fates.keySet().stream().anyMatch(command::contains));
        }

        boolean isPlain() {
            return fates.containsKey("plain");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** Whether it is a reservation, the only script that looks whether all workers are to pause. */
    private static boolean takes(String command) {
        return command.startsWith("EVALSHA") && command.contains("rq:suspended");
    }

    static Stream<Variant> variants() {
        var always = Stream.of(
                new Variant(
                        "a plain job",
                        (jobs, dir) -> mark(jobs.queue("default"), dir, "plain"),
                        Map.of("plain", FINISHED)),
                new Variant(
                        "a job that fails and is tried again later",
                        (jobs, dir) -> jobs.queue("default")
                                .with(o -> o.id("fails").retry(Retry.of(1, Duration.ofSeconds(60))))
                                .enqueue(Marks::fail, dir.resolve("fails").toString()),
                        Map.of("fails", new Fate(JobStatus.FAILED, 2, 1))),
                new Variant(
                        "a job whose result is not kept, with a dependent on another queue",
                        (jobs, dir) -> {
                            mark(jobs.queue("default").with(o -> o.resultTtl(Duration.ZERO)), dir, "parent");
                            mark(jobs.queue("other").with(o -> o.after("parent")), dir, "child");
                        },
                        Map.of("parent", new Fate(null, 1, 0), "child", FINISHED)),
                new Variant(
                        "a repeated job of a group with a success callback",
                        (jobs, dir) -> mark(
                                jobs.queue("default")
                                        .with(o -> o.group("team")
                                                .repeat(Repeat.of(1, Duration.ofSeconds(60)))
                                                .onSuccess(Callback.of("marks.told"))),
                                dir,
                                "told"),
                        Map.of("told", new Fate(JobStatus.FINISHED, 2, 2))));
        var sometimes = Stream.of(
                new Variant(
                        "a job that returns a Retry",
                        (jobs, dir) -> jobs.queue("default")
                                .with(o -> o.id("returns"))
                                .enqueue(Marks::again, dir.resolve("returns").toString()),
                        Map.of("returns", new Fate(JobStatus.FAILED, 2, 2))),
                new Variant(
                        "a unique job",
                        (jobs, dir) -> mark(jobs.queue("default").with(o -> o.uniqueWhilePending()), dir, "unique"),
                        Map.of("unique", FINISHED)),
                new Variant(
                        "jobs of a queue with limits beside a paused one",
                        (jobs, dir) -> {
                            jobs.queue("default").limits(QueueLimits.concurrency(1));
                            jobs.queue("third").pause();
                            mark(jobs.queue("default"), dir, "first");
                            mark(jobs.queue("default"), dir, "second");
                        },
                        Map.of("first", FINISHED, "second", FINISHED)),
                new Variant(
                        "a job that fails",
                        (jobs, dir) -> jobs.queue("default")
                                .with(o -> o.id("fails"))
                                .enqueue(Marks::fail, dir.resolve("fails").toString()),
                        Map.of("fails", new Fate(JobStatus.FAILED, 1, 1))),
                new Variant(
                        "a job that saves its meta and shows its progress",
                        (jobs, dir) -> jobs.queue("default")
                                .with(o -> o.id("shows"))
                                .enqueue(Marks::progress, dir.resolve("shows").toString()),
                        Map.of("shows", FINISHED)),
                new Variant(
                        "jobs of two queues",
                        (jobs, dir) -> {
                            mark(jobs.queue("default"), dir, "here");
                            mark(jobs.queue("other"), dir, "there");
                        },
                        Map.of("here", FINISHED, "there", FINISHED)),
                new Variant(
                        "a job in a process of its own",
                        (jobs, dir) -> jobs.queue("default")
                                .with(o -> o.id("apart"))
                                .enqueue(Marks::apart, dir.resolve("apart").toString()),
                        Map.of("apart", FINISHED)));
        return ALL ? Stream.concat(always, sometimes) : always;
    }

    private static void mark(JobQueue queue, Path dir, String id) {
        queue.with(o -> o.id(id)).enqueue(Marks::mark, dir.resolve(id).toString());
    }

    @BeforeAll
    static void start() throws Exception {
        for (int i = 0; i < LANES; i++) {
            lanes.add(new Lane());
        }
    }

    @AfterAll
    static void stop() {
        lanes.forEach(Lane::close);
        lanes.clear();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void anotherWorkerBringsTheJobToItsEndOnce(Variant variant) throws Exception {
        var firstReservation = new AtomicInteger(Integer.MAX_VALUE);
        int commands = KillPoint.tryAll(
                () -> firstReservation.get() - 1,
                lanes.stream()
                        .map(lane -> (KillPoint.Trial) point -> {
                            var last = lane.kill(variant, point);
                            if (last != null && takes(last)) {
                                firstReservation.accumulateAndGet(point.command(), Math::min);
                            }
                            return last != null;
                        })
                        .toList());
        assertThat(commands).as("commands of %s", variant).isGreaterThanOrEqualTo(3);
    }

    @Test
    void pythonsWorkerBringsTheJobToItsEndOnce() throws Exception {
        var lane = lanes.getFirst();
        var python = PythonRq.install("2.12.0", lane.redis.url());
        var variant = new Variant(
                "a job with an attempt left",
                (jobs, _) -> jobs.queue("default")
                        .with(o -> o.id("tried").retry(Retry.of(1)))
                        .enqueue(Sums::add, 1, 2),
                Map.of("tried", new Fate(JobStatus.FINISHED, 0, 1))); // it leaves no marks
        int commands = KillPoint.tryAll(
                () -> 0, List.of(point -> lane.kill(variant, point, (_, _) -> lane.letPythonWork(python)) != null));
        assertThat(commands).isGreaterThanOrEqualTo(3);
    }

    /** A worker in a JVM of its own, which waits for the address of its Redis. */
    static final class Child {
        public static void main(String[] args) throws Exception {
            var url = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
            worker(url, "victim").rescueAfter(Duration.ofMinutes(1)).build().run(); // seldom beats in between
        }
    }

    private static Worker.Builder worker(String url, String name) {
        return Worker.on(url)
                .queues("default", "other")
                .functions(Marks.class, Sums.class)
                .name(name)
                .burst(true)
                .rescueAfter(Duration.ofSeconds(1));
    }

    /** A Redis, and the next child, which starts while the last one's jobs are looked after. */
    private static final class Lane implements AutoCloseable {
        private final EmbeddedRedis redis = EmbeddedRedis.start();
        private final RedisClient client = RedisClient.create(redis.url());
        private final RedisCommands<String, String> raw = client.connect().sync();
        private Process next = child();

        Lane() throws IOException {
            try (var jobs = JobClient.connect(redis.url())) {
                mark(jobs.queue("default"), folder, "warm"); // Redis knows the scripts after that
                survive("survivor");
            }
        }

        private static Process child() throws IOException {
            return new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xshare:auto",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Child.class.getName())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        private void survive(String name) {
            try {
                worker(redis.url(), name).scheduler(true).build().run();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** What comes after the death. */
        interface Aftermath {
            void at(KillPoint point, String what) throws Exception;
        }

        @Nullable
        String kill(Variant variant, KillPoint point) throws Exception {
            return kill(variant, point, this::settle);
        }

        /**
         * Lets a worker run the variant and die there.
         *
         * @param aftermath brings what it has left to an end
         * @return its last command; null if it has come to its end before
         */
        @Nullable
        String kill(Variant variant, KillPoint point, Aftermath aftermath) throws Exception {
            raw.flushall();
            var dir = Files.createTempDirectory(folder, "marks");
            try (var jobs = JobClient.connect(redis.url())) {
                variant.enqueue().accept(jobs, dir);
                var victim = next;
                try (var cutter = new CommandCutter(redis, point.command(), point.side(), variant::counts, true)) {
                    cutter.atTheEnd(() -> victim.destroyForcibly().onExit().join());
                    try (var in = victim.getOutputStream()) {
                        in.write(cutter.url().getBytes(StandardCharsets.UTF_8));
                    }
                    next = child();
                    assertThat(victim.waitFor(60, SECONDS))
                            .as("%s ends", victim)
                            .isTrue();
                    var what = variant + " " + point + ": " + cutter.last();
                    if (cutter.last() == null) {
                        assertThat(victim.exitValue()).as(what).isZero();
                    }
                    aftermath.at(point, what);
                    audit(jobs, variant, dir, cutter.last() == null ? 0 : 1, what);
                    return cutter.last();
                }
            }
        }

        /** Lets others work until nothing is under way or left behind, as fast as if all times had passed. */
        private void settle(KillPoint point, String what) {
            // under its own name it knows at once what is its, under another when the lease has run out
            var name = point.command() % 2 == 0 ? "victim" : "survivor";
            long end = System.nanoTime() + SECONDS.toNanos(30);
            do {
                assertThat(System.nanoTime())
                        .as("%s leaves %s", what, leftovers())
                        .isLessThan(end);
                raw.del("simul:rq:alive:victim", "rq:clean_registries:default", "rq:clean_registries:other");
                for (var queue : List.of("default", "other")) {
                    if (raw.zscore("simul:rq:workers:" + queue, "victim") != null) {
                        raw.zadd("simul:rq:workers:" + queue, 1, "victim");
                    }
                    raw.zrange("rq:scheduled:" + queue, 0, -1).forEach(id -> raw.zadd("rq:scheduled:" + queue, 1, id));
                }
                if (raw.keys("rq:wip:*").isEmpty()) {
                    raw.del("rq:worker:victim", "rq:worker:victim:executions"); // expire in the end
                }
                survive(name);
            } while (!leftovers().isEmpty());
        }

        /** The same with a worker of rq, whose rule needs a minute and a half otherwise. */
        private void letPythonWork(PythonRq python) throws Exception {
            raw.del("rq:clean_registries:default");
            raw.zrange("rq:wip:default", 0, -1).forEach(member -> raw.zadd("rq:wip:default", 1, member));
            python.rqJson("worker", "--burst", "default");
            for (var key : raw.keys("rq:execution*")) { // rq leaves them to expire
                assertThat(raw.ttl(key)).as(key).isPositive();
                raw.del(key);
            }
            raw.keys("rq:worker*").forEach(raw::del); // expire too
            raw.keys("simul:rq:*").forEach(raw::del); // are for workers of ours
            assertThat(leftovers()).isEmpty();
        }

        private List<String> leftovers() {
            return raw.keys("*").stream()
                    .filter(key -> !key.matches(EXPECTED))
                    .sorted()
                    .toList();
        }

        private void audit(JobClient jobs, Variant variant, Path dir, int kills, String what) throws IOException {
            for (var entry : variant.fates().entrySet()) {
                var id = entry.getKey();
                var fate = entry.getValue();
                var places = new TreeMap<String, Long>();
                for (var registry : List.of("finished", "failed")) {
                    for (var queue : List.of("default", "other")) {
                        if (raw.zscore("rq:" + registry + ":" + queue, id) != null) {
                            places.merge(registry, 1L, Long::sum);
                        }
                    }
                }
                if (fate.end() == null) {
                    assertThat(raw.exists("rq:job:" + id)).as(what).isZero();
                    assertThat(places).as(what).isEmpty();
                } else {
                    assertThat(jobs.info(id).orElseThrow().status()).as(what).isEqualTo(fate.end());
                    assertThat(places)
                            .as(what)
                            .isEqualTo(Map.of(fate.end().name().toLowerCase(Locale.ROOT), 1L));
                }
                assertThat(raw.xlen("rq:results:" + id)).as(what).isEqualTo(fate.results());
                assertThat(Marks.count(dir.resolve(id)))
                        .as(what)
                        .isBetween((long) fate.runs(), (long) fate.runs() + kills);
            }
        }

        @Override
        public void close() {
            next.destroyForcibly();
            client.shutdown(0, 1, SECONDS);
            redis.close();
        }
    }
}
