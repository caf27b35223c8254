package dev.simul.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobRequest;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.SimulJob;
import dev.simul.jobs.Spread;
import dev.simul.jobs.Worker;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One hot queue on one, two and three servers: {@code benchmarks/run servers}, the figures of docs/scale.md. */
public final class ServerCounts {
    private static final int JOBS = 60_000;
    private static final int BATCH = 5_000;
    private static final int CONCURRENCY = 100;
    private static final int TURNS = 3;

    private ServerCounts() {}

    @SimulJob("benchmarks.nothing")
    static void nothing() {}

    /** What one turn took. */
    private record Turn(double jobsPerSecond, double redisMicros, double workerMicros) {}

    public static void main(String[] args) throws Exception {
        var begun = new ArrayList<EmbeddedRedis>();
        try {
            for (int servers = 1; servers <= 3; servers++) {
                begun.add(EmbeddedRedis.start());
                var best = new Turn(0, 0, 0);
                for (int turn = 0; turn < TURNS; turn++) {
                    var next = turn(begun);
                    best = next.jobsPerSecond() > best.jobsPerSecond() ? next : best;
                }
                System.out.printf(
                        Locale.ROOT,
                        "{\"servers\": %d, \"jobsPerSecond\": %.0f, \"redisMicrosPerJob\": %.1f,"
                                + " \"workerMicrosPerJob\": %.1f}%n",
                        servers,
                        best.jobsPerSecond(),
                        best.redisMicros(),
                        best.workerMicros());
            }
        } finally {
            begun.forEach(EmbeddedRedis::close);
        }
    }

    private static Turn turn(List<EmbeddedRedis> servers) throws Exception {
        var urls = servers.stream().map(EmbeddedRedis::url).toArray(String[]::new);
        var deployment = urls.length == 1
                ? JobSettings.of(urls[0])
                : JobSettings.urls(urls).spread(Spread.BY_JOB);
        try (var jobs = JobClient.connect(deployment)) {
            var nothing = JobRequest.of(ServerCounts::nothing);
            for (int i = 0; i < JOBS; i += BATCH) {
                jobs.queue("default").enqueueMany(Collections.nCopies(BATCH, nothing));
            }
        }
        var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long redis = redisMicros(servers);
        long worker = machine.getProcessCpuTime();
        long begin = System.nanoTime();
        Worker.on(deployment)
                .functions(ServerCounts.class)
                .concurrency(CONCURRENCY)
                .burst(true)
                .build()
                .run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        return new Turn(
                JOBS / seconds,
                (double) (redisMicros(servers) - redis) / JOBS,
                (machine.getProcessCpuTime() - worker) / 1e3 / JOBS);
    }

    private static long redisMicros(List<EmbeddedRedis> servers) throws Exception {
        long micros = 0;
        for (var server : servers) {
            micros += RedisInfo.of(server.port()).cpuMicros();
        }
        return micros;
    }
}
