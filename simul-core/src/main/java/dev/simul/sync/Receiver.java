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
public final class Receiver<T> extends ChannelEnd<T> implements Iterable<T> {

    Receiver(Channel<T> channel) {
        super(channel);
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

    @Override
    void tellChannel() {
        channel.receiverClosed(this);
    }
}
