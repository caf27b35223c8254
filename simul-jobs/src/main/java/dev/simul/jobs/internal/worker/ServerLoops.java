package dev.simul.jobs.internal.worker;

import dev.simul.jobs.JobSettings;
import dev.simul.jobs.RedisUnavailableException;
import dev.simul.jobs.internal.redis.RedisLink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Works on several servers at a time, with a loop and connections of its own for each.
 *
 * <p>The loops share nothing but the wish to stop, so a server that is down or frozen stops only its own. One that is not
 * there at the start is tried every second.
 */
public final class ServerLoops {
    private final List<JobSettings> servers;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final StopRequest stop;

    public ServerLoops(List<JobSettings> servers, WorkerSettings settings, JobFunctions functions, StopRequest stop) {
        this.servers = servers;
        this.settings = settings;
        this.functions = functions;
        this.stop = stop;
    }

    /**
     * Works until it is told to stop; in a burst, until no server has anything left.
     *
     * @return what each loop has done
     * @throws InterruptedException if the thread was interrupted; what was running has gone back to its queue
     */
    public List<Tally> run() throws InterruptedException {
        var all = new ArrayList<Tally>();
        while (true) {
            var round = round();
            all.addAll(round);
            boolean worked = round.stream().anyMatch(tally -> tally.finished() + tally.failed() > 0);
            // A job may have put another one on a server that had run dry before.
            if (!settings.burst() || !worked || stop.isAsked()) {
                return all;
            }
        }
    }

    private List<Tally> round() throws InterruptedException {
        var tallies = new ArrayList<Tally>();
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().name("simul-job-server-", 1).factory())) {
            try {
                for (var loop : begin(threads)) {
                    tallies.add(loop.get());
                }
            } catch (ExecutionException e) {
                stop.askWarmly();
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                stop.askColdly();
                throw e;
            }
        }
        return tallies;
    }

    private List<Future<Tally>> begin(ExecutorService threads) {
        return servers.stream()
                .map(server -> threads.submit(() -> work(server)))
                .toList();
    }

    private Tally work(JobSettings server) throws InterruptedException, ExecutionException {
        var complaint = new Complaint();
        while (!stop.isAsked()) {
            try (var redis = RedisLink.connect(server)) {
                complaint.over(redis + " is there");
                return new WorkLoop(redis, settings, functions, stop).run();
            } catch (RedisUnavailableException e) {
                complaint.say("a server of several is missing, the others are served: " + e.getMessage());
                if (settings.burst()) {
                    break;
                }
                pause();
            }
        }
        return new Tally();
    }

    private void pause() throws InterruptedException, ExecutionException {
        try {
            stop.warm().get(1, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            // try again
        }
    }
}
