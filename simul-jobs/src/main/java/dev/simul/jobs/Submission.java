package dev.simul.jobs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The way of calls onto a queue: by the middleware, to where the jobs belong. */
final class Submission {
    private final JobClient client;
    private final String name;
    private final JobOptions options;
    private final @Nullable SynchronousJobs synchronous;

    /**
     * Prepares.
     *
     * @param options what holds for calls that do not say it themselves
     * @param synchronous runs the jobs at once; null if workers are to
     */
    Submission(JobClient client, String name, JobOptions options, @Nullable SynchronousJobs synchronous) {
        this.client = client;
        this.name = name;
        this.options = options;
        this.synchronous = synchronous;
    }

    /** Returns the jobs in the order of the requests. */
    <T extends @Nullable Object> List<Job<T>> submit(List<? extends JobRequest<? extends T>> requests) {
        if (requests.isEmpty()) {
            return List.of();
        }
        var middleware = client.settings().middleware();
        if (middleware.isEmpty()) {
            return submit(requests, o -> o);
        }
        var answer = new ArrayList<Job<T>>();
        var chain = new EnqueueChain(name, requests, middleware, change -> {
            answer.addAll(submit(requests, change));
            return answer.stream().map(Job::id).toList();
        });
        chain.proceed();
        return answer;
    }

    private <T extends @Nullable Object> List<Job<T>> submit(
            List<? extends JobRequest<? extends T>> requests, UnaryOperator<JobOptions> change) {
        var now = Instant.now();
        var jobs = new ArrayList<NewJob>(requests.size());
        for (var request : requests) {
            jobs.add(new NewJob(request, change.apply(request.options(options)), client.settings(), now));
        }
        var homes = jobs.stream().map(job -> client.forJob(job.id())).toList();
        var places = put(jobs, homes);
        var answer = new ArrayList<Job<T>>(requests.size());
        for (int i = 0; i < requests.size(); i++) {
            var place = places.get(i);
            var request = requests.get(i);
            answer.add(new Job<>(homes.get(i), place.id(), place.queue(), request.function(), request.result()));
        }
        return answer;
    }

    /** Puts each job on its server, or runs it at once. */
    private List<Enqueuer.Place> put(List<NewJob> jobs, List<JobClient> homes) {
        var inline = client.inline();
        if (inline != null) {
            return inline.enqueue(name, jobs);
        }
        if (synchronous != null) {
            return synchronous.enqueue(jobs);
        }
        if (client.members().size() == 1) {
            return new Enqueuer(client.redis(), name).enqueue(jobs);
        }
        for (var job : jobs) {
            if (job.hasParents()) {
                throw new IllegalArgumentException(
                        "job " + job.id() + " is to run after others, which may stand on another"
                                + " server when they are spread by job; use Spread.BY_QUEUE for them");
            }
        }
        var places = new Enqueuer.Place[jobs.size()];
        for (var member : client.members()) {
            var theirs = IntStream.range(0, jobs.size())
                    .filter(i -> member.equals(homes.get(i)))
                    .boxed()
                    .toList();
            if (!theirs.isEmpty()) {
                var put = new Enqueuer(member.redis(), name)
                        .enqueue(theirs.stream().map(jobs::get).toList());
                for (int i = 0; i < theirs.size(); i++) {
                    places[theirs.get(i)] = put.get(i);
                }
            }
        }
        return List.of(places);
    }
}
