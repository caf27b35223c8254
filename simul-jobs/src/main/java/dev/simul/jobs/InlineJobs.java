package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Ending;
import dev.simul.jobs.internal.redis.ResultWatcher;
import dev.simul.jobs.internal.worker.InlineWorker;
import dev.simul.jobs.internal.worker.InlineWorker.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a client without Redis, which run in the caller before {@code enqueue} returns.
 *
 * <p>Each call drains what it has made ready itself: its jobs, those that waited for them, further attempts. What waits
 * for a time stays until {@link #runDue} lets it pass. Nothing is held while a job runs, so jobs may enqueue more.
 */
final class InlineJobs {
    private static final String INSTEAD = "; use @JobsTest on a Redis (mode BURST), or a JobClient on an EmbeddedRedis";

    private final JobClient client;
    private final InlineWorker worker;
    private final Map<String, InlineJob> jobs = new LinkedHashMap<>(); // guarded by this, as all below
    private final Map<String, Ending> endings = new HashMap<>();
    private final Map<String, List<ResultWatcher.Listener>> watchers = new HashMap<>();
    private final Map<String, Lock> locks = new HashMap<>();
    private Duration ahead = Duration.ZERO;

    /** What keeps a second such job away; until its job has ended if there is no time. */
    private record Lock(InlineJob holder, @Nullable Instant until) {}

    /** What one call has made ready, and what came of it. */
    private static final class Round {
        private final Deque<InlineJob> ready = new ArrayDeque<>();
        private long finished;
        private long failed;

        void add(InlineJob job, boolean atFront) {
            if (atFront) {
                ready.addFirst(job);
            } else {
                ready.addLast(job);
            }
        }
    }

    InlineJobs(JobClient client, Collection<Class<?>> functions, List<JobMiddleware> middleware) {
        this.client = client;
        this.worker = new InlineWorker(functions, middleware);
    }

    /** The time as the jobs see it. */
    synchronized Instant now() {
        return Instant.now().plus(ahead);
    }

    /** Takes the jobs, runs those that wait for nothing, and says which job was taken for each. */
    List<Enqueuer.Place> enqueue(String queue, List<NewJob> batch) {
        Enqueuer.requireDistinct(batch);
        batch.forEach(InlineJobs::requireDoable);
        var round = new Round();
        var places = new HashMap<String, Enqueuer.Place>();
        synchronized (this) {
            for (var job : batch) {
                var other = duplicate(queue, job);
                if (other != null && job.options().onDuplicate() == OnDuplicate.REJECT) {
                    throw job.refusal("duplicate", other.id());
                }
            }
            for (var job : Enqueuer.ordered(batch)) {
                var other = duplicate(queue, job);
                var taken = other == null ? take(queue, job, round) : other;
                places.put(job.id(), new Enqueuer.Place(taken.queue(), taken.id()));
            }
        }
        drain(round);
        return batch.stream().map(job -> places.get(job.id())).toList();
    }

    private static void requireDoable(NewJob job) {
        var options = job.options();
        if (!options.webhooks().isEmpty()) {
            throw new IllegalArgumentException(
                    "job " + job.id() + " has a webhook, which nobody sends inline" + INSTEAD);
        }
        if (options.onDuplicate() == OnDuplicate.REPLACE) {
            throw new IllegalArgumentException(
                    "job " + job.id() + " says onDuplicate(REPLACE), which is not done inline" + INSTEAD);
        }
    }

    /** The job beside which this one may not stand. */
    private @Nullable InlineJob duplicate(String queue, NewJob job) {
        var same = jobs.get(job.id());
        if (job.options().isUnique() && same != null) {
            return same;
        }
        var lock = job.lock() == null ? null : locks.get(queue + " " + job.lock());
        var until = lock == null ? null : lock.until();
        boolean held = lock != null
                && (until == null ? !endings.containsKey(lock.holder().id()) : now().isBefore(until));
        return held && lock != null ? lock.holder() : null;
    }

    private InlineJob take(String queue, NewJob job, Round round) {
        var now = now();
        var taken = new InlineJob(client, queue, job, now);
        jobs.put(job.id(), taken);
        endings.remove(job.id());
        if (job.lock() != null) {
            var period = job.options().uniqueFor();
            locks.put(queue + " " + job.lock(), new Lock(taken, period == null ? null : now.plus(period)));
        }
        if (!isReady(job.options())) {
            taken.becomes(JobStatus.DEFERRED);
        } else {
            again(taken, job.options().due(now).orElse(now), job.options().atFront(), round);
        }
        return taken;
    }

    private boolean isReady(JobOptions options) {
        return options.parents().stream().noneMatch(parent -> isWaitedFor(parent, options.allowFailure()));
    }

    private boolean isWaitedFor(String parent, boolean failureWillDo) {
        return jobs.containsKey(parent)
                && switch (endings.get(parent)) {
                    case null -> true;
                    case Ending.Returned _ -> false;
                    default -> !failureWillDo;
                };
    }

    private synchronized void again(InlineJob job, Instant due, boolean atFront, Round round) {
        var now = now();
        if (due.isAfter(now)) {
            job.waits(now, due);
        } else {
            job.waits(now, null);
            round.add(job, atFront);
        }
    }

    /** Lets time pass, and runs what becomes due in its order. */
    WorkerTally runDue(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("runDue needs a time that is not negative, was " + time);
        }
        var end = now().plus(time);
        var round = new Round();
        while (true) {
            var next = nextUntil(end);
            if (next.isEmpty()) {
                advance(end);
                return new WorkerTally(round.finished, round.failed);
            }
            advance(next.get().due().orElseThrow());
            if (!next.get().isExpired(now())) {
                next.get().waits(now(), null);
            }
            round.add(next.get(), false);
            drain(round);
        }
    }

    private synchronized Optional<InlineJob> nextUntil(Instant end) {
        InlineJob next = null;
        for (var job : jobs.values()) {
            var due = job.due();
            if (due.isPresent()
                    && !due.get().isAfter(end)
                    && (next == null || due.get().isBefore(next.due().orElseThrow()))) {
                next = job;
            }
        }
        return Optional.ofNullable(next);
    }

    private synchronized void advance(Instant to) {
        var needed = Duration.between(Instant.now(), to);
        ahead = needed.compareTo(ahead) > 0 ? needed : ahead;
    }

    private void drain(Round round) {
        while (!round.ready.isEmpty()) {
            var job = round.ready.removeFirst();
            if (job.isExpired(now())) {
                vanish(job);
            } else {
                attempt(job, round);
            }
        }
    }

    private void vanish(InlineJob job) {
        List<ResultWatcher.Listener> waiting;
        synchronized (this) {
            jobs.remove(job.id(), job);
            waiting = watchers.remove(job.id());
        }
        if (waiting != null) {
            waiting.forEach(listener -> listener.ended(new Ending.Lost("its ttl was over before it could run")));
        }
    }

    private void attempt(InlineJob job, Round round) {
        job.begins();
        switch (worker.run(job, job.job().call(), JobHash.seconds(job.options().timeout()))) {
            case Attempt.Returned(var value) -> returned(job, value, round);
            case Attempt.Threw threw -> failed(job, threw, round);
            case Attempt.Again(var retry) -> {
                round.failed++;
                job.tryAgain(retry)
                        .ifPresentOrElse(
                                pause -> again(job, now().plus(pause), retry.atFront(), round),
                                () -> ended(job, new Ending.Raised("(the worker left no traceback)"), round));
            }
        }
    }

    private void returned(InlineJob job, byte @Nullable [] value, Round round) {
        job.becomes(JobStatus.FINISHED);
        var callback = job.options().onSuccess();
        var bad = callback == null ? null : worker.succeeded(job, callback, value);
        if (bad != null) {
            failed(job, bad, round);
            return;
        }
        round.finished++;
        ended(job, new Ending.Returned(value), round);
        job.repeat().ifPresent(pause -> again(job, now().plus(pause), false, round));
    }

    private void failed(InlineJob job, Attempt.Threw failure, Round round) {
        round.failed++;
        job.becomes(JobStatus.FAILED);
        var callback = job.options().onFailure();
        var worse = callback == null ? null : worker.failed(job, callback, failure);
        var text = worse == null ? failure.text() : worse.text();
        var retry = job.options().retry();
        var pause = failure.retryable() ? job.tryAgain() : Optional.<Duration>empty();
        pause.ifPresentOrElse(
                time -> again(job, now().plus(time), retry != null && retry.atFront(), round),
                () -> ended(job, new Ending.Raised(text), round));
    }

    private void ended(InlineJob job, Ending ending, Round round) {
        List<ResultWatcher.Listener> waiting;
        synchronized (this) {
            job.becomes(ending instanceof Ending.Returned ? JobStatus.FINISHED : JobStatus.FAILED);
            endings.put(job.id(), ending);
            for (var child : new ArrayList<>(jobs.values())) {
                if (child.status() == JobStatus.DEFERRED
                        && child.options().parents().contains(job.id())
                        && isReady(child.options())) {
                    again(child, Instant.MIN, child.options().atFront(), round);
                }
            }
            waiting = watchers.remove(job.id());
        }
        if (waiting != null) {
            waiting.forEach(listener -> listener.ended(ending));
        }
    }

    void watch(String id, ResultWatcher.Listener listener) {
        Ending ending;
        synchronized (this) {
            ending = endings.get(id);
            if (ending == null && jobs.containsKey(id)) {
                watchers.computeIfAbsent(id, _ -> new ArrayList<>()).add(listener);
                return;
            }
        }
        listener.ended(ending == null ? new Ending.Lost("its ttl was over before it could run") : ending);
    }

    /** Refuses to wait for what will not come while the caller waits. */
    synchronized void requireNotWaiting(String id) {
        var job = jobs.get(id);
        if (job == null || endings.containsKey(id)) {
            return;
        }
        if (job.status() == JobStatus.SCHEDULED) {
            throw new IllegalStateException(
                    "job " + id + " waits for its time, " + job.due().orElseThrow()
                            + ", which passes in a test only when it says so: call runDue(Duration) before");
        }
        if (job.status() == JobStatus.DEFERRED) {
            throw new IllegalStateException("job " + id + " has not run, because it waits for "
                    + job.options().parents().stream()
                            .filter(parent -> isWaitedFor(parent, job.options().allowFailure()))
                            .map(parent -> "job " + parent + " (" + status(parent) + ")")
                            .collect(Collectors.joining(", "))
                    + "; after a failure it runs only with allowFailure(true)");
        }
    }

    synchronized JobStatus status(String id) {
        var job = jobs.get(id);
        return job == null ? JobStatus.GONE : job.status();
    }

    synchronized Map<String, @Nullable Object> meta(String id) {
        return Optional.ofNullable(jobs.get(id)).map(InlineJob::saved).orElseGet(Map::of);
    }
}
