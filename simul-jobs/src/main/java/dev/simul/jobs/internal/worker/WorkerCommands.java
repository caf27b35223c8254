package dev.simul.jobs.internal.worker;

import dev.simul.jobs.internal.redis.RedisLink;
import dev.simul.jobs.internal.redis.Reply;
import dev.simul.jobs.internal.redis.RqJson;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Hears what others tell this worker over RQ's channel of commands.
 *
 * <p>Nothing that comes there makes it deaf. Commands are done in a thread of their own, which is there only when one has come: killing a child takes its
 * time.
 */
final class WorkerCommands implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final int SHOWN = 200;

    private final RedisLink redis;
    private final String worker;
    private final StopRequest stop;
    private final RunningJobs running;
    private final StatefulRedisPubSubConnection<String, byte[]> connection;
    private final ThreadPoolExecutor hands = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("simul-job-commands").factory());

    /**
     * Listens from now on.
     *
     * @param returned called when the connection has come back: what was said meanwhile was not heard
     */
    WorkerCommands(RedisLink redis, String worker, StopRequest stop, RunningJobs running, Runnable returned) {
        this.redis = redis;
        this.worker = worker;
        this.stop = stop;
        this.running = running;
        hands.allowCoreThreadTimeOut(true);
        connection = redis.openPubSub();
        connection.addListener(new RedisPubSubAdapter<>() {
            private boolean before; // the connection's thread only

            @Override
            public void message(String channel, byte[] message) {
                hands.execute(() -> hear(message));
            }

            @Override
            public void subscribed(String channel, long count) {
                if (before) {
                    hands.execute(returned);
                }
                before = true;
            }
        });
        redis.await(connection.async().subscribe(redis.keys().commands(worker)));
    }

    private void hear(byte[] message) {
        try {
            obey(RqJson.read(message));
        } catch (JacksonException e) {
            ignore(new String(message, StandardCharsets.UTF_8), "it is not JSON");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a command has failed", e);
        }
    }

    private void obey(JsonNode message) {
        var job = message.path("job_id").asString("");
        var execution = message.path("execution_id").asString("");
        switch (message.path("command").asString("")) {
            case "shutdown" -> {
                LOG.log(Level.INFO, "told to shut down");
                stop.signal();
            }
            case "kill-horse" -> running.kill();
            case "stop-job" -> stop(job);
            case "stop-execution" -> running.stop(job, execution);
            default -> ignore(message.toString(), "this worker knows no such command");
        }
    }

    /** As in RQ it means a job that runs here, and no later run of one that only waits. */
    private void stop(String job) {
        if (running.holds(job) || hasBegunHere(job)) {
            running.stop(job);
        } else {
            LOG.log(Level.INFO, "asked to stop job {0}, which does not run here", job);
        }
    }

    /** Whether Redis has given us the job, even if its answer is still on the way. */
    private boolean hasBegunHere(String job) {
        var fields = redis.await(redis.commands().hmget(redis.keys().job(job), "status", "worker_name"));
        return Reply.text(fields.get(0).getValueOrElse(new byte[0])).equals("started")
                && Reply.text(fields.get(1).getValueOrElse(new byte[0])).equals(worker);
    }

    private static void ignore(String message, String why) {
        var shown = message.length() <= SHOWN ? message : message.substring(0, SHOWN) + "...";
        LOG.log(Level.WARNING, "a command is ignored, {0}: {1}", why, shown);
    }

    @Override
    public void close() {
        connection.close();
        hands.shutdownNow();
    }
}
