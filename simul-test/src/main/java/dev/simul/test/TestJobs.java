package dev.simul.test;

import dev.simul.jobs.Job;
import dev.simul.jobs.JobClient;
import dev.simul.jobs.JobQueue;
import dev.simul.jobs.JobRegistry;
import dev.simul.jobs.JobSettings;
import dev.simul.jobs.QueueInfo;
import dev.simul.jobs.Worker;
import dev.simul.jobs.WorkerTally;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The queues of one test method, and the worker that runs what is in them when it is told to. */
@SuppressWarnings("exports") // whoever uses this has simul-jobs
public final class TestJobs implements AutoCloseable {
    private final JobSettings settings;
    private final List<Class<?>> functions;
    private final JobClient client;
    private final boolean inline;
    private final Map<Scheduled, Duration> firstSeen = new HashMap<>(); // how far ahead we were when it was scheduled
    private Duration ahead = Duration.ZERO;

    /** A job that waits for a time by the clock. */
    private record Scheduled(String queue, String id, Instant time) {}

    private TestJobs(JobSettings settings, List<Class<?>> functions, JobClient client, boolean inline) {
        this.settings = settings;
        this.functions = functions;
        this.client = client;
        this.inline = inline;
    }

    static TestJobs inline(List<Class<?>> functions) {
        var client = JobClient.inline(functions.toArray(Class<?>[]::new));
        return new TestJobs(JobSettings.of("redis://inline"), functions, client, true);
    }

    static TestJobs on(JobSettings settings, List<Class<?>> functions) {
        return new TestJobs(settings, functions, JobClient.connect(settings), false);
    }

    /**
     * Where the queues are, for code under test that connects by itself.
     *
     * @throws IllegalStateException inline, where they are nowhere
     */
    public JobSettings settings() {
        if (inline) {
            throw new IllegalStateException(
                    "inline there is no Redis to connect to: use @JobsTest on a Redis (mode BURST), or hand client() to the"
                            + " code under test");
        }
        return settings;
    }

    /** A client, closed after the test. */
    public JobClient client() {
        return client;
    }

    /** The queue {@code default}. */
    public JobQueue queue() {
        return queue("default");
    }

    /** The queue of that name. */
    public JobQueue queue(String name) {
        return client.queue(name);
    }

    /**
     * Runs, in this thread, every job that waits in any queue, and those that these enqueue, until all queues are empty.
     * Jobs that wait for a time go on waiting, see {@link #runDue}. Inline there is nothing left to do.
     *
     * @return how many attempts ended well, and how many did not
     * @throws InterruptedException if the test is interrupted
     */
    public WorkerTally runAll() throws InterruptedException {
        long finished = 0;
        long failed = 0;
        while (!inline) {
            var queues = client.queues().stream()
                    .filter(queue -> queue.queued() > 0)
                    .map(QueueInfo::name)
                    .toArray(String[]::new);
            if (queues.length == 0) {
                break;
            }
            var tally = Worker.on(settings)
                    .queues(queues)
                    .functions(functions.toArray(Class<?>[]::new))
                    .burst(true)
                    .build()
                    .run();
            finished += tally.finished();
            failed += tally.failed();
        }
        return new WorkerTally(finished, failed);
    }

    /**
     * Lets time pass for the jobs, without waiting for it: runs what waits in any queue, then, in the order of their times,
     * those that become due, such as further attempts after a pause.
     *
     * @param time how long, not negative
     * @return how many attempts ended well, and how many did not
     * @throws InterruptedException if the test is interrupted
     */
    public WorkerTally runDue(Duration time) throws InterruptedException {
        if (inline) {
            return client.runDue(time);
        }
        if (time.isNegative()) {
            throw new IllegalArgumentException("runDue needs a time that is not negative, was " + time);
        }
        var end = Instant.now().plus(ahead).plus(time);
        var tally = runAll();
        for (var next = nextUntil(end); next.isPresent(); next = nextUntil(end)) {
            advance(due(next.get()));
            firstSeen.remove(next.get()); // it may come back with the same time by the clock
            client.job(next.get().id()).ifPresent(Job::enqueueNow);
            var more = runAll();
            tally = new WorkerTally(tally.finished() + more.finished(), tally.failed() + more.failed());
        }
        advance(end);
        return tally;
    }

    private Optional<Scheduled> nextUntil(Instant end) {
        var waiting = new ArrayList<Scheduled>();
        for (var queue : client.queues()) {
            var registry = client.queue(queue.name()).registry(JobRegistry.Kind.SCHEDULED);
            for (var id : registry.ids()) {
                registry.expiresAt(id).ifPresent(time -> waiting.add(new Scheduled(queue.name(), id, time)));
            }
        }
        waiting.forEach(job -> firstSeen.putIfAbsent(job, ahead));
        return waiting.stream().min(Comparator.comparing(this::due)).filter(job -> !due(job).isAfter(end));
    }

    /** When it is due in the test's time. */
    private Instant due(Scheduled job) {
        return job.time().plus(firstSeen.getOrDefault(job, ahead));
    }

    private void advance(Instant to) {
        var needed = Duration.between(Instant.now(), to);
        ahead = needed.compareTo(ahead) > 0 ? needed : ahead;
    }

    @Override
    public void close() {
        client.close();
    }
}
