package dev.simul.sync;

/**
 * An end of a {@link Channel} into which one coroutine sends.
 *
 * <p>Several coroutines each have a {@link #copy}; when the last one is closed the channel is closed, so that receivers see
 * the end. Closing an end under a coroutine that waits in it makes that one fail.
 *
 * <p>Thread: the loop's.
 *
 * @param <T> the items
 */
public final class Sender<T> implements AutoCloseable {

    private final Channel<T> channel;
    private boolean closed;

    Sender(Channel<T> channel) {
        this.channel = channel;
    }

    /**
     * {@link Channel#send}.
     *
     * @throws ChannelClosedException also if this end is closed
     */
    public void send(T item) {
        requireOpen();
        channel.sendThrough(this, item);
    }

    /**
     * {@link Channel#trySend}.
     *
     * @throws ChannelClosedException also if this end is closed
     */
    public boolean trySend(T item) {
        requireOpen();
        return channel.trySend(item);
    }

    /** Another end of the same channel, to be closed on its own. */
    public Sender<T> copy() {
        requireOpen();
        return channel.sender();
    }

    /** Closes this end. Doing it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            channel.senderClosed(this);
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
        return new ChannelClosedException("this Sender is closed: give each coroutine its own copy()", null);
    }

    @Override
    public String toString() {
        return "Sender[" + (closed ? "closed" : channel) + "]";
    }
}
