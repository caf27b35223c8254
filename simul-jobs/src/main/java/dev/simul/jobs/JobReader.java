package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What Redis says of jobs, read in as few round trips as there are answers to wait for. */
final class JobReader {
    private final RedisLink redis;

    JobReader(RedisLink redis) {
        this.redis = redis;
    }

    List<Optional<JobInfo>> infos(Collection<String> ids) {
        var answers =
                new ArrayList<CompletionStage<Map<String, byte[]>>>(); // all under way before the first is awaited
        for (var id : ids) {
            answers.add(redis.commands().hgetall(redis.keys().job(id)));
        }
        var infos = new ArrayList<Optional<JobInfo>>();
        int i = 0;
        for (var id : ids) {
            var hash = redis.await(answers.get(i++));
            // what is left of a job that was deleted while somebody wrote to it is none, for RQ too
            infos.add(hash.containsKey("data") ? Optional.of(new JobInfo(id, new Fields(hash))) : Optional.empty());
        }
        return infos;
    }

    List<ExecutionInfo> executions(String id) {
        if (!Names.isId(id)) {
            return List.of();
        }
        var entries = redis.await(redis.commands().zrangeWithScores(redis.keys().executionsOf(id), 0, -1));
        var executions = new ArrayList<ExecutionInfo>();
        for (var entry : entries) {
            var execution = Reply.text(entry.getValue());
            var hash =
                    new Fields(redis.await(redis.commands().hgetall(redis.keys().execution(id, execution))));
            // the registry's own entry lives 60 s longer than the execution
            var expires = Instant.ofEpochSecond((long) entry.getScore()).minusSeconds(60);
            executions.add(new ExecutionInfo(
                    execution,
                    id,
                    hash.text("worker_name"),
                    hash.moment("created_at"),
                    hash.moment("last_heartbeat"),
                    Optional.of(expires)));
        }
        return executions;
    }

    /** The newest first. */
    List<JobResult> results(String id) {
        var results = redis.await(redis.commands().xrevrange(redis.keys().results(id), Range.unbounded())).stream()
                .map(entry -> result(id, entry))
                .toList();
        return results.isEmpty() ? legacy(id).map(List::of).orElseGet(List::of) : results;
    }

    Optional<JobResult> latest(String id) {
        var newest =
                redis.await(redis.commands().xrevrange(redis.keys().results(id), Range.unbounded(), Limit.from(1)));
        return newest.isEmpty() ? legacy(id) : Optional.of(result(id, newest.getFirst()));
    }

    private Optional<JobResult> legacy(String id) {
        return infos(List.of(id)).getFirst().flatMap(JobResult::legacy);
    }

    private static JobResult result(String id, StreamMessage<String, byte[]> entry) {
        return new JobResult(id, entry.getId(), new Fields(entry.getBody()));
    }

    /** Waits for the first result, on a connection of its own; the newest if there are some already. */
    @SuppressWarnings("unchecked") // generic array
    Optional<JobResult> latest(String id, Duration patience) throws InterruptedException {
        var there = latest(id);
        if (there.isPresent() || !patience.isPositive()) {
            return there;
        }
        try (var connection = redis.open()) {
            var read = connection
                    .async()
                    .xread(
                            XReadArgs.Builder.block(Math.max(1, patience.toMillis())),
                            StreamOffset.from(redis.keys().results(id), "0-0"))
                    .toCompletableFuture();
            var entries = read.get(patience.plus(RedisLink.PATIENCE).toMillis(), TimeUnit.MILLISECONDS);
            return entries.isEmpty() ? Optional.empty() : Optional.of(result(id, entries.getLast()));
        } catch (ExecutionException | TimeoutException e) {
            throw redis.failed(e.getCause() == null ? e : e.getCause());
        }
    }
}
