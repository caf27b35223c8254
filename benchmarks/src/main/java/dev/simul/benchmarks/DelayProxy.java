package dev.simul.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * A connection to Redis on which every reply comes later by a fixed time, as from a server further away.
 *
 * <p>It delays and does not dam up: what arrives while something waits goes on its own way after the same time.
 */
final class DelayProxy implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;

    /** A piece of a reply, and when it may go on; an empty one is the last. */
    private record Piece(ByteBuffer bytes, long due) {}

    DelayProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("delay-proxy").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                var redis = new Socket(InetAddress.getLoopbackAddress(), target);
                for (var socket : new Socket[] {client, redis}) {
                    socket.setTcpNoDelay(true);
                    sockets.add(socket);
                }
                var pieces = new LinkedBlockingQueue<Piece>();
                thread(() -> copy(client, redis));
                thread(() -> collect(redis, pieces));
                thread(() -> deliver(pieces, client));
            } catch (IOException e) {
                // the server is closed, or Redis is gone
            }
        }
    }

    private static void thread(Runnable work) {
        Thread.ofPlatform().daemon().name("delay-proxy").start(work);
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            // one side hung up
        }
    }

    private void collect(Socket redis, LinkedBlockingQueue<Piece> pieces) {
        var buffer = new byte[65_536];
        try (var in = redis.getInputStream()) {
            for (int length; (length = in.read(buffer)) >= 0; )
                pieces.add(new Piece(ByteBuffer.wrap(Arrays.copyOf(buffer, length)), System.nanoTime() + delayNanos));
        } catch (IOException e) {
            // one side hung up
        }
        pieces.add(new Piece(ByteBuffer.allocate(0), 0));
    }

    private static void deliver(LinkedBlockingQueue<Piece> pieces, Socket client) {
        try (var out = client.getOutputStream()) {
            var piece = pieces.take();
            while (piece.bytes().hasRemaining()) {
                await(piece.due());
                out.write(piece.bytes().array());
                piece = pieces.take();
            }
        } catch (IOException | InterruptedException e) {
            // one side hung up
        }
    }

    private static void await(long moment) {
        long left = moment - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = moment - System.nanoTime();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (var socket : sockets) socket.close();
    }
}
