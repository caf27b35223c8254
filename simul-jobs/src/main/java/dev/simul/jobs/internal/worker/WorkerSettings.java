package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Keys;
import java.time.Duration;
import java.util.List;

/**
 * What a worker was told.
 *
 * @param publishCurrentJob whether the worker's entry in Redis names the job it runs
 */
public record WorkerSettings(
        String name,
        List<String> queues,
        int concurrency,
        boolean burst,
        boolean publishCurrentJob,
        Duration heartbeatInterval,
        RunSettings run,
        UpkeepSettings upkeep,
        EndSettings end) {

    /** These settings for one that beats so rarely. */
    public WorkerSettings silentFor(Duration interval) {
        return new WorkerSettings(name, queues, concurrency, burst, publishCurrentJob, interval, run, upkeep, end);
    }

    long heartbeatSeconds() {
        return heartbeatInterval.toSeconds();
    }

    String publish() {
        return publishCurrentJob ? "1" : "0";
    }

    /** What the scripts that record an end must know; see {@code ending.lua}. */
    String endFlags() {
        return publish() + end.flags();
    }

    /** The worker's own two keys, with which most scripts begin. */
    List<String> keys(Keys keys) {
        return List.of(keys.worker(name), keys.executions(name));
    }
}
