package dev.simul.benchmarks.chaos;

import dev.simul.benchmarks.chaos.ChaosPlan.Fault;
import dev.simul.benchmarks.chaos.ChaosPlan.Work;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobOptions;
import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.Retry;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Three workers, two of them with a scheduler, that do what a plan says while its faults strike.
 *
 * <p>A fault strikes when its share of the jobs has ended, not at a time, so a slow machine has the same story as a fast one.
 */
final class Chaos {
    private static final int WORKERS = 3;
    private static final Duration PAUSE = Duration.ofSeconds(9);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int POISONED = 100;

    private final ChaosPlan plan;
    private final Path folder;
    private final ChaosRedis redis;
    private final EmbeddedRedis ledger;
    private final RedisClient client;
    private final RedisCommands<String, String> raw;
    private final JobClient jobs;
    private final List<ChaosWorker> workers = new ArrayList<>();
    private final List<Double> recoveries = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<Void>> recovering = new ArrayList<>();
    private final Map<Fault, Integer> struck = new EnumMap<>(Fault.class);
    private final SplittableRandom random;
    private final Consumer<String> say;
    private final long begin = System.nanoTime();
    private int born;

    private Chaos(ChaosPlan plan, Path folder, Consumer<String> say) throws IOException {
        this.plan = plan;
        this.say = say;
        this.folder = folder;
        this.random = new SplittableRandom(plan.seed());
        this.redis = new ChaosRedis(folder.resolve("redis"));
        this.ledger = EmbeddedRedis.start();
        this.client = RedisClient.create(redis.url());
        this.raw = client.connect().sync();
        this.jobs = JobClient.connect(redis.url());
    }

    /** Runs it; the folder is for logs and Redis, progress goes to {@code say}. */
    static ChaosReport run(ChaosPlan plan, Path folder, Consumer<String> say) throws Exception {
        var chaos = new Chaos(plan, folder, say);
        try {
            return chaos.run();
        } finally {
            for (var worker : chaos.workers) {
                worker.kill();
            }
            chaos.jobs.close();
            chaos.client.shutdown();
            chaos.ledger.close();
            chaos.redis.close();
        }
    }

