package dev.simul.jobs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A cable between a client and a Redis that a test can freeze and cut. */
final class Wire implements AutoCloseable {
    private final int target;
    private final ServerSocket entrance;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private volatile @Nullable String last; // what an answer contains that must not arrive

    Wire(EmbeddedRedis redis) throws IOException {
        this.target = redis.port();
        this.entrance = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    String url() {
        return "redis://127.0.0.1:" + entrance.getLocalPort();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                var near = entrance.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(near);
                sockets.add(far);
                Thread.ofVirtual().start(() -> pump(near, far, false));
                Thread.ofVirtual().start(() -> pump(far, near, true));
            } catch (IOException e) {
                // closed, or Redis is gone
            }
        }
    }

    private void pump(Socket from, Socket to, boolean answers) {
        var buffer = new byte[1 << 16];
        try {
            for (int n; (n = from.getInputStream().read(buffer)) >= 0; ) {
                var needle = last;
                if (answers
                        && needle != null
                        && new String(buffer, 0, n, StandardCharsets.ISO_8859_1).contains(needle)) {
                    last = null;
                    break;
                }
                if (!frozen.contains(from)) {
                    to.getOutputStream().write(buffer, 0, n);
                }
            }
        } catch (IOException e) {
            // cut
        }
        close(from);
        close(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone, which was the aim
        }
    }

    /** From now on nothing goes through the connections there are; neither end is told. */
    void freeze() {
        frozen.addAll(sockets);
    }

    /** Cuts the connection over which an answer comes that contains this text, instead of letting it through; once. */
    void cutInsteadOfAnswer(String text) {
        last = text;
    }

    boolean isArmed() {
        return last != null;
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        sockets.forEach(Wire::close);
    }
}
