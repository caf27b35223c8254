package dev.simul.jobs.internal.redis;

import dev.simul.jobs.JobSettings;
import dev.simul.jobs.RedisUnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Our connections to one Redis: a shared one for quick commands, further ones for commands that block.
 *
 * <p>A lost connection comes back by itself; commands under way are then sent again, so every script must bear that.
 */
public final class RedisLink implements AutoCloseable {
    /** How long Redis may take to connect or to answer before it counts as unavailable. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisAddress address;
    private final Keys keys;
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisAsyncCommands<String, byte[]> shared;

    private RedisLink(JobSettings settings) {
        this.address = RedisAddress.parse(settings.url());
        this.keys = new Keys(settings.keyPrefix());
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                .build();
        var uri = address.uri();
        uri.setTimeout(PATIENCE);
        this.client = RedisClient.create(resources, uri);
        client.setOptions(ClientOptions.builder()
                // Blocking commands take as long as they take; quick ones are limited in await().
                .timeoutOptions(TimeoutOptions.create())
                .build());
        try {
            this.shared = open().async();
        } catch (RedisUnavailableException e) {
            close();
            throw e;
        }
    }

    /**
     * Connects.
     *
     * @throws RedisUnavailableException if there is no Redis, or it does not let us in
     */
    public static RedisLink connect(JobSettings settings) {
        return new RedisLink(settings);
    }

    /** One more connection, for a command that blocks. */
    public StatefulRedisConnection<String, byte[]> open() {
        try {
            return client.connect(CODEC);
        } catch (RedisException e) {
            throw unavailable(e);
        }
    }

    /** How the keys of this deployment are named. */
    public Keys keys() {
        return keys;
    }

    /** Runs a script; a stage that fails with what Redis or the connection said. */
    public <T> CompletionStage<T> run(Script script, ScriptOutputType type, List<String> names, Arguments arguments) {
        return run(script, shared, type, names, arguments);
    }

    /** Runs a script over a connection of the caller's own. */
    public <T> CompletionStage<T> run(
            Script script,
            RedisAsyncCommands<String, byte[]> connection,
            ScriptOutputType type,
            List<String> names,
            Arguments arguments) {
        return script.run(connection, keys.prefix(), type, names, arguments);
    }

    /** The connection for commands that do not block; from any thread. */
    public RedisAsyncCommands<String, byte[]> commands() {
        return shared;
    }

    /**
     * Waits for an answer.
     *
     * @throws RedisUnavailableException if none comes in {@link #PATIENCE}, or the connection is lost
     */
    public <T extends @Nullable Object> T await(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted while waiting for Redis at " + address, e);
        }
    }

    /** What a failed command means for the caller. */
    public RuntimeException failed(Throwable cause) {
        if (cause instanceof RedisCommandExecutionException refused) {
            return new RedisUnavailableException("Redis at " + address + " refused: " + refused.getMessage(), refused);
        }
        if (cause instanceof TimeoutException) {
            return new RedisUnavailableException(
                    "Redis at " + address + " has not answered for " + PATIENCE.toSeconds() + " s", cause);
        }
        return new RedisUnavailableException("lost Redis at " + address + " (" + cause.getMessage() + ")", cause);
    }

    private RedisUnavailableException unavailable(RedisException e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        if (root instanceof RedisCommandExecutionException) {
            return new RedisUnavailableException(
                    "Redis at " + address + " does not let us in (" + root.getMessage()
                            + "); give user and password as redis://user:password@host:port",
                    e);
        }
        return new RedisUnavailableException(
                "no Redis at " + address + " (" + reason(root) + "); start one, or give --redis redis://host:port", e);
    }

    private static String reason(Throwable root) {
        var message = String.valueOf(root.getMessage());
        return switch (root) {
            case ConnectException _ -> "connection refused";
            case UnknownHostException _ -> "unknown host";
            default ->
                message.contains("NXDOMAIN") ? "unknown host" : message; // Netty's resolver has a type of its own
        };
    }

    /** {@code host:port}. */
    public String address() {
        return address.toString();
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        var _ = resources.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
