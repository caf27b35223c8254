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
 * <p>The token comes on standard input, which nobody else on the machine can read. Afterwards standard input stays
 * open and silent: it is the lifeline. The kernel closes it when the parent dies, however that happens, and the child
 * halts at once, also in the middle of a task, when nobody reads the socket. When the pool wants the child to go it closes
 * the socket instead; the child then exits in the ordinary way, with its shutdown hooks.
 *
 * <p>Arguments: path of the socket, largest payload in bytes.
 */
public final class ChildMain {
    /** Length of the token. */
    public static final int TOKEN_BYTES = 32;

    private static final int PARENT_DIED = 1;

    private ChildMain() {}

    /** Runs until the pool hangs up or dies. */
    public static void main(String[] arguments) throws IOException {
        InputStream lifeline = System.in;
        byte[] token = lifeline.readNBytes(TOKEN_BYTES);
        System.setIn(InputStream.nullInputStream());
        Thread.ofPlatform().daemon().name("simul-lifeline").start(() -> haltAtEndOf(lifeline));

        int maxPayloadBytes = Integer.parseInt(arguments[1]);
        try (var socket = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
            var frames = new FrameChannel(socket);
            frames.write(Kind.HELLO, token);
            var desk = new Desk(maxPayloadBytes);
            for (Frame call = frames.read(maxPayloadBytes); call != null; call = frames.read(maxPayloadBytes)) {
                Frame reply = desk.answer(call.payload());
                frames.write(reply.kind(), reply.payload());
            }
        }
        System.exit(0);
    }

    private static void haltAtEndOf(InputStream lifeline) {
        try {
            while (lifeline.read() >= 0) {
                // The parent says nothing more here; whatever comes is not for us.
            }
        } catch (IOException gone) {
            // As good as its end.
        }
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        Runtime.getRuntime().halt(PARENT_DIED);
    }
}
