package dev.simul.cli.compare;

import dev.simul.jobs.EmbeddedRedis;
import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobStatus;
import dev.simul.jobs.RedisUnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two worker processes on a Redis queue.
 *
 * <p>A worker that dies takes the units that it was running with it, and the other one does the rest; a Redis that dies
 * ends the way.
 */
final class JobsWay implements Way {
    private static final int WORKERS = 2;
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration LONGEST_UNIT = Duration.ofHours(12);
    private static final long LOOK_MILLIS = 250;

    private final String work;
    private final int concurrency;
    private final Optional<String> givenUrl;
    private final String name = "simul-compare-" + UUID.randomUUID();
    private final List<ChildJvm> workers = new ArrayList<>();
    private final Set<ChildJvm> dead = new HashSet<>();
    private @Nullable EmbeddedRedis redis;
    private @Nullable JobClient client;
    private int slots;

    JobsWay(Settings settings) {
        this.work = settings.work().text();
        this.concurrency = settings.concurrency();
        this.givenUrl = settings.redisUrl();
    }

    @Override
    public void open(List<String> units) throws Exception {
        if (givenUrl.isEmpty()) {
            redis = EmbeddedRedis.start();
        }
        var url = redis == null ? givenUrl.orElseThrow() : redis.url();
        slots = (Math.min(concurrency, units.size()) + WORKERS - 1) / WORKERS;
        for (int i = 1; i <= WORKERS; i++) {
            workers.add(UnitWorker.start(url, name + "-" + i, slots, name, name + "-" + i));
        }
        client = JobClient.connect(url); // after the workers were started, who take as long
        var practice = new ArrayList<Job<String>>();
        for (var worker : workers) {
            practice.add(queue(worker.awaitReady()).enqueue(RemoteUnit::practise, work, units.getFirst()));
        }
        for (var job : practice) {
            job.await();
        }
    }

    @Override
    public void run(List<String> units, Recorder recorder) throws Exception {
        try {
            runJobs(units, recorder);
        } catch (RedisUnavailableException e) {
            requireServer(); // which says more
            throw e;
        }
    }

    private void runJobs(List<String> units, Recorder recorder) throws Exception {
        var queue = queue(name);
        long start = UnitRun.now();
        BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
        var jobs = new ArrayList<Job<String>>();
        for (int i = 0; i < units.size(); i++) {
            int unit = i;
            var job = queue.enqueue(RemoteUnit::run, work, units.get(i));
            jobs.add(job);
            job.onDone(_ -> ended.add(unit));
        }
        while (recorder.pending() > 0) {
            var unit = ended.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            if (unit != null) {
                recorder.note(unit, outcome(jobs.get(unit), start));
            } else {
                requireRedis();
            }
            buryWorkers(jobs, start, recorder);
        }
    }

    private UnitRun outcome(Job<String> job, long start) throws Exception {
        try {
            return UnitRun.decode(job.await());
        } catch (RedisUnavailableException e) {
            requireRedis();
            return UnitRun.failed(start, e);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            return UnitRun.failed(start, e);
        }
    }

    private void requireRedis() throws IOException {
        requireServer();
        queue(name).size();
    }

    private void requireServer() throws IOException {
        if (redis != null && !redis.isRunning()) {
            throw new IOException("redis-server (process " + redis.pid() + ") ended in the middle");
        }
    }

    /** Gives up what a worker was running when it died; without any worker, everything. */
    private void buryWorkers(List<Job<String>> jobs, long start, Recorder recorder) throws Exception {
        for (var worker : workers) {
            if (worker.isAlive() || !dead.add(worker)) {
                continue;
            }
            if (dead.size() == WORKERS) {
                throw new IOException("both workers died; the last one: " + worker.death());
            }
            var workerName = worker.awaitReady();
            for (int unit = 0; unit < jobs.size(); unit++) {
                var job = jobs.get(unit);
                if (!recorder.has(unit)
                        && job.status() == JobStatus.STARTED
                        && job.worker().equals(Optional.of(workerName))) {
                    recorder.note(unit, UnitRun.failed(start, new IOException("its worker died: " + worker.death())));
                }
            }
        }
    }

    private JobQueue queue(String queueName) {
        if (client == null) {
            throw new IllegalStateException("open() first");
        }
        return client.queue(queueName)
                .with(options -> options.timeout(LONGEST_UNIT).resultTtl(KEPT).failureTtl(KEPT));
    }

    @Override
    public String setup() {
        var died = dead.isEmpty() ? "" : ", of which " + dead.size() + " died";
        return WORKERS + " worker processes, " + slots + (slots == 1 ? " unit" : " units") + " at a time each" + died;
    }

    /** Leaves nothing in a Redis that is not ours. */
    @Override
    public void abandon() {
        if (redis == null && client != null) {
            client.queue(name).delete();
            for (int i = 1; i <= WORKERS; i++) {
                client.queue(name + "-" + i).delete();
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (var worker : workers) {
            if (redis == null) {
                worker.askToStop(); // so that it signs off
            }
        }
        for (var worker : workers) {
            worker.close();
        }
        try {
            abandon();
        } catch (RedisUnavailableException _) {
            // nothing can be left in a Redis that is gone
        }
        if (client != null) {
            client.close();
        }
        if (redis != null) {
            redis.close();
        }
    }
}
