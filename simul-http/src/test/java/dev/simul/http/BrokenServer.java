package dev.simul.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Reads a request's head, says what it was told to say, and watches the other side; one connection after the other. */
final class BrokenServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch left = new CountDownLatch(1);

    /** @param hangUp whether to close the connection after the answer, or to stay silent until the client leaves */
    BrokenServer(String answer, boolean hangUp) throws IOException {
        Thread.ofVirtual().start(() -> serve(answer, hangUp));
    }

    private void serve(String answer, boolean hangUp) {
        while (!listener.isClosed()) { // the JDK's client asks a second time when a server hangs up without a word
            try (Socket socket = listener.accept()) {
                var in = socket.getInputStream();
                var head = new StringBuilder();
                while (head.indexOf("\r\n\r\n") < 0) {
                    int next = in.read();
                    if (next == -1) {
                        throw new EOFException("the client left before it had asked");
                    }
                    head.append((char) next);
                }
                asked.countDown();
                socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                if (!hangUp) {
                    while (in.read() != -1) {
                        // until the client closes
                    }
                }
            } catch (IOException _) {
                // a reset is a way of leaving, too
            } finally {
                left.countDown();
            }
        }
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    /** Returns when the request has been read. */
    void awaitRequest() throws InterruptedException {
        asked.await();
    }

    /** Returns when the connection is closed; a test that waits for ever here fails by its time limit. */
    void awaitClientGone() throws InterruptedException {
        left.await();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
