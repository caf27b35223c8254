package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.Arguments;
import dev.simul.jobs.internal.redis.HostName;
import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.RqTime;
import dev.simul.jobs.internal.redis.Script;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** The worker's entry in Redis, where {@code rq info} and the dashboards find it. */
final class WorkerRegistration {
    private static final String VERSION = "simul";

    private static final Pattern ADDRESS = Pattern.compile("\\baddr=(\\S+)");

    private final RedisLink redis;
    private final WorkerSettings settings;
    private final Instant birth = Instant.now();
    private final String address;

    WorkerRegistration(RedisLink redis, WorkerSettings settings) {
        this.redis = redis;
        this.settings = settings;
        // a proxy or the user's rights may refuse CLIENT, which only serves those who look
        redis.await(redis.commands().clientSetname(settings.name()).exceptionally(_ -> ""));
        var matcher = ADDRESS.matcher(redis.await(redis.commands().clientInfo().exceptionally(_ -> "")));
        this.address = matcher.find() ? matcher.group(1) : "unknown";
    }

    /**
     * Announces the worker.
     *
     * @throws IllegalStateException if a live worker has that name
     */
    void begin() {
        if (redis.await(write(0)) == 0) {
            throw new IllegalStateException("there is an active worker named '" + settings.name()
                    + "' already; choose another name, or wait if that one has crashed: "
                    + settings.upkeep().rescueAfter().toSeconds() + " s for one in Java, up to "
                    + settings.run().idleSeconds() + " s for one in Python");
        }
    }

    /** Announces the worker once more after its entry has expired; {@code running} jobs run in it. */
    void renew(int running) {
        // Heartbeat and jobs have created a hash of a few fields under our name; it must not count as another worker.
        redis.await(redis.commands().del(redis.keys().worker(settings.name())));
        redis.await(write(running));
    }

    private CompletionStage<Long> write(int running) {
        var keys = new ArrayList<>(List.of(
                redis.keys().worker(settings.name()),
                redis.keys().alive(settings.name()),
                redis.keys().workers()));
        settings.queues().forEach(queue -> keys.add(redis.keys().workersOf(queue)));
        var values = new Arguments()
                .add(running == 0 ? settings.run().idleSeconds() : settings.heartbeatSeconds() + 60)
                .add(settings.upkeep().rescueAfter().toMillis())
                .add(VERSION)
                .add("birth")
                .add(RqTime.iso(birth))
                .add("last_heartbeat")
                .add(RqTime.iso(Instant.now()))
                .add("queues")
                .add(String.join(",", settings.queues()))
                .add("pid")
                .add(ProcessHandle.current().pid())
                .add("hostname")
                .add(HostName.own())
                .add("ip_address")
                .add(address)
                .add("version")
                .add(VERSION)
                .add("python_version")
                .add("Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")")
                .add("state")
                .add(running == 0 ? "idle" : "busy");
        if (running > 0) {
            values.add("x_java_running").add(running);
        }
        return redis.run(Script.REGISTER, ScriptOutputType.INTEGER, keys, values);
    }

    void end() {
        var keys = new ArrayList<>(settings.keys(redis.keys()));
        keys.add(redis.keys().workers());
        settings.queues().forEach(queue -> keys.add(redis.keys().workersOf(queue)));
        redis.await(redis.<Long>run(
                Script.DEREGISTER, ScriptOutputType.INTEGER, keys, new Arguments().add(RqTime.iso(Instant.now()))));
    }

    /** Says that the worker is no longer suspended, and has nothing to do. */
    void resumed() {
        var _ = redis.commands()
                .hset(redis.keys().worker(settings.name()), "state", "idle".getBytes(StandardCharsets.US_ASCII));
    }

    /** Says that the worker was asked to stop while it is busy. */
    void stopping() {
        var moment = RqTime.iso(Instant.now()).getBytes(StandardCharsets.US_ASCII);
        var _ = redis.commands().hset(redis.keys().worker(settings.name()), "shutdown_requested_date", moment);
    }
}
