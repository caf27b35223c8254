package dev.simul.jobs;

import dev.simul.jobs.internal.redis.Fields;
import dev.simul.jobs.internal.redis.Fields.Form;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a worker in any language says of itself in Redis, as of one moment.
 *
 * @param name its name
 * @param state {@code started}, {@code idle}, {@code busy}, {@code suspended}, or whatever it says; {@code ?} if nothing
 * @param queues the queues it serves, the most urgent first
 * @param hostname the machine it runs on
 * @param ipAddress its end of the connection as {@code ip:port}, or {@code unknown}
 * @param pid its process there
 * @param version the version of RQ, or {@code simul}
 * @param runtime the version of Python or Java
 * @param birth when it began
 * @param lastHeartbeat when it was last heard of
 * @param shutdownRequested when it was asked to end while it was busy
 * @param death when it ended
 * @param currentJob a job that it runs; only if it publishes that, see {@link Worker.Builder#publishCurrentJob}
 * @param executions the attempts that it runs as {@code job:execution}; only if it publishes that and counts them
 * @param successfulJobs jobs of which it has recorded success
 * @param failedJobs jobs of which it has recorded failure
 * @param workingTime the time its jobs have taken together
 * @param problems what in its entry no RQ program could read, a line each; empty if all is well
 */
public record WorkerInfo(
        String name,
        String state,
        List<String> queues,
        Optional<String> hostname,
        Optional<String> ipAddress,
        OptionalLong pid,
        Optional<String> version,
        Optional<String> runtime,
        Optional<Instant> birth,
        Optional<Instant> lastHeartbeat,
        Optional<Instant> shutdownRequested,
        Optional<Instant> death,
        Optional<String> currentJob,
        List<String> executions,
        long successfulJobs,
        long failedJobs,
        Duration workingTime,
        List<String> problems) {

    private static final Map<String, Form> FORMS = forms();

    private static Map<String, Form> forms() {
        var forms = new LinkedHashMap<String, Form>();
        for (var name : List.of("birth", "last_heartbeat", "death", "shutdown_requested_date")) {
            forms.put(name, Form.MOMENT);
        }
        for (var name : List.of("pid", "successful_job_count", "failed_job_count")) {
            forms.put(name, Form.WHOLE);
        }
        for (var name : List.of("total_working_time", "current_job_working_time")) {
            forms.put(name, Form.DECIMAL);
        }
        for (var name :
                List.of("queues", "hostname", "ip_address", "state", "version", "python_version", "current_job")) {
            forms.put(name, Form.TEXT);
        }
        return forms;
    }

    /** Copies the lists. */
    public WorkerInfo {
        queues = List.copyOf(queues);
        executions = List.copyOf(executions);
        problems = List.copyOf(problems);
    }

    static WorkerInfo of(String name, Fields hash, List<String> executions, List<String> found) {
        var problems = new ArrayList<>(found);
        problems.addAll(hash.problems(FORMS));
        return new WorkerInfo(
                name,
                hash.text("state").orElse("?"),
                hash.text("queues").map(text -> List.of(text.split(","))).orElseGet(List::of),
                hash.text("hostname"),
                hash.text("ip_address"),
                hash.whole("pid"),
                hash.text("version"),
                hash.text("python_version"),
                hash.moment("birth"),
                hash.moment("last_heartbeat"),
                hash.moment("shutdown_requested_date"),
                hash.moment("death"),
                hash.text("current_job")
                        .or(() -> executions.stream()
                                .map(execution -> execution.replaceFirst(":.*", ""))
                                .findFirst()),
                executions,
                hash.whole("successful_job_count").orElse(0),
                hash.whole("failed_job_count").orElse(0),
                Duration.ofNanos(Math.round(hash.decimal("total_working_time") * 1e9)),
                problems);
    }

    /** Whether it runs a job now. */
    public boolean isBusy() {
        return state.equals("busy");
    }
}
