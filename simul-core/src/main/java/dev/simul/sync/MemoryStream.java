package dev.simul.sync;

import java.io.IOException;

/**
 * One side of a connection in memory, over which coroutines of one loop send each other bytes.
 *
 * <p>For tests of protocols: two sides, each of which sends and receives, without sockets and on virtual time. A
 * {@link #pair} takes any number of bytes at once, so that sending never waits. In a {@link #lockstepPair} a sender waits
 * until the other side has taken all of it, which brings to light who relies on buffers.
 *
 * <p>One coroutine may send while another receives; two that do the same get {@link IllegalStateException}.
 *
 * <p>Thread: the loop's.
 *
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-testing.html#streams">trio's memory streams</a>
 */
public final class MemoryStream implements AutoCloseable {

    /**
     * The two sides of a connection.
     *
     * @param left what it sends comes out at the right
     * @param right what it sends comes out at the left
     */
    public record Pair(MemoryStream left, MemoryStream right) {}

    /**
     * A side of a connection at some moment.
     *
     * @param toReceive how many bytes have come and were not received
     * @param toBeReceived how many bytes that were sent the other side has not received
     * @param waiting how many coroutines wait in the connection, on both sides
     */
    public record Statistics(int toReceive, int toBeReceived, int waiting) {}

    private final Home home = new Home();
    private final MemoryPipe incoming;
    private final MemoryPipe outgoing;
    private boolean closed;

    private MemoryStream(MemoryPipe incoming, MemoryPipe outgoing) {
        this.incoming = incoming;
        this.outgoing = outgoing;
    }

    /** A connection that keeps what was sent until it is received. */
    public static Pair pair() {
        return pair(false);
    }

    /** A connection that keeps nothing: who sends waits until the other side has received it. */
    public static Pair lockstepPair() {
        return pair(true);
    }

    private static Pair pair(boolean lockstep) {
        var toLeft = new MemoryPipe(lockstep);
        var toRight = new MemoryPipe(lockstep);
        return new Pair(new MemoryStream(toLeft, toRight), new MemoryStream(toRight, toLeft));
    }

    /**
     * Sends bytes; the array may be changed afterwards.
     *
     * @throws java.nio.channels.ClosedChannelException if this side is closed, or has sent its end
     * @throws IOException if the other side is closed
     * @throws IllegalStateException if another coroutine is sending
     */
    public void sendAll(byte[] data) throws IOException {
        home.enter(this, "sendAll(…)", "java.io.PipedOutputStream");
        outgoing.send(data);
    }

    /**
     * Receives what has come; waits until something has, or the end.
     *
     * @return at least one byte; none at the end
     * @throws java.nio.channels.ClosedChannelException if this side is closed
     * @throws IllegalStateException if another coroutine is receiving
     */
    public byte[] receiveSome() throws IOException {
        return receiveSome(Integer.MAX_VALUE);
    }

    /**
     * {@link #receiveSome()} with a limit.
     *
     * @param maxBytes 1 or more
     * @return at least one byte, at most {@code maxBytes}; none at the end
     * @throws java.nio.channels.ClosedChannelException if this side is closed
     * @throws IllegalStateException if another coroutine is receiving
     */
    public byte[] receiveSome(int maxBytes) throws IOException {
        home.enter(this, "receiveSome(…)", "java.io.PipedInputStream");
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be 1 or more, was " + maxBytes);
        }
        return incoming.receive(maxBytes);
    }

    /** Says that this side sends no more. It can still receive. */
    public void sendEof() {
        home.check(this);
        outgoing.closeSender();
    }

    /** Closes both directions. The other side receives what was sent, and then the end. Doing it again does nothing. */
    @Override
    public void close() {
        home.check(this);
        closed = true;
        outgoing.closeSender();
        incoming.closeReceiver();
    }

    /** Whether this side was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(incoming.size(), outgoing.size(), incoming.waiting() + outgoing.waiting());
    }

    @Override
    public String toString() {
        return "MemoryStream[" + incoming.size() + " bytes to receive"
                + (closed ? ", closed" : outgoing.isSenderClosed() ? ", sends no more" : "") + "]";
    }
}