    private ChaosReport run() throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            workers.add(start(i > 0));
        }
        var enqueued = CompletableFuture.runAsync(this::enqueue);
        for (int i = 0; i < plan.faults().size(); i++) {
            awaitEnded((i + 1) * plan.jobs().size() / (plan.faults().size() + 2));
            if (enqueued.isCompletedExceptionally()) {
                break; // join says why
            }
            strike(plan.faults().get(i));
        }
        enqueued.join();
        awaitEnded(plan.jobs().size());
        double seconds = seconds();
        for (var worker : workers) {
            worker.signal("TERM");
        }
        for (var worker : workers) {
            worker.process().waitFor();
        }
        return audit(seconds);
    }

    private double seconds() {
        return (System.nanoTime() - begin) / 1e9;
    }

    private ChaosWorker start(boolean scheduler) throws IOException {
        var name = "chaos-" + born++;
        return ChaosWorker.start(name, redis.url(), ledger.url(), scheduler, folder.resolve(name + ".log"));
    }

    // ---- the jobs

    private void enqueue() {
        for (var work : plan.jobs()) {
            patiently(() -> {
                // after a lost answer the job may be there already, and enqueueing it again would run it twice
                if (jobs.job(work.id(), Integer.class).isEmpty()) {
                    jobs.queue("default")
                            .with(o -> options(work, o))
                            .enqueue(ChaosTasks::work, work.id(), work.millis(), work.failures());
                }
                return true;
            });
        }
    }

    private static JobOptions options(Work work, JobOptions options) {
        var chosen = options.id(work.id()).resultTtl(Duration.ofDays(1)).timeout(Duration.ofMinutes(1));
        if (work.retries() > 0) {
            chosen = chosen.retry(Retry.of(work.retries(), work.retryPause()));
        }
        if (!work.parents().isEmpty()) {
            chosen = chosen.after(work.parents()).allowFailure(true);
        }
        return work.delay().isZero() ? chosen : chosen.in(work.delay());
    }

    // ---- the faults

    private void strike(Fault fault) throws Exception {
        struck.merge(fault, 1, Integer::sum);
        say.accept(String.format(Locale.ROOT, "%.1f s, %d ended: %s", seconds(), patiently(this::ended), fault));
        int victim = random.nextInt(workers.size());
        switch (fault) {
            case KILL -> {
                var worker = workers.get(victim);
                var held = held(worker);
                worker.kill();
                timeRecovery(held);
                workers.set(victim, start(victim > 0));
            }
            case PAUSE -> {
                var worker = workers.get(victim);
                var held = held(worker);
                worker.signal("STOP");
                timeRecovery(held);
                Thread.sleep(PAUSE);
                worker.signal("CONT");
            }
            case REDIS -> redis.killAndRestart();
            case CUT -> patiently(() -> raw.clientKill(KillArgs.Builder.typeNormal()));
            case FLOOD -> flood();
        }
    }

    /** The executions that the worker holds. */
    private Collection<String> held(ChaosWorker worker) {
        return patiently(() -> {
            var held = new ArrayList<String>();
            for (var member : raw.zrange("rq:wip:default", 0, -1)) {
                if (worker.name().equals(raw.hget("rq:execution:" + member, "worker_name"))) {
                    held.add(member);
                }
            }
            return held;
        });
    }

    private void timeRecovery(Collection<String> held) {
        long begin = System.nanoTime();
        recovering.add(CompletableFuture.runAsync(() -> {
            for (var member : held) {
                while (patiently(() -> raw.zscore("rq:wip:default", member)) != null) {
                    rest();
                    if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                        throw new IllegalStateException(member + " is still held by a worker that is gone");
                    }
                }
            }
            recoveries.add((System.nanoTime() - begin) / 1e9);
        }));
    }

    /** Ids whose hashes no program should have written, among the others. */
    private void flood() {
        for (int i = 0; i < POISONED; i++) {
            var id = "bad-" + struck.get(Fault.FLOOD) + "-" + i;
            var fields = Map.of("data", poison(), "origin", "default", "status", "queued", "timeout", poison());
            patiently(() -> {
                raw.del("rq:job:" + id);
                if (random.nextInt(8) == 0) {
                    raw.rpush("rq:job:" + id, "not a hash");
                } else {
                    raw.hset("rq:job:" + id, fields);
                }
                return raw.lpush("rq:queue:default", id);
            });
        }
    }

    private String poison() {
        var choice = List.of("", "null", "[]", "-", "1e9", "[\"chaos.work\", null, [], {}]", "\u0000\u0001", "\u8080.");
        return choice.get(random.nextInt(choice.size()));
    }

    // ---- watching

    /** Until so many jobs have ended. */
    private void awaitEnded(int count) {
        long seen = -1;
        long since = System.nanoTime();
        while (true) {
            long ended = patiently(this::ended);
            if (ended >= count) {
                return;
            }
            if (ended > seen) {
                seen = ended;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE.toNanos()) {
                say.accept(
                        "no job has ended for " + PATIENCE.toSeconds() + " s, " + ended + " of " + count + " are done");
                return; // the audit names those that are missing
            }
            rest();
        }
    }

    private long ended() {
        long failed = raw.zrange("rq:failed:default", 0, -1).stream()
                .filter(id -> !id.startsWith("bad-"))
                .count();
        return raw.zcard("rq:finished:default") + failed;
    }

    private static void rest() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Does it again until Redis is there. */
    private static <T> T patiently(Supplier<T> command) {
        long begin = System.nanoTime();
        while (true) {
            try {
                return command.get();
            } catch (RedisException | RedisUnavailableException e) {
                if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                    throw e;
                }
                rest();
            }
        }
    }

    private ChaosReport audit(double seconds) {
        recovering.forEach(CompletableFuture::join);
        var audit = new ChaosAudit(raw);
        plan.jobs().forEach(audit::check);
        long runs = 0;
        try (var books = RedisClient.create(ledger.url())) {
            var counts = books.connect().sync();
            for (var id : counts.keys("job-*")) {
                runs += Long.parseLong(counts.get(id));
            }
        }
        long planned = plan.jobs().stream()
                .mapToLong(work -> 1 + Math.min(work.failures(), work.retries()))
                .sum();
        return new ChaosReport(
                plan.jobs().size(),
                audit.finished,
                audit.failed,
                audit.lost,
                audit.finishedTwice,
                runs,
                planned,
                recoveries.stream().mapToDouble(second -> second).max().orElse(0),
                seconds,
                struck);
    }
}
