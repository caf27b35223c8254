package dev.simul.sync;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * An end of a {@link Channel} from which one coroutine receives.
 *
 * <p>Several coroutines each have a {@link #copy}; when the last one is closed the channel is cancelled, so that senders see
 * that nobody listens. Closing an end under a coroutine that waits in it makes that one fail.
 *
 * <p>Thread: the loop's.
 *
 * @param <T> the items
 */
public final class Receiver<T> implements Iterable<T>, AutoCloseable {

    private final Channel<T> channel;
    private boolean closed;

    Receiver(Channel<T> channel) {
        this.channel = channel;
    }

    /**
     * {@link Channel#receive}.
     *
     * @throws ChannelClosedException also if this end is closed
     */
    public T receive() {
        requireOpen();
        return channel.receiveThrough(this);
    }

    /**
     * {@link Channel#tryReceive}.
     *
     * @throws ChannelClosedException also if this end is closed
     */
    public @Nullable T tryReceive() {
        requireOpen();
        return channel.tryReceive();
    }

    /** {@link Channel#iterator}. */
    @Override
    public Iterator<T> iterator() {
        requireOpen();
        return channel.iteratorOf(this);
    }

    /** Another end of the same channel, to be closed on its own. */
    public Receiver<T> copy() {
        requireOpen();
        return channel.receiver();
    }

    /** Closes this end. Doing it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            channel.receiverClosed(this);
        }
    }

    /** Whether this end was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** The channel. */
    public Channel<T> channel() {
        return channel;
    }

    private void requireOpen() {
        if (closed) {
            throw closed();
        }
    }

    ChannelClosedException closed() {
        return new ChannelClosedException("this Receiver is closed: give each coroutine its own copy()", null);
    }

    @Override
    public String toString() {
        return "Receiver[" + (closed ? "closed" : channel) + "]";
    }
}
