package dev.simul.jobs.internal.redis;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.NestedMultiOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.protocol.RedisStateMachine;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A connection on which the asking thread itself writes and reads, for a script that it would wait for anyway.
 *
 * <p>Over Lettuce's connections a command goes to another thread and its answer comes back from there, which takes a lone
 * caller as long as Redis and the network together. Here nothing is handed over, and nothing is tried twice: who gets no
 * answer asks over Lettuce, which knows what to do about a Redis that is away, lacks the script or refuses. So this line
 * needs no more than the plain case: TCP without TLS or sentinels, one platform thread at a time. What the bytes mean is
 * Lettuce's business here too.
 */
final class DirectLine {
    private static final ByteArrayCodec CODEC = ByteArrayCodec.INSTANCE;
    private static final int CHUNK = 8 << 10;
    private static final int MOST_KEPT = 1 << 16; // bytes of a buffer, between two calls
    private static final Duration TO_CONNECT = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1); // after one that did not come about

    private final RedisAddress address;
    private final int patienceMillis;
    private final ReentrantLock turn = new ReentrantLock();
    private long notBefore = System.nanoTime();
    private volatile @Nullable Connection connection;
    private volatile boolean closed;

    DirectLine(RedisAddress address, Duration patience) {
        this.address = address;
        this.patienceMillis = Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE);
    }

    /**
     * What a script answers; null if it is better asked for over Lettuce, also if it may have run.
     *
     * @throws TimeoutException if Redis is silent for longer than our patience lasts
     */
    @Nullable
    List<Object> ask(String digest, List<String> keys, byte[][] values) throws TimeoutException {
        var thread = Thread.currentThread();
        if (thread.isVirtual() || thread.isInterrupted() || !turn.tryLock()) {
            return null;
        }
        try {
            var line = connection;
            if (line == null) {
                line = connect();
            }
            return line == null ? null : line.ask(digest, keys, values);
        } catch (SocketTimeoutException e) {
            hangUp();
            var silent = new TimeoutException();
            silent.initCause(e);
            throw silent;
        } catch (IOException e) {
            hangUp();
            return null;
        } finally {
            turn.unlock();
        }
    }

    private @Nullable Connection connect() {
        var uri = address.uri();
        if (closed
                || uri.isSsl()
                || uri.getSocket() != null
                || address.hasSentinels()
                || System.nanoTime() - notBefore < 0) {
            return null;
        }
        try {
            var line = new Connection(address, patienceMillis);
            connection = line;
            if (closed) {
                hangUp();
            }
            return line;
        } catch (IOException e) {
            notBefore = System.nanoTime() + PAUSE.toNanos();
            return null;
        }
    }

    /** Closes the connection; the next call opens another. From any thread. */
    void hangUp() {
        var line = connection;
        connection = null;
        if (line != null) {
            line.close();
        }
    }

    /** Closes the connection for good. From any thread. */
    void close() {
        closed = true;
        hangUp();
    }

    private static final class Connection {
        private final Socket socket = new Socket(Proxy.NO_PROXY); // as Lettuce does
        private final RedisStateMachine decoder = new RedisStateMachine();
        private ByteBuf out = Unpooled.buffer(CHUNK);
        private ByteBuf in = Unpooled.buffer(CHUNK);

        Connection(RedisAddress address, int patienceMillis) throws IOException {
            var uri = address.uri();
            decoder.setProtocolVersion(ProtocolVersion.RESP2);
            try {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                socket.setSoTimeout(patienceMillis);
                socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), (int) TO_CONNECT.toMillis());
                var credentials = uri.getCredentialsProvider()
                        .resolveCredentials()
                        .toFuture()
                        .join();
                if (credentials != null && credentials.hasPassword()) {
                    ask(new Command<>(CommandType.AUTH, new StatusOutput<>(CODEC), words(credentials)));
                }
                if (uri.getDatabase() != 0) {
                    ask(new Command<>(
                            CommandType.SELECT,
                            new StatusOutput<>(CODEC),
                            new CommandArgs<>(CODEC).add(uri.getDatabase())));
                }
            } catch (IOException e) {
                close();
                throw e;
            }
        }

        private static CommandArgs<byte[], byte[]> words(RedisCredentials credentials) {
            var words = new CommandArgs<>(CODEC);
            if (credentials.hasUsername()) {
                words.add(credentials.getUsername());
            }
            return words.add(credentials.getPassword());
        }

        List<Object> ask(String digest, List<String> keys, byte[][] values) throws IOException {
            var words = new CommandArgs<>(CODEC).add(digest).add(keys.size());
            keys.forEach(words::add);
            return ask(new Command<>(CommandType.EVALSHA, new NestedMultiOutput<>(CODEC), words.addValues(values)));
        }

        private <T> T ask(Command<byte[], byte[], T> command) throws IOException {
            command.encode(out);
            socket.getOutputStream().write(out.array(), out.arrayOffset(), out.readableBytes());
            CommandOutput<byte[], byte[], T> answer = command.getOutput();
            do {
                if (in.writeBytes(socket.getInputStream(), CHUNK) < 0) {
                    throw new EOFException("Redis has closed the connection");
                }
            } while (!decoder.decode(in, answer));
            out = emptied(out);
            in = emptied(in);
            if (answer.hasError()) {
                throw new IOException(answer.getError());
            }
            return answer.get();
        }

        private static ByteBuf emptied(ByteBuf buffer) {
            return buffer.capacity() > MOST_KEPT ? Unpooled.buffer(CHUNK) : buffer.clear();
        }

        void close() {
            try {
                socket.close();
            } catch (IOException e) {
                // it is given up anyway
            }
        }
    }
}
