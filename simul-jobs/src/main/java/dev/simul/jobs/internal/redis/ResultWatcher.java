package dev.simul.jobs.internal.redis;

import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.UnblockType;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells when jobs have ended: one connection and one thread for any number of them.
 *
 * <p>It blocks in XREAD on the result streams of all jobs it watches. A new job to watch unblocks it through CLIENT
 * UNBLOCK. Not every end writes to the stream (a job may be cancelled, or discard its result), so now and then, when
 * nothing has come, it looks at the jobs themselves.
 */
public final class ResultWatcher implements AutoCloseable {
    /** Who wants to know. */
    public interface Listener {
        void ended(Ending ending);

        void unreachable(RuntimeException error);
    }

    private static final Duration BLOCK = Duration.ofSeconds(2);
    private static final int READS_IN_VAIN = 3;

    private final RedisLink redis;
    private final LinkedBlockingQueue<Watch> arrivals = new LinkedBlockingQueue<>();
    private final Map<String, Watch> watched = new LinkedHashMap<>(); // by stream key; the watcher's thread only
    private final Thread thread;
    private int unanswered; // reads that failed in a row; the watcher's thread only
    private volatile boolean closed;

    /** The XREAD under way, null if there is none; written by the watcher's thread. */
    private volatile @Nullable Read reading;

    private record Watch(String id, Listener listener, String after) {
        Watch after(String entryId) {
            return new Watch(id, listener, entryId);
        }
    }

    private static final class Read {
        final CompletionStage<Long> clientId;
        final CompletionStage<List<StreamMessage<String, byte[]>>> reply;

        Read(RedisAsyncCommands<String, byte[]> commands, StreamOffset<String>[] offsets) {
            clientId = commands.clientId(); // each time, for a connection that came back has a new one
            reply = commands.xread(XReadArgs.Builder.block(BLOCK), offsets);
        }
    }

    public ResultWatcher(RedisLink redis) {
        this.redis = redis;
        this.thread = Thread.ofPlatform().daemon().name("simul-job-results").start(this::run);
    }

    /** Calls the listener once, in the watcher's thread, when the job has ended; at once if it has already. */
    public void watch(String jobId, Listener listener) {
        arrivals.add(new Watch(jobId, listener, "0-0"));
        var read = reading;
        if (read != null) {
            unblock(read);
        }
    }

    private void unblock(Read read) {
        read.clientId
                .thenCompose(id -> redis.commands().clientUnblock(id, UnblockType.TIMEOUT))
                .thenAccept(unblocked -> {
                    // 0: the XREAD has not reached Redis yet, or it has just ended
                    if (unblocked == 0 && reading == read) {
                        unblock(read);
                    }
                });
    }

    private void run() {
        try (var connection = redis.open()) {
            while (!closed) {
                if (watched.isEmpty()) {
                    look(List.of(arrivals.take()));
                }
                var arrived = new ArrayList<Watch>();
                arrivals.drainTo(arrived);
                look(arrived);
                if (!watched.isEmpty()) {
                    read(connection);
                }
            }
        } catch (InterruptedException e) {
            // closed
        } catch (RuntimeException e) {
            if (!closed) { // else close() tells them
                closed = true;
                abandon(e);
            }
        }
    }

    private void read(StatefulRedisConnection<String, byte[]> connection) throws InterruptedException {
        long losses = redis.losses(connection.async());
        var read = new Read(connection.async(), offsets());
        reading = read;
        if (!arrivals.isEmpty()) { // arrived between our last look and the line above: its watch() saw no read
            unblock(read);
        }
        try {
            var entries = read.reply
                    .toCompletableFuture()
                    .get(BLOCK.plus(redis.patience()).toMillis(), TimeUnit.MILLISECONDS);
            reading = null;
            if (redis.losses(connection.async()) != losses) {
                look(List.copyOf(watched.values())); // the answer may have begun on the connection that was lost
            } else {
                if (entries.isEmpty() && arrivals.isEmpty()) {
                    look(List.copyOf(watched.values()));
                }
                entries.forEach(this::take);
            }
            unanswered = 0;
        } catch (ExecutionException | TimeoutException e) {
            reading = null;
            read.reply.toCompletableFuture().cancel(false);
            // A connection that was reset comes back; a Redis that is gone keeps the second read waiting in vain.
            if (e instanceof TimeoutException || ++unanswered > READS_IN_VAIN) {
                unanswered = 0;
                abandon(redis.failed(e.getCause() == null ? e : e.getCause()));
            }
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // generic array
    private StreamOffset<String>[] offsets() {
        return watched.entrySet().stream()
                .map(entry -> StreamOffset.from(entry.getKey(), entry.getValue().after()))
                .toArray(StreamOffset[]::new);
    }

    private void take(StreamMessage<String, byte[]> entry) {
        var watch = watched.get(entry.getStream());
        if (watch == null) {
            return; // a second entry of a job whose first one ended it
        }
        var ending = Ending.of(entry.getBody());
        if (ending == null) {
            watched.put(entry.getStream(), watch.after(entry.getId()));
        } else {
            watched.remove(entry.getStream());
            watch.listener().ended(ending);
        }
    }

    /** Looks at the jobs themselves; those that still have an end before them are watched from now on. */
    private void look(List<Watch> watches) {
        var answers = new HashMap<Watch, CompletionStage<List<?>>>();
        for (var watch : watches) {
            var keys = List.of(redis.keys().job(watch.id()), redis.keys().results(watch.id()));
            answers.put(watch, redis.run(Script.LOOK, ScriptOutputType.MULTI, keys, new Arguments()));
        }
        answers.forEach((watch, answer) -> {
            var key = redis.keys().results(watch.id());
            try {
                var seen = JobLook.of(redis.await(answer));
                var ending = seen.ending();
                if (ending == null) {
                    watched.put(key, watch.after(seen.newest()));
                } else {
                    watched.remove(key);
                    watch.listener().ended(ending);
                }
            } catch (RuntimeException e) {
                watched.remove(key);
                watch.listener().unreachable(e);
            }
        });
    }

    private void abandon(RuntimeException error) {
        var left = new ArrayList<>(watched.values());
        watched.clear();
        arrivals.drainTo(left);
        left.forEach(watch -> watch.listener().unreachable(error));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        boolean interrupted = false;
        try {
            thread.join(RedisLink.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        abandon(new IllegalStateException("the JobClient was closed while a job was being waited for"));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
