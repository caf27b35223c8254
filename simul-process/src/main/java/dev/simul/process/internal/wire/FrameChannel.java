package dev.simul.process.internal.wire;

import dev.simul.process.internal.wire.Frame.Kind;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Frames over a socket: four bytes length of the payload, one byte kind, the payload.
 *
 * <p>Both sides say one thing at a time and wait for the answer, so one thread writes and then reads. Bytes pass
 * through one direct buffer: a heap buffer would make the JDK keep a direct copy as large as the largest payload.
 */
public final class FrameChannel implements Closeable {
    private static final int HEADER_BYTES = 5;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final SocketChannel socket;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);

    /** Frames on a connected, blocking socket. */
    public FrameChannel(SocketChannel socket) {
        this.socket = socket;
    }

    /** Sends one frame; returns when the socket has taken all of it. */
    public void write(Kind kind, byte[] payload) throws IOException {
        out.clear().putInt(payload.length).put(kind.code);
        int offset = 0;
        do {
            int piece = Math.min(out.remaining(), payload.length - offset);
            out.put(payload, offset, piece).flip();
            offset += piece;
            while (out.hasRemaining()) {
                socket.write(out);
            }
            out.clear();
        } while (offset < payload.length);
    }

    /**
     * Waits for the next frame.
     *
     * @return null when the other side has closed between two frames
     * @throws EOFException when it closed within a frame
     * @throws ProtocolException when what arrives is no frame of ours, or larger than the limit
     */
    public @Nullable Frame read(int maxPayloadBytes) throws IOException {
        while (in.remaining() < HEADER_BYTES) {
            if (!fill()) {
                if (in.hasRemaining()) {
                    throw new EOFException("connection closed within the header of a frame");
                }
                return null;
            }
        }
        int length = in.getInt();
        Kind kind = Kind.of(in.get());
        if (length < 0 || length > maxPayloadBytes) {
            throw new ProtocolException("a frame of " + Integer.toUnsignedString(length)
                    + " bytes was announced, the limit is maxPayloadBytes = " + maxPayloadBytes);
        }
        return new Frame(kind, payload(length));
    }

    private byte[] payload(int length) throws IOException {
        byte[] payload = new byte[length];
        for (int offset = 0; offset < length; ) {
            if (!in.hasRemaining() && !fill()) {
                throw new EOFException("connection closed after " + offset + " of " + length + " bytes of a frame");
            }
            int piece = Math.min(in.remaining(), length - offset);
            in.get(payload, offset, piece);
            offset += piece;
        }
        return payload;
    }

    private boolean fill() throws IOException {
        in.compact();
        try {
            return socket.read(in) >= 0;
        } finally {
            in.flip();
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException notConnectedAnyMore) {
            // Which is what was wanted.
        }
    }
}
