package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Ending;
import dev.simul.jobs.internal.redis.ResultWatcher;
import dev.simul.jobs.internal.worker.InlineWorker;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The jobs of a client without Redis, which have run before {@code enqueue} returns. */
final class InlineJobs {
    private final JobClient client;
    private final InlineWorker worker;
    private final Map<String, Ending> endings = new ConcurrentHashMap<>();
    private final Map<String, InlineJob> jobs = new ConcurrentHashMap<>();

    InlineJobs(JobClient client, Collection<Class<?>> functions, List<JobMiddleware> middleware) {
        this.client = client;
        this.worker = new InlineWorker(functions, middleware);
    }

    /** Runs the jobs in their order, each as often as its retries let it. */
    void run(String queue, List<NewJob> batch) {
        for (var job : batch) {
            var view = new InlineJob(client, job.id(), queue, job.options());
            jobs.put(job.id(), view);
            if (!isReady(job.options())) {
                continue;
            }
            Ending ending;
            do {
                ending = worker.run(view, job.call());
            } while (ending instanceof Ending.Raised && view.tryAgain());
            view.ended(ending instanceof Ending.Returned);
            endings.put(job.id(), ending);
        }
    }

    private boolean isReady(JobOptions options) {
        return options.parents().stream()
                .map(endings::get)
                .allMatch(parent -> parent instanceof Ending.Returned
                        || (parent instanceof Ending.Raised && options.allowFailure()));
    }

    void watch(String id, ResultWatcher.Listener listener) {
        var ending = endings.get(id);
        if (ending == null) {
            listener.unreachable(new IllegalStateException("job " + id
                    + " has not run and never will: a job that it waits for (after …) has failed or does not exist"));
        } else {
            listener.ended(ending);
        }
    }

    JobStatus status(String id) {
        var job = jobs.get(id);
        if (job == null) {
            return JobStatus.GONE;
        }
        return switch (endings.get(id)) {
            case Ending.Returned _ -> JobStatus.FINISHED;
            case null -> job.status() == JobStatus.STARTED ? JobStatus.STARTED : JobStatus.DEFERRED;
            default -> JobStatus.FAILED;
        };
    }

    Map<String, @Nullable Object> meta(String id) {
        return Optional.ofNullable(jobs.get(id)).map(InlineJob::saved).orElseGet(Map::of);
    }
}
