package dev.simul.jobs.internal.worker;

import dev.simul.jobs.JobSettings;
import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.RedisLink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Does the same work at several servers at a time, in a thread and with connections of its own for each.
 *
 * <p>The threads share nothing but the wish to stop, so a server that is down or frozen stops only its own. One that is not
 * there at the start is tried every second, or left alone in a burst.
 */
public final class ServerThreads {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final List<JobSettings> servers;
    private final boolean burst;
    private final StopRequest stop;

    /** What is to be done at a server. */
    public interface Work<T> {
        /** Does it until it is done, or the wish to stop has come. */
        T at(RedisLink redis) throws InterruptedException;
    }

    /**
     * Prepares.
     *
     * @param name what the threads' names begin with
     */
    public ServerThreads(String name, List<JobSettings> servers, boolean burst, StopRequest stop) {
        this.name = name;
        this.servers = servers;
        this.burst = burst;
        this.stop = stop;
    }

    /**
     * Does it at all of them, until the last one has ended.
     *
     * @return what came of it at each server that was there
     * @throws InterruptedException if the thread was interrupted; the work was asked to end at once, and has
     */
    public <T> List<T> run(Work<T> work) throws InterruptedException {
        var results = new ArrayList<T>();
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name(name, 1).factory())) {
            var runs = servers.stream()
                    .map(server -> threads.submit(() -> at(server, work)))
                    .toList();
            try {
                for (var run : runs) {
                    run.get().ifPresent(results::add);
                }
            } catch (ExecutionException e) {
                stop.askWarmly();
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                stop.askColdly();
                throw e;
            }
        }
        return results;
    }

    private <T> Optional<T> at(JobSettings server, Work<T> work) throws InterruptedException {
        var complaint = new Complaint();
        do {
            try (var redis = RedisLink.connect(server)) {
                complaint.over(redis + " is there");
                return Optional.of(work.at(redis));
            } catch (RedisUnavailableException e) {
                complaint.say("a server of several is missing, the others are served: " + e.getMessage());
            }
        } while (!burst && !stop.await(PAUSE));
        return Optional.empty();
    }
}
