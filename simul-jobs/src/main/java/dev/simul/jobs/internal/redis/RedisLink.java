package dev.simul.jobs.internal.redis;

import dev.simul.jobs.JobSettings;
import dev.simul.jobs.RedisUnavailableException;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.event.connection.ReconnectFailedEvent;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.Transports.NativeTransports;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Our connections to one Redis: a shared one for quick commands, further ones for commands that block.
 *
 * <p>A lost connection comes back by itself; commands under way are then sent again, so every script must bear that. A
 * command that nobody waits for any more is not.
 */
public final class RedisLink implements AutoCloseable {
    /** How long Redis may take to connect or to answer before it counts as unavailable, if the settings do not say. */
    public static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);

    private final RedisAddress address;
    private final Keys keys;
    private final Duration patience;
    private final OpenChannels channels = new OpenChannels();
    private final ClientResources resources;
    private final RedisClient client;
    private final RedisAsyncCommands<String, byte[]> shared;
    private final DirectLine line;
    private final AtomicLong losses = new AtomicLong(); // of the shared connection
    private final Map<RedisAsyncCommands<?, ?>, AtomicLong> furtherLosses =
            Collections.synchronizedMap(new WeakHashMap<>());
    private volatile @Nullable PutOff lastPutOff;
    private volatile @Nullable Throwable whyNoReconnect; // written by Lettuce's threads, read for error texts

    private RedisLink(JobSettings settings) {
        this.address = RedisAddress.of(settings);
        this.keys = new Keys(settings.keyPrefix());
        this.patience = settings.patience();
        this.line = new DirectLine(address, patience);
        this.resources = DefaultClientResources.builder()
                .ioThreadPoolSize(2)
                .computationThreadPoolSize(2)
                // A fleet that has lost its Redis must not come back in one blow, nor wait long.
                .reconnectDelay(Delay.fullJitter(FIRST_PAUSE, LONGEST_PAUSE, 20, TimeUnit.MILLISECONDS))
                .nettyCustomizer(channels)
                .build();
        var uri = address.uri();
        uri.setTimeout(attempt());
        uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(attempt())); // one that hangs must not hold us up
        // With a native transport of Netty's on the class path, all of Lettuce's connections are its own.
        this.client = uri.getSocket() == null || NativeTransports.isDomainSocketSupported()
                ? RedisClient.create(resources, uri)
                : UnixSocketClient.of(resources, uri);
        try {
            client.setOptions(options());
            var connection = connect(true);
            connection.addListener(new Losses());
            this.shared = connection.async();
            resources
                    .eventBus()
                    .get()
                    .ofType(ReconnectFailedEvent.class)
                    .subscribe(event -> whyNoReconnect = event.getCause());
            ServerCheck.require(this);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** How long one attempt to connect may take: however patient we are, a server that hangs must be left for another. */
    private Duration attempt() {
        return patience.compareTo(PATIENCE) < 0 ? patience : PATIENCE;
    }

    private ClientOptions options() {
        var options = ClientOptions.builder()
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(attempt())
                        .keepAlive(true)
                        .build())
                // Blocking commands take as long as they take; quick ones are limited in await().
                .timeoutOptions(TimeoutOptions.create());
        var tls = address.tls();
        if (tls != null) {
            options.sslOptions(Certificates.options(tls, attempt()));
        }
        return options.build();
    }

    /**
     * Connects.
     *
     * @throws RedisUnavailableException if there is no Redis, or it does not let us in, or it cannot hold our queues
     */
    public static RedisLink connect(JobSettings settings) {
        if (settings.servers().size() > 1) {
            throw new IllegalArgumentException("one Redis is needed here, but the settings name "
                    + settings.servers().size() + "; do this for each of JobQueue.servers() or JobSettings.servers()");
        }
        return new RedisLink(settings);
    }

    /** One more connection, for a command that blocks; tried while our patience lasts, for Redis was there. */
    public StatefulRedisConnection<String, byte[]> open() {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                var connection = connect(false);
                var count = new AtomicLong();
                furtherLosses.put(connection.async(), count);
                connection.addListener(new Counting(count));
                return connection;
            } catch (RedisUnavailableException e) {
                if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                LockSupport.parkNanos(FIRST_PAUSE.toNanos());
            }
        }
    }

    private StatefulRedisConnection<String, byte[]> connect(boolean atStart) {
        try {
            return client.connect(CODEC);
        } catch (RedisException e) {
            throw Trouble.connecting(address, e, atStart);
        }
    }

    /** One more connection, which is told what others publish; it subscribes anew when it was lost and comes back. */
    public StatefulRedisPubSubConnection<String, byte[]> openPubSub() {
        try {
            return client.connectPubSub(CODEC);
        } catch (RedisException e) {
            throw Trouble.connecting(address, e, false);
        }
    }

    /** How the keys of this deployment are named. */
    public Keys keys() {
        return keys;
    }

    /** How long Redis may take to answer before it counts as unavailable. */
    public Duration patience() {
        return patience;
    }

    /**
     * Runs a script; a stage that fails with what Redis or the connection said.
     *
     * <p>A Redis that is starting, busy with another script or just handing over to another one is asked again while
     * our patience lasts.
     */
    public <T> CompletionStage<T> run(Script script, ScriptOutputType type, List<String> names, Arguments arguments) {
        return run(script, shared, type, names, arguments);
    }

    /**
     * Runs a script that its caller is about to wait for: in the caller's own thread where that can be, so that the stage
     * is complete when it is returned.
     */
    public CompletionStage<List<?>> runHere(Script script, List<String> names, Arguments arguments) {
        try {
            var answer = line.ask(script.with(keys.prefix()).digest(), names, arguments.toArray());
            if (answer != null) {
                return CompletableFuture.completedStage(answer);
            }
        } catch (TimeoutException e) {
            return CompletableFuture.failedStage(e);
        }
        return run(script, ScriptOutputType.MULTI, names, arguments);
    }

    /** Runs a script over a connection of the caller's own. */
    public <T> CompletionStage<T> run(
            Script script,
            RedisAsyncCommands<String, byte[]> connection,
            ScriptOutputType type,
            List<String> names,
            Arguments arguments) {
        var call = new ScriptCall<T>(this, connection, script.with(keys.prefix()), type, names, arguments);
        call.begin();
        return call;
    }

    /** The connection for commands that do not block; from any thread. */
    public RedisAsyncCommands<String, byte[]> commands() {
        return shared;
    }

    /**
     * Waits for an answer. One that does not come in time is given up: a command that has not been sent by then never
     * will be.
     *
     * @throws RedisUnavailableException if none comes while our patience lasts, or the connection is lost
     */
    public <T extends @Nullable Object> T await(CompletionStage<T> answer) {
        var future = answer.toCompletableFuture();
        try {
            return future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failed(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            future.cancel(false);
            throw failed(e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted while waiting for Redis at " + address, e);
        }
    }

    /** Does it also in an interrupted thread, where {@link #await} gives up at once; the thread stays interrupted. */
    public static void evenIfInterrupted(Runnable farewell) {
        boolean interrupted = Thread.interrupted();
        try {
            farewell.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What went wrong in a stage, without the wrapping that later stages put around it. */
    public static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** What a failed command means for the caller. */
    public RuntimeException failed(Throwable cause) {
        if (cause instanceof TimeoutException) {
            // Behind a cut cable or a frozen server a connection looks alive for a quarter of an hour.
            reconnect();
        } else if (Refusal.of(cause) == Refusal.READ_ONLY) {
            reconnect();
        }
        var last = lastPutOff;
        if (cause instanceof TimeoutException
                && last != null
                && System.nanoTime() - last.at < patience.plus(LONGEST_PAUSE).toNanos()) {
            return Trouble.puttingOff(address, patience, last.why);
        }
        return Trouble.using(address, patience, cause, whyNoReconnect);
    }

    /**
     * Closes all connections, which then come back by themselves, to where Redis is by then; commands under way are
     * sent again. From any thread, and harmless while they are coming back.
     */
    public void reconnect() {
        channels.close();
        line.hangUp();
    }

    /** Runs something short after a while, in a thread of this link: no pool that jobs could clog. */
    public void after(Duration pause, Runnable task) {
        var _ = resources.eventExecutorGroup().schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Redis has refused a script for a reason that may pass. */
    void putOff(Throwable why) {
        lastPutOff = new PutOff(why, System.nanoTime());
    }

    /** How often the shared connection has been lost: if it changes, an answer may have been lost on the way. */
    public long losses() {
        return losses.get();
    }

    /** {@code host:port}. */
    public String address() {
        return address.toString();
    }

    /**
     * How often one of our connections has been lost. An answer that comes after a loss is not to be trusted: Lettuce
     * asks again and decodes on top of what had arrived of the first answer.
     */
    public long losses(RedisAsyncCommands<?, ?> connection) {
        if (connection.equals(shared)) {
            return losses.get();
        }
        var count = furtherLosses.get(connection);
        return count == null ? 0 : count.get();
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "Redis at " + address;
    }

    @Override
    public void close() {
        line.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        var _ = resources.shutdown(0, 2, TimeUnit.SECONDS);
    }

    private record PutOff(Throwable why, long at) {}

    /** Counts the losses of one connection. */
    private record Counting(AtomicLong losses) implements RedisConnectionStateListener {
        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            losses.incrementAndGet();
        }
    }

    /** Says once that Redis is gone, and once that it is back. */
    private final class Losses implements RedisConnectionStateListener {
        private volatile long since; // Lettuce calls one after the other, from threads of its own

        @Override
        public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
            since = System.nanoTime();
            losses.incrementAndGet();
        }

        @Override
        public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress to) {
            whyNoReconnect = null;
            var away = Duration.ofNanos(System.nanoTime() - since);
            LOG.log(Level.INFO, "Redis at {0} is back after {1} ms", address, away.toMillis());
        }
    }
}
