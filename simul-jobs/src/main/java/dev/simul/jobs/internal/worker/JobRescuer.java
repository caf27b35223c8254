package dev.simul.jobs.internal.worker;

import dev.simul.jobs.RescuePolicy;
import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.HostName;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import dev.simul.jobs.internal.redis.Zlib;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * Lets jobs whose worker is gone be run elsewhere.
 *
 * <p>Of workers of ours it knows within seconds ({@link WorkerLease}); theirs are put back on the queue, a limited number of
 * times. For others RQ's rule holds: an execution without a heartbeat for a minute and a half is abandoned, and its job
 * is tried again or fails.
 */
final class JobRescuer {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final int BATCH = 100;

    // What abandon.lua says was done; further numbers: nothing was left to do.
    private static final long NOTHING = 0;
    private static final long PUT_BACK = 1;
    private static final long TRIED_AGAIN = 2;
    private static final long FAILED = 3;
    private static final long FAILED_FOR_GOOD = 4;

    private final RedisLink redis;
    private final RedisAsyncCommands<String, byte[]> connection;
    private final UpkeepSettings settings;
    private final AbandonedJobs jobs;
    private final String host = HostName.own();

    JobRescuer(
            RedisLink redis,
            RedisAsyncCommands<String, byte[]> connection,
            UpkeepSettings settings,
            AbandonedJobs jobs) {
        this.redis = redis;
        this.connection = connection;
        this.settings = settings;
        this.jobs = jobs;
    }

    /** Rescues the jobs of silent workers of ours. From any number of workers at once. */
    void rescueFrom(String queue, List<String> silentWorkers) {
        rescueAll(queue, false, silentWorkers, true);
    }

    /** Rescues what an earlier worker of this name has left behind; before this one takes a job. */
    void rescueFromPredecessor(String queue, String name) {
        rescueAll(queue, false, List.of(name), false);
    }

    /** Rescues all executions whose time is over. The caller holds RQ's lock for cleaning up. */
    void rescueExpired(String queue) {
        rescueAll(queue, true, List.of(), true);
    }

    private void rescueAll(String queue, boolean expired, List<String> silent, boolean askWhetherAlive) {
        boolean more = true;
        while (more) {
            var found = find(queue, expired, silent);
            var gone = found.stream()
                    .filter(execution -> execution.ours() || (expired && !execution.mayBeRunning(host)))
                    .toList();
            more = rescue(queue, expired, gone, askWhetherAlive) > 0 && found.size() == BATCH;
        }
        if (!silent.isEmpty()) {
            find(queue, expired, silent); // nothing left: the script notes that
        }
    }

    private List<AbandonedExecution> find(String queue, boolean expired, List<String> silent) {
        var keys = List.of(
                redis.keys().started(queue),
                redis.keys().ownWorkers(queue),
                redis.keys().unreadable(queue));
        var values = new Arguments().add(expired ? 1 : 0).add(BATCH);
        silent.forEach(values::add);
        var answer =
                redis.await(redis.<List<?>>run(Script.ABANDONED, connection, ScriptOutputType.MULTI, keys, values));
        for (var member : (List<?>) answer.get(1)) {
            LOG.log(Level.WARNING, "{0} is not the execution of a job; it was put aside", Reply.text(member));
        }
        return ((List<?>) answer.get(0))
                .stream().map(entry -> AbandonedExecution.of((List<?>) entry)).toList();
    }

    /** Returns how many executions are off the registry now. */
    private int rescue(String queue, boolean expired, List<AbandonedExecution> gone, boolean askWhetherAlive) {
        if (gone.isEmpty()) {
            return 0;
        }
        var now = Instant.now();
        var keys = List.of(redis.keys().started(queue), redis.keys().ownWorkers(queue));
        var values = new Arguments()
                .add(queue)
                .add(RqTime.iso(now))
                .add(settings.rescue() == RescuePolicy.REQUEUE ? 1 : 0)
                .add(settings.maxRescues());
        for (var execution : gone) {
            values.add(execution.jobId()).add(execution.executionId()).add(execution.worker());
            values.add(expired ? "passed" : askWhetherAlive ? "silent" : "left");
            values.add(compressed(abandoned(now)));
            values.add(compressed(tooOften(execution)));
        }
        var answer = redis.await(redis.<List<?>>run(Script.RESCUE, connection, ScriptOutputType.MULTI, keys, values));
        int done = 0;
        for (int i = 0; i < gone.size(); i++) {
            done += tell(queue, gone.get(i), (List<?>) answer.get(i), now) ? 1 : 0;
        }
        return done;
    }

    private static String abandoned(Instant now) {
        return "Moved to FailedJobRegistry, due to AbandonedJobError, at "
                + RqTime.iso(now).replace('T', ' ').replace("Z", "+00:00");
    }

    private String tooOften(AbandonedExecution execution) {
        return "Job was running when its worker died, and before that in " + settings.maxRescues()
                + " other workers that died; as many times it was put back on its queue, and maxRescues allows no more."
                + " If the job itself ends its worker (memory, System.exit), mend it; then requeue it.\n"
                + "AbandonedJobError: worker " + execution.worker() + " died while it ran job " + execution.jobId();
    }

    static String compressed(String text) {
        return Base64.getEncoder().encodeToString(Zlib.deflate(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Tells what became of a job that was stuck in RQ's intermediate list. */
    void tellStuck(String queue, String id, List<?> reply, String failure) {
        var _ = log(id, "a worker that had only just taken it", reply);
        if (reply.getFirst() instanceof Long done && (done == TRIED_AGAIN || done == FAILED)) {
            jobs.tell(queue, id, reply.subList(1, reply.size()), failure, false, done == TRIED_AGAIN);
        }
    }

    /** Returns whether the execution is off the registry now. */
    private boolean tell(String queue, AbandonedExecution execution, List<?> reply, Instant now) {
        var id = execution.jobId();
        var worker = execution.worker().isEmpty() ? "an unknown worker" : "worker " + execution.worker();
        if (reply.getFirst() instanceof Long done && done >= TRIED_AGAIN && done <= FAILED_FOR_GOOD) {
            var text = done == FAILED_FOR_GOOD ? tooOften(execution) : abandoned(now);
            jobs.tell(queue, id, reply.subList(1, reply.size()), text, true, done == TRIED_AGAIN);
        }
        return log(id, worker, reply);
    }

    private boolean log(String id, String worker, List<?> reply) {
        switch (reply.getFirst()) {
            case Long done
            when done == NOTHING -> {
                return false;
            }
            case Long done
            when done == PUT_BACK ->
                LOG.log(Level.WARNING, "job {0} was left by {1}; it is back at the front of its queue", id, worker);
            case Long done
            when done == TRIED_AGAIN ->
                LOG.log(Level.WARNING, "job {0} was left by {1}; it is tried again", id, worker);
            case Long done
            when done == FAILED -> LOG.log(Level.WARNING, "job {0} was left by {1}; it has failed", id, worker);
            case Long done
            when done == FAILED_FOR_GOOD ->
                LOG.log(
                        Level.ERROR,
                        "job {0} was left by {1}, after {2} workers before; it has failed",
                        id,
                        worker,
                        settings.maxRescues());
            case Long _ -> {
                // had ended otherwise
            }
            default -> {
                LOG.log(
                        Level.ERROR,
                        "job {0} was left by {1} and cannot be rescued: {2}",
                        id,
                        worker,
                        Reply.text(reply.getFirst()));
                return false;
            }
        }
        return true;
    }
}
