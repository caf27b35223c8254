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
public final class Sender<T> extends ChannelEnd<T> {

    Sender(Channel<T> channel) {
        super(channel);
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

    @Override
    void tellChannel() {
        channel.senderClosed(this);
    }
}
