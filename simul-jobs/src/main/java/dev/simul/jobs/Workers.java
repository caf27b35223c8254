package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The workers of a deployment as others see and command them. */
final class Workers {
    private final RedisLink redis;

    Workers(RedisLink redis) {
        this.redis = redis;
    }

    /** Those that the sets list, by name. */
    List<WorkerInfo> in(List<String> sets) {
        var prefix = redis.keys().worker("");
        var workers = new ArrayList<WorkerInfo>();
        for (var entry :
                redis.await(redis.<List<?>>run(Script.WORKERS, ScriptOutputType.MULTI, sets, new Arguments()))) {
            var parts = (List<?>) entry;
            var member = Reply.text(parts.get(0));
            var name = member.startsWith(prefix) ? member.substring(prefix.length()) : member;
            workers.add(
                    parts.get(1) instanceof List<?> hash
                            ? WorkerInfo.of(name, Fields.of(hash), texts((List<?>) parts.get(2)), List.of())
                            : WorkerInfo.of(
                                    name,
                                    new Fields(Map.of()),
                                    List.of(),
                                    List.of(member + " in " + String.join(", ", sets) + ": "
                                            + Reply.text(parts.get(1)))));
        }
        workers.sort(Comparator.comparing(WorkerInfo::name));
        return workers;
    }

    Optional<WorkerInfo> find(String name) {
        var key = redis.keys().worker(name);
        var hash = redis.await(redis.commands().hgetall(key));
        if (hash.isEmpty()) {
            return Optional.empty();
        }
        var executions = redis.await(redis.commands().smembers(redis.keys().executions(name)));
        return Optional.of(WorkerInfo.of(name, new Fields(hash), texts(List.copyOf(executions)), List.of()));
    }

    private static List<String> texts(List<?> answer) {
        return Reply.texts(answer).stream().sorted().toList();
    }

    /** Sends a command; whether somebody has heard it. */
    boolean send(String worker, String command) {
        return redis.await(redis.commands()
                        .publish(redis.keys().commandsOf(worker), Fields.encoded("{\"command\": \"" + command + "\"}")))
                > 0;
    }

    void suspend() {
        redis.await(redis.commands().set(redis.keys().suspended(), Fields.encoded("1")));
    }

    void suspend(Duration time) {
        redis.await(redis.commands()
                .set(redis.keys().suspended(), Fields.encoded("1"), SetArgs.Builder.ex(wholeSeconds(time))));
    }

    /** Redis counts a pause in seconds; one that is asked for must not be over before its time. */
    static long wholeSeconds(Duration time) {
        if (!time.isPositive()) {
            throw new InvalidSettingException("a pause", "must be longer than zero", time);
        }
        return time.plusNanos(999_999_999).toSeconds();
    }
}
