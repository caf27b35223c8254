package dev.simul.jobs.internal.worker;

import dev.simul.jobs.JobSettings;
import java.util.ArrayList;
import java.util.List;

/** Runs jobs from several servers at a time, with a {@link WorkLoop} for each. */
public final class ServerLoops {
    private final ServerThreads threads;
    private final WorkerSettings settings;
    private final JobFunctions functions;
    private final StopRequest stop;

    public ServerLoops(List<JobSettings> servers, WorkerSettings settings, JobFunctions functions, StopRequest stop) {
        this.threads = new ServerThreads("simul-job-server-", servers, settings.burst(), stop);
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
            var round = threads.run(redis -> new WorkLoop(redis, settings, functions, stop).run());
            all.addAll(round);
            boolean worked = round.stream().anyMatch(tally -> tally.finished() + tally.failed() > 0);
            // A job may have put another one on a server that had run dry before.
            if (!settings.burst() || !worked || stop.isAsked()) {
                return all;
            }
        }
    }
}
