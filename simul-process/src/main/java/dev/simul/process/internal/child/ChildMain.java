package dev.simul.process.internal.child;

import dev.simul.process.internal.wire.Frame;
import dev.simul.process.internal.wire.Frame.Kind;
import dev.simul.process.internal.wire.FrameChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * The main class of a child JVM: connects to its pool, shows its token, then answers one call after the other.
 *
 * <p>The token comes on standard input, which nobody else on the machine can read; afterwards that is the
 * {@link Lifeline}. When the pool wants the child to go it closes the socket; the child then exits in the ordinary way,
 * with its shutdown hooks.
 *
 * <p>Arguments: path of the socket, largest payload in bytes. No lambdas here: the first one would cost 10 ms.
 */
public final class ChildMain {
    /** Length of the token. */
    public static final int TOKEN_BYTES = 32;

    private ChildMain() {}

    /** Runs until the pool hangs up or dies. */
    public static void main(String[] arguments) throws IOException {
        byte[] token = System.in.readNBytes(TOKEN_BYTES);
        System.setIn(InputStream.nullInputStream());
        int maxPayloadBytes = Integer.parseInt(arguments[1]);
        var desk = new Desk(maxPayloadBytes);
        new Lifeline().start();
        try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            var frames = new FrameChannel(socket);
            frames.write(Kind.HELLO, token);
            for (Frame call = frames.read(maxPayloadBytes); call != null; call = frames.read(maxPayloadBytes)) {
                Frame reply = desk.answer(call.payload());
                frames.write(reply.kind(), reply.payload());
            }
        }
        System.exit(0);
    }
}
