package dev.simul.jobs;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cable to a Redis that counts the commands that go through it, and ends at one of them.
 *
 * <p>One command at a time goes through, over whichever connection it comes; so when the cable ends at a command, Redis
 * has got those before it and no other.
 */
final class CommandCutter implements AutoCloseable {
    /** Whether Redis still gets the command at which the cable ends. */
    enum Side {
        BEFORE,
        AFTER
    }

    /** What a client does first, and what never changes anything. */
    static final Predicate<String> COUNTS =
            text -> !text.matches("(?s)(HELLO|CLIENT|INFO|PING|AUTH|SELECT|SCRIPT)\\b.*");

    private final int target;
    private final ServerSocket entrance;
    private final int at;
    private final Side side;
    private final Predicate<String> counts;
    private final boolean forGood;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> mute = ConcurrentHashMap.newKeySet();
    private volatile Runnable atTheEnd = () -> {};
    private int count; // guarded by this
    private volatile @Nullable String last;

    /**
     * Takes connections.
     *
     * @param at how many commands go through at most, the one at which it ends included
     * @param counts which commands count, by their text
     * @param forGood whether everything ends there, and not only the one connection
     */
    CommandCutter(EmbeddedRedis redis, int at, Side side, Predicate<String> counts, boolean forGood)
            throws IOException {
        this.target = redis.port();
        this.at = at;
        this.side = side;
        this.counts = counts;
        this.forGood = forGood;
        this.entrance = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + entrance.getLocalPort();
    }

    /** What is to be done when nothing goes through any more. */
    void atTheEnd(Runnable action) {
        atTheEnd = action;
    }

    /** The command at which it ended; null if there were not as many. */
    @Nullable
    synchronized String last() { // not in the middle of the end
        return last;
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var near = entrance.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                sockets.add(near);
                sockets.add(far);
                if (isOver()) {
                    close(near);
                    close(far);
                }
                Thread.ofVirtual().start(() -> requests(near, far));
                Thread.ofVirtual().start(() -> answers(far, near));
            } catch (IOException e) {
                // closed, or Redis is gone
            }
        }
    }

    private boolean isOver() {
        return forGood && last != null;
    }

    private void requests(Socket near, Socket far) {
        try {
            var in = new BufferedInputStream(near.getInputStream());
            while (true) {
                var command = read(in);
                synchronized (this) {
                    if (isOver()) {
                        return;
                    }
                    var text = text(command);
                    if (last == null && counts.test(text) && ++count == at) {
                        end(near, far, command, text);
                        return;
                    }
                    far.getOutputStream().write(command);
                }
            }
        } catch (IOException e) {
            close(near);
            close(far);
        }
    }

    private void end(Socket near, Socket far, byte[] command, String text) throws IOException {
        if (side == Side.AFTER) {
            mute.add(far); // no answer arrives
            far.getOutputStream().write(command);
            awaitItsEnd();
        }
        last = text;
        atTheEnd.run();
        if (forGood) {
            closeAll();
        }
        close(near);
        close(far);
    }

    /** Redis reads all sockets that have something in one round, so the third answer is from a round after ours. */
    private void awaitItsEnd() throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), target)) {
            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().readNBytes(7).length < 7) {
                    throw new EOFException("Redis is gone");
                }
            }
        }
    }

    private void answers(Socket far, Socket near) {
        var buffer = new byte[1 << 16];
        try {
            for (int n; (n = far.getInputStream().read(buffer)) >= 0; ) {
                if (!mute.contains(far)) {
                    near.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // cut
        }
        close(near);
        close(far);
    }

    /** One command as it came: a count, then so many texts, each behind its length. */
    private static byte[] read(InputStream in) throws IOException {
        var command = new ByteArrayOutputStream();
        int parts = number(in, command);
        for (int i = 0; i < parts; i++) {
            int length = number(in, command) + 2;
            var part = in.readNBytes(length);
            if (part.length < length) {
                throw new EOFException();
            }
            command.write(part);
        }
        return command.toByteArray();
    }

    private static int number(InputStream in, ByteArrayOutputStream copy) throws IOException {
        var line = new StringBuilder();
        for (int c; (c = in.read()) != '\n'; ) {
            if (c < 0) {
                throw new EOFException();
            }
            copy.write(c);
            line.append((char) c);
        }
        copy.write('\n');
        return Integer.parseInt(line.substring(1).strip());
    }

    /** Its words. */
    private static String text(byte[] command) {
        return new String(command, StandardCharsets.ISO_8859_1)
                .replaceFirst("^\\*\\d+\r\n", "")
                .replaceAll("\\$\\d+\r\n", "")
                .replace("\r\n", " ");
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone, which was the aim
        }
    }

    private void closeAll() {
        sockets.forEach(CommandCutter::close);
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        closeAll();
    }
}
