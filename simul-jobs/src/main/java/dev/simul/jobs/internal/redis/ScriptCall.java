package dev.simul.jobs.internal.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script, which Redis is asked for until it has done it, or refuses for good.
 *
 * <p>What Redis said it has not done is sent again, and so is what was under way when the connection was lost: Lettuce
 * asks again by itself, but decodes the second answer on top of what had arrived of the first one. Cancelling keeps a script that has not been sent from being sent.
 */
final class ScriptCall<T> extends CompletableFuture<T> {
    private static final long FIRST_PAUSE_MILLIS = 20;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final RedisLink redis;
    private final RedisAsyncCommands<String, byte[]> connection;
    private final Script.Loaded script;
    private final ScriptOutputType type;
    private final String[] keys;
    private final byte[][] values;
    private final long begin = System.nanoTime();

    private long pause = FIRST_PAUSE_MILLIS; // one sending after the other
    private volatile long losses; // before the last sending
    private volatile @Nullable RedisFuture<T> sent;

    ScriptCall(
            RedisLink redis,
            RedisAsyncCommands<String, byte[]> connection,
            Script.Loaded script,
            ScriptOutputType type,
            List<String> keys,
            Arguments arguments) {
        this.redis = redis;
        this.connection = connection;
        this.script = script;
        this.type = type;
        this.keys = keys.toArray(String[]::new);
        this.values = arguments.toArray();
    }

    void begin() {
        losses = redis.losses(connection);
        send(connection.evalsha(script.digest(), type, keys, values));
    }

    private void send(RedisFuture<T> reply) {
        sent = reply;
        if (isCancelled()) {
            reply.cancel(false);
        }
        reply.whenComplete((value, error) -> {
            if (redis.losses(connection) != losses) {
                again(new IOException("the connection was lost in the middle of an answer"));
            } else if (error == null) {
                complete(value);
            } else {
                refused(RedisLink.cause(error));
            }
        });
    }

    private void refused(Throwable error) {
        var refusal = Refusal.of(error);
        if (isDone()) {
            return;
        }
        if (refusal == Refusal.NO_SCRIPT) {
            send(connection.eval(script.text(), type, keys, values));
        } else if (refusal.passes() || error instanceof IOException) {
            if (refusal == Refusal.READ_ONLY) {
                redis.reconnect();
            }
            redis.putOff(error);
            again(error);
        } else {
            completeExceptionally(error);
        }
    }

    /** Sends it once more, unless that has gone on for too long. */
    private void again(Throwable why) {
        if (System.nanoTime() - begin > redis.patience().toNanos()) {
            completeExceptionally(why);
        } else if (!isDone()) {
            redis.after(Duration.ofMillis(pause), this::begin);
            pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
        boolean cancelled = super.cancel(mayInterrupt);
        var reply = sent;
        if (reply != null) {
            reply.cancel(mayInterrupt);
        }
        return cancelled;
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>(); // what is derived from us is no script
    }
}
