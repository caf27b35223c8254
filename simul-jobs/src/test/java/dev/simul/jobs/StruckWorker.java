package dev.simul.jobs;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.jobs.CommandCutter.Ending;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A worker in a JVM of its own, to which something happens at one of its commands.
 *
 * <p>It has a Redis for itself. The next JVM starts while the last one's jobs are looked after.
 */
final class StruckWorker implements AutoCloseable {
    /** What may be left: jobs and where they stand, and what expires by itself. */
    private static final String EXPECTED =
            "rq:(queues|groups|(finished|failed):(default|other)|(job|results):[a-z]+|job::child:dependencies|group:team"
                    + "|clean_groups|worker:(victim|survivor))|simul:rq:(limits:default|paused:third|starts:default|unique:default:id:unique)";

    /** What workers write about themselves. */
    private static final String OF_WORKERS = "rq:(worker|clean_).*|simul:rq:(alive|workers):.*";

    private final Path folder;
    private final EmbeddedRedis redis = EmbeddedRedis.start();
    private final RedisClient client = RedisClient.create(redis.url());
    private final RedisCommands<String, String> raw = client.connect().sync();
    private Process next = child();

    /**
     * Starts its Redis.
     *
     * @param folder where jobs may leave their marks
     */
    StruckWorker(Path folder) throws IOException {
        this.folder = folder;
        try (var jobs = JobClient.connect(redis.url())) {
            JobsAtStake.mark(jobs.queue("default"), folder, "warm"); // Redis knows the scripts after that
            survive("survivor");
        }
    }

    /** Waits for the address of its Redis. */
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

    private static Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
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

    String url() {
        return redis.url();
    }

    /** What comes after the death. */
    interface Aftermath {
        void at(KillPoint point, String what) throws Exception;
    }

    @Nullable
    String kill(JobsAtStake stake, KillPoint point, Predicate<String> counts) throws Exception {
        return kill(stake, point, counts, this::settle);
    }

    /**
     * Lets it run the jobs and die there.
     *
     * @param counts which commands count, by their text
     * @param aftermath brings what it has left to an end
     * @return its last command; null if it has come to its end before
     */
    @Nullable
    String kill(JobsAtStake stake, KillPoint point, Predicate<String> counts, Aftermath aftermath) throws Exception {
        raw.flushall();
        var dir = Files.createTempDirectory(folder, "marks");
        try (var jobs = JobClient.connect(redis.url());
                var cutter = new CommandCutter(redis, point.command(), point.side(), counts, Ending.FOR_GOOD)) {
            stake.enqueue().accept(jobs, dir);
            var victim = next;
            cutter.atTheEnd(() -> victim.destroyForcibly().onExit().join());
            live(victim, cutter);
            var what = stake + " " + point + ": " + cutter.last();
            if (cutter.last() == null) {
                assertThat(victim.exitValue()).as(what).isZero();
            }
            aftermath.at(point, what);
            audit(jobs, stake, dir, cutter.last() == null ? 0 : 1, what);
            return cutter.last();
        }
    }

    /**
     * Lets it run the jobs, stand still there until others have done all there is to do, and go on.
     *
     * @param counts which commands count, by their text
     * @return the command; null if it has come to its end before
     */
    @Nullable
    String pause(JobsAtStake stake, KillPoint point, Predicate<String> counts) throws Exception {
        raw.flushall();
        var dir = Files.createTempDirectory(folder, "marks");
        try (var jobs = JobClient.connect(redis.url());
                var cutter = new CommandCutter(redis, point.command(), point.side(), counts, Ending.PAUSE)) {
            stake.enqueue().accept(jobs, dir);
            var victim = next;
            var doneByOthers = new CompletableFuture<Map<String, String>>();
            cutter.atTheEnd(() -> {
                try {
                    doneByOthers.complete(standStill(victim, point, stake + " " + point + ": " + cutter.last()));
                } catch (Exception | AssertionError e) {
                    doneByOthers.completeExceptionally(e);
                    victim.destroyForcibly();
                }
            });
            live(victim, cutter);
            var what = stake + " " + point + ": " + cutter.last();
            if (cutter.last() == null) {
                settle(point, what);
            } else {
                var done = doneByOthers.get();
                assertThat(victim.exitValue()).as(what).isZero();
                assertThat(jobsAsTheyAre()).as(what).isEqualTo(done);
                assertThat(leftovers()).as(what).isEmpty();
                assertThat(raw.ttl("rq:worker:victim")).as(what).isBetween(1L, 60L); // it has said good-bye
            }
            audit(jobs, stake, dir, cutter.last() == null ? 0 : 1, what);
            return cutter.last();
        }
    }

    /** Returns what others have made of the jobs in the meantime. */
    private Map<String, String> standStill(Process victim, KillPoint point, String what) throws Exception {
        Signal.STOP.to(victim.pid());
        settle(point, what);
        var done = jobsAsTheyAre();
        Signal.CONT.to(victim.pid());
        return done;
    }

    /** Lets it work until its end. */
    private void live(Process victim, CommandCutter cutter) throws Exception {
        try (var in = victim.getOutputStream()) {
            in.write(cutter.url().getBytes(StandardCharsets.UTF_8));
        }
        next = child();
        assertThat(victim.waitFor(60, SECONDS)).as("%s ends", victim).isTrue();
    }

    /** Lets others work until nothing is under way or left behind, as fast as if all times had passed. */
    private void settle(KillPoint point, String what) {
        // under its own name it knows at once what is its, under another when the lease has run out
        var name = point.command() % 2 == 0 ? "victim" : "survivor";
        long end = System.nanoTime() + SECONDS.toNanos(30);
        do {
            assertThat(System.nanoTime()).as("%s leaves %s", what, leftovers()).isLessThan(end);
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
    void letPythonWork(PythonRq python) throws Exception {
        raw.del("rq:clean_registries:default", "rq:clean_registries:other"); // whoever died in there has 120 s
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

    private void survive(String name) {
        try {
            worker(redis.url(), name).scheduler(true).build().run();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each key that is about jobs, with all that it holds and whether it is to expire. */
    private Map<String, String> jobsAsTheyAre() {
        return raw.keys("*").stream()
                .filter(key -> !key.matches(OF_WORKERS))
                .collect(Collectors.toMap(key -> key, key -> content(key) + (raw.ttl(key) < 0 ? "" : " expires")));
    }

    private String content(String key) {
        return switch (raw.type(key)) {
            case "hash" -> new TreeMap<>(raw.hgetall(key)).toString(); // Redis may put it into another order
            case "set" -> new TreeSet<>(raw.smembers(key)).toString();
            default -> new String(raw.dump(key), StandardCharsets.ISO_8859_1);
        };
    }

    private List<String> leftovers() {
        return raw.keys("*").stream()
                .filter(key -> !key.matches(EXPECTED))
                .sorted()
                .toList();
    }

    private void audit(JobClient jobs, JobsAtStake stake, Path dir, int kills, String what) throws IOException {
        for (var entry : stake.fates().entrySet()) {
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
                assertThat(places).as(what).isEqualTo(Map.of(fate.end().name().toLowerCase(Locale.ROOT), 1L));
            }
            assertThat(raw.xlen("rq:results:" + id)).as(what).isEqualTo(fate.results());
            assertThat(Marks.count(dir.resolve(id))).as(what).isBetween((long) fate.runs(), (long) fate.runs() + kills);
        }
    }

    @Override
    public void close() {
        next.destroyForcibly();
        client.shutdown(0, 1, SECONDS);
        redis.close();
    }
}
