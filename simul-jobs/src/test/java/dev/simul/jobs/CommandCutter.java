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
 * A cable to a Redis that counts the commands that go through it, and at one of them ends or holds still.
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

    /** What becomes of the cable at that command. */
    enum Ending {
        /** Nothing goes through any more. */
        FOR_GOOD,
        /** The connection over which it came is cut, others are not. */
        ONE_CONNECTION,
        /** Nothing goes through while something else is done; then all goes on, with this command or its answer. */
        PAUSE
    }

    /** What a client does first, and what never changes anything. */
    static final Predicate<String> COUNTS =
            text -> !text.matches("(?s)(HELLO|CLIENT|INFO|PING|AUTH|SELECT|SCRIPT)\\b.*");

    private final int target;
    private final ServerSocket entrance;
    private final int at;
    private final Side side;
    private final Predicate<String> counts;
    private final Ending ending;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> mute = ConcurrentHashMap.newKeySet();
    private final Object answers = new Object(); // held while none may pass
    private volatile Runnable atTheEnd = () -> {};
    private int count; // guarded by this
    private volatile @Nullable String last;

    /**
     * Takes connections.
     *
     * @param at how many commands go through at most, the one at which it ends included
     * @param counts which commands count, by their text
     * @param ending what becomes of the cable there
     */
    CommandCutter(EmbeddedRedis redis, int at, Side side, Predicate<String> counts, Ending ending) throws IOException {
        this.target = redis.port();
        this.at = at;
        this.side = side;
        this.counts = counts;
        this.ending = ending;
        this.entrance = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + entrance.getLocalPort();
    }

    /** What is to be done when nothing goes through any more, or while nothing does. */
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
        return ending == Ending.FOR_GOOD && last != null;
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
                    if (last != null || !counts.test(text) || ++count != at) {
                        far.getOutputStream().write(command);
                    } else if (ending == Ending.PAUSE) {
                        pause(far, command, text);
                    } else {
                        end(near, far, command, text);
                        return;
                    }
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
        if (isOver()) {
            closeAll();
        }
        close(near);
        close(far);
    }

    private void pause(Socket far, byte[] command, String text) throws IOException {
        last = text;
        synchronized (answers) {
            if (side == Side.AFTER) {
                far.getOutputStream().write(command);
                awaitItsEnd();
            }
            atTheEnd.run();
        }
        if (side == Side.BEFORE) {
            far.getOutputStream().write(command);
        }
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
                synchronized (answers) {
                    if (!mute.contains(far)) {
                        near.getOutputStream().write(buffer, 0, n);
                    }
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
