package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Fields.Form;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a scheduler in any language says of itself in Redis, as of one moment.
 *
 * @param name its name; a process id if RQ is older than 2.10
 * @param locks the queues whose scheduled jobs it moves now
 * @param queues the queues that it would serve
 * @param hostname the machine it runs on
 * @param pid its process there
 * @param createdAt when it began
 * @param lastHeartbeat when it was last heard of
 * @param problems what in its entry no RQ program could read, a line each; empty if all is well
 */
public record SchedulerInfo(
        String name,
        List<String> locks,
        List<String> queues,
        Optional<String> hostname,
        OptionalLong pid,
        Optional<Instant> createdAt,
        Optional<Instant> lastHeartbeat,
        List<String> problems) {

    private static final Map<String, Form> FORMS =
            Map.of("pid", Form.WHOLE, "created_at", Form.MOMENT, "last_heartbeat", Form.MOMENT);

    /** Copies the lists. */
    public SchedulerInfo {
        locks = List.copyOf(locks);
        queues = List.copyOf(queues);
        problems = List.copyOf(problems);
    }

    static SchedulerInfo of(String name, List<String> locks, Fields hash) {
        return new SchedulerInfo(
                name,
                locks,
                hash.text("queues").map(text -> List.of(text.split(","))).orElseGet(List::of),
                hash.text("hostname"),
                hash.whole("pid"),
                hash.moment("created_at"),
                hash.moment("last_heartbeat"),
                hash.problems(FORMS));
    }
}
