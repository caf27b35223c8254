package dev.simul.sync;

/** What both ends of a {@link Channel} have in common: they are closed on their own, and refuse work from then on. */
abstract sealed class ChannelEnd<T> implements AutoCloseable permits Sender, Receiver {

    final Channel<T> channel;
    private boolean closed;

    ChannelEnd(Channel<T> channel) {
        this.channel = channel;
    }

    /** Closes this end. Doing it again does nothing. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tellChannel();
        }
    }

    /** Tells the channel that this end was closed. */
    abstract void tellChannel();

    /** Whether this end was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** The channel. */
    public Channel<T> channel() {
        return channel;
    }

    final void requireOpen() {
        if (closed) {
            throw closed();
        }
    }

    final ChannelClosedException closed() {
        return new ChannelClosedException("this " + kind() + " is closed: give each coroutine its own copy()", null);
    }

    private String kind() {
        return getClass().getSimpleName();
    }

    @Override
    public String toString() {
        return kind() + "[" + (closed ? "closed" : channel) + "]";
    }
}
