package dev.simul.sync;

import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.TaskGroup;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

// Who gets which item
//
// Items leave in the order in which they were sent, whoever receives them. A receiver that waits is not given an item
// but a claim to the next one: the item stays at the head of the buffer (also of a rendezvous channel, for that
// moment) until the receiver runs. If it is cancelled before, it passes the claim on, and nothing has to be put back:
// neither an item nor its place can be lost. Newcomers see only what nobody has a claim to.
//
// A sender that waits keeps its item until a receiver or the buffer takes it. From then on the item is sent, so the
// sender returns normally even if it is cancelled before it runs; the cancellation is delivered at its next wait
// (trio's rule: what throws CancelledError had no effect).
//
// So at any time: receivers without a claim wait only if there is no item without a claim, senders only if there is no
// room, and never both.

/**
 * Items that pass from coroutines to coroutines of one loop, in the order in which they were sent.
 *
 * <p>A {@link #rendezvous} channel passes an item when both sides have come; a {@link #buffered} one holds some meanwhile; an
 * {@link #unlimited} one never makes a sender wait, nor does a {@link #conflated} one, of which only the latest item is kept.
 * What need not wait does not let others run.
 *
 * <p>{@link #close} lets nothing more in; receivers get what is left and then the end, which ends a loop over the channel.
 * {@link #cancel} also drops what is left. Where several coroutines send or receive, each can have an end of its own: when
 * the last {@link Sender} is closed so is the channel, and when the last {@link Receiver} is, the channel is cancelled.
 *
 * <p>No item is lost: a coroutine that is cancelled has sent nothing and received nothing. What was sent and will not be
 * received goes to {@link #onUndelivered}.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.BlockingQueue}.
 *
 * @param <T> the items
 * @see <a href="https://trio.readthedocs.io/en/stable/reference-core.html#using-channels-to-pass-values-between-tasks">trio's
 *     memory channels</a> and <a href="https://kotlinlang.org/docs/channels.html">Kotlin's channels</a>
 * @see Select
 */
public final class Channel<T> implements Iterable<T>, AutoCloseable {

    /** What happens to an item for which there is no room. */
    public enum Overflow {
        /** Its sender waits. */
        WAIT,
        /** It takes the place of the oldest item, which is dropped. */
        DROP_OLDEST,
        /** It is dropped. */
        DROP_LATEST
    }

    /**
     * What sends into a channel of its own; see {@link Channel#produce}.
     *
     * @param <T> the items
     */
    @FunctionalInterface
    public interface Producer<T> {
        /**
         * Sends the items.
         *
         * @throws Exception what the receiver gets after the items that were sent
         */
        void run(Sender<T> out) throws Exception;
    }

    /**
     * A channel at some moment.
     *
     * @param size how many items are in the buffer for whoever comes
     * @param capacity how many fit; 0 for a rendezvous channel, {@link Integer#MAX_VALUE} for any number
     * @param senders how many ends for sending are open
     * @param receivers how many ends for receiving are open
     * @param sending how many coroutines wait for room or a receiver
     * @param receiving how many coroutines wait for an item
     * @param closed whether nothing more can be sent
     */
    public record Statistics(
            int size, int capacity, int senders, int receivers, int sending, int receiving, boolean closed) {}

    private static final System.Logger LOG = System.getLogger("dev.simul");

    /** What a waiter has got: a claim to the next item, or nothing but the news that the channel is closed. */
    private enum Got {
        CLAIM,
        CLOSED
    }

    private final Home home = new Home();
    private final Waiters sending = new Waiters(this);
    private final Waiters receiving = new Waiters(this);
    private final ArrayDeque<T> buffer = new ArrayDeque<>();
    private final int capacity;
    private final Overflow overflow;
    private @Nullable Consumer<? super T> undelivered;

    /** How many of the items at the head of the buffer belong to receivers that have not run since. */
    private int claims;

    private int senders;
    private int receivers;
    private boolean closed;
    private boolean cancelled;
    private @Nullable Throwable cause;

    /** The task that sends, if it has nothing else to do. */
    private @Nullable Task<?> producer;

    private Channel(int capacity, Overflow overflow) {
        this.capacity = capacity;
        this.overflow = overflow;
    }

    /** A channel without a buffer: a sender waits until a receiver takes the item. */
    public static <T> Channel<T> rendezvous() {
        return buffered(0);
    }

    /**
     * A channel whose senders wait when the buffer is full.
     *
     * @param capacity 0 or more; 0 is a rendezvous
     */
    public static <T> Channel<T> buffered(int capacity) {
        return buffered(capacity, Overflow.WAIT);
    }

    /**
     * A channel with a rule for what does not fit.
     *
     * @param capacity 0 or more, at least 1 for a channel that drops
     */
    public static <T> Channel<T> buffered(int capacity, Overflow overflow) {
        int least = overflow == Overflow.WAIT ? 0 : 1;
        if (capacity < least) {
            throw new IllegalArgumentException(
                    "capacity of a channel with " + overflow + " must be " + least + " or more, was " + capacity);
        }
        return new Channel<>(capacity, overflow);
    }

    /** A channel whose senders never wait: the buffer grows. */
    public static <T> Channel<T> unlimited() {
        return buffered(Integer.MAX_VALUE);
    }

    /** A channel that keeps the latest item only: its senders never wait, and receivers get what is new. */
    public static <T> Channel<T> conflated() {
        return buffered(1, Overflow.DROP_OLDEST);
    }

    /**
     * Starts a task of a group that sends into a channel of its own, which is closed when the task ends. If that fails, the
     * receiver gets its failure at the end of the channel, and so does the group. When the last receiver is closed the task is
     * cancelled.
     *
     * @param capacity as for {@link #buffered(int)}
     * @see <a href="https://kotlinlang.org/docs/channels.html#building-channel-producers">Kotlin's produce</a>
     */
    public static <T> Receiver<T> produce(TaskGroup<?> group, int capacity, Producer<T> body) {
        Channel<T> channel = buffered(capacity);
        var receiver = channel.receiver();
        channel.producer = group.fork(() -> channel.beFilledBy(body));
        return receiver;
    }

    private void beFilledBy(Producer<T> body) throws Exception {
        var out = sender();
        try {
            body.run(out);
        } catch (ChannelClosedException e) {
            if (!cancelled) { // else nobody wants more: that is no failure
                closeFor(e);
                throw e;
            }
        } catch (CancelledError e) { // is its own business, and no failure
            throw e;
        } catch (Throwable e) {
            closeFor(e);
            throw e;
        } finally {
            out.close();
        }
    }

    /**
     * Sets what becomes of items that nobody will receive: those that overflow drops, those that {@link #cancel} finds in
     * the channel, and those whose {@link #send} fails. It runs in the coroutine in which that happens; what it throws is
     * logged.
     *
     * @return this channel
     */
    public Channel<T> onUndelivered(Consumer<? super T> handler) {
        undelivered = handler;
        return this;
    }

    // ---- sending

    /**
     * Sends an item; waits until there is room, or a receiver if the channel has no buffer.
     *
     * @throws ChannelClosedException if the channel is closed, or cancelled while this waits; if it was closed with an
     *     unchecked exception, that one
     */
    public void send(T item) {
        sendThrough(this, item);
    }

    void sendThrough(Object through, T item) {
        home.enter(this, "send(…)", "java.util.concurrent.BlockingQueue");
        Objects.requireNonNull(item, "a Channel takes no null: it is what tryReceive() returns for nothing");
        if (closed) {
            drop(item);
            throw refusal();
        }
        if (!offer(item)) {
            awaitReceiver(item, through);
        }
    }

    private void awaitReceiver(T item, Object through) {
        var waiter = sending.add();
        waiter.item = item;
        waiter.through = through;
        try {
            waiter.awaitFirmly();
            sent(waiter);
        } catch (Throwable e) {
            sending.remove(waiter);
            drop(item);
            throw e;
        }
    }

    /** Sends an item if that needs no waiting; false leaves it to the caller. */
    public boolean trySend(T item) {
        home.check(this);
        Objects.requireNonNull(item, "a Channel takes no null: it is what tryReceive() returns for nothing");
        if (closed) {
            throw refusal();
        }
        return offer(item);
    }

    /** Hands an item to a receiver or to the buffer, if one of them takes it. */
    private boolean offer(T item) {
        var receiver = receiving.pollNext();
        if (receiver != null) {
            buffer.add(item);
            claim(receiver);
            return true;
        }
        if (size() < capacity) {
            buffer.add(item);
            return true;
        }
        switch (overflow) {
            case WAIT -> {
                return false;
            }
            case DROP_OLDEST -> {
                buffer.add(item);
                drop(buffer.remove());
            }
            case DROP_LATEST -> drop(item);
        }
        return true;
    }

    private void claim(Waiter receiver) {
        receiver.item = Got.CLAIM;
        claims++;
    }

    // ---- receiving

    /**
     * Receives the oldest item; waits while there is none.
     *
     * @throws EndOfChannelException if the channel is closed and empty
     * @throws ChannelClosedException if it was closed with a checked exception, which is the cause; an unchecked one is thrown
     *     itself
     */
    public T receive() {
        return receiveThrough(this);
    }

    T receiveThrough(Object through) {
        var item = receiveUnlessEnded(through);
        if (item == null) {
            throw new EndOfChannelException();
        }
        return item;
    }

    /** The next item, null at the end. */
    private @Nullable T receiveUnlessEnded(Object through) {
        home.enter(this, "receive()", "java.util.concurrent.BlockingQueue");
        var item = poll();
        if (item != null) {
            return item;
        }
        if (closed) {
            return end();
        }
        var waiter = receiving.add();
        waiter.through = through;
        try {
            waiter.await();
        } catch (Throwable e) {
            receiving.remove(waiter);
            passOn(waiter);
            throw e;
        }
        return received(waiter);
    }

    /**
     * Receives the oldest item if there is one.
     *
     * @return null if there is none
     * @throws EndOfChannelException if the channel is closed and empty
     */
    public @Nullable T tryReceive() {
        home.check(this);
        var item = poll();
        if (item == null && closed) {
            end();
            throw new EndOfChannelException();
        }
        return item;
    }

    /** Takes an item to which nobody has a claim, from the buffer or from a sender that waits. */
    private @Nullable T poll() {
        if (size() > 0) {
            var item = buffer.remove();
            refill();
            return item;
        }
        var sender = sending.pollNext();
        if (sender == null) {
            return null;
        }
        if (claims == 0) {
            return takeFrom(sender);
        }
        buffer.add(takeFrom(sender)); // behind those that go to others, which came earlier
        return buffer.remove();
    }

    /** Lets senders that wait put their items into the buffer. */
    private void refill() {
        while (size() < capacity) {
            var sender = sending.pollNext();
            if (sender == null) {
                return;
            }
            buffer.add(takeFrom(sender));
        }
    }

    @SuppressWarnings("unchecked") // waiters of `sending` bring items of this channel
    private T takeFrom(Waiter sender) {
        var item = (T) Objects.requireNonNull(sender.item);
        sender.item = null;
        return item;
    }

    /**
     * The items as they come, until the channel is closed and empty: {@link Iterator#hasNext} waits. All iterators and
     * receivers take from the same channel.
     */
    @Override
    public Iterator<T> iterator() {
        return iteratorOf(this);
    }

    Iterator<T> iteratorOf(Object through) {
        return new Iterator<>() {
            private @Nullable T next;

            @Override
            public boolean hasNext() {
                if (next == null) {
                    if (through instanceof Receiver<?> end && end.isClosed()) {
                        throw end.closed();
                    }
                    next = receiveUnlessEnded(through);
                }
                return next != null;
            }

            @Override
            public T next() {
                if (!hasNext()) {
                    throw new NoSuchElementException("the channel is closed and empty");
                }
                var item = Objects.requireNonNull(next);
                next = null;
                return item;
            }
        };
    }

    // ---- closing

    /** Lets nothing more in. What is in the channel, or waits to be sent, is received yet. Doing it again does nothing. */
    @Override
    public void close() {
        closeFor(null);
    }

    /**
     * {@link #close} because something failed: whoever comes to the end gets that instead.
     *
     * @param cause thrown as it is if unchecked, else as the cause of a {@link ChannelClosedException}
     * @return false if the channel was closed before
     */
    public boolean close(Throwable cause) {
        return closeFor(cause);
    }

    /**
     * {@link #close}, and drops what is in the channel or waits to be sent: nobody wants it.
     *
     * @see #onUndelivered
     */
    public void cancel() {
        closeFor(null);
        if (cancelled) {
            return;
        }
        cancelled = true;
        if (producer != null) {
            producer.cancel("nobody receives from its channel any more");
        }
        for (var sender = sending.pollNext(); sender != null; sender = sending.pollNext()) {
            sender.item = Got.CLOSED;
        }
        var dropped = List.copyOf(buffer).subList(claims, buffer.size());
        dropped.forEach(_ -> buffer.removeLast());
        dropped.forEach(this::drop);
    }

    private boolean closeFor(@Nullable Throwable why) {
        home.check(this);
        if (closed) {
            return false;
        }
        closed = true;
        cause = why;
        for (var receiver = receiving.pollNext(); receiver != null; receiver = receiving.pollNext()) {
            receiver.item = Got.CLOSED;
        }
        return true;
    }

    /** Wakes those who wait in an end that was closed under them. */
    @SuppressWarnings("ReferenceEquality") // this very end
    private void turnOut(Waiters waiters, Object through) {
        for (var waiter : waiters.chooseThose(each -> each.through == through)) {
            waiter.item = Got.CLOSED;
        }
    }

    private RuntimeException refusal() {
        if (cause != null) {
            return thrown(cause);
        }
        return new ChannelClosedException(
                cancelled ? "nobody receives from the channel any more: it was cancelled" : "the channel is closed",
                null);
    }

    /** Null at the normal end. */
    @Nullable
    T end() {
        if (cause != null) {
            throw thrown(cause);
        }
        return null;
    }

    private static RuntimeException thrown(Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new ChannelClosedException("the channel was closed because of " + cause, cause);
        };
    }

    private void drop(T item) {
        if (undelivered != null) {
            try {
                undelivered.accept(item);
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "what a channel does with undelivered items failed", e);
            }
        }
    }

    // ---- for waiters, here and in Select

    /** Takes an item if there is one. */
    @Nullable
    T take() {
        home.check(this);
        return poll();
    }

    void enrolReceiver(Waiter waiter) {
        receiving.add(waiter);
    }

    void enrolSender(Waiter waiter) {
        sending.add(waiter);
    }

    /** Whether the item of a sender that was chosen is sent. */
    boolean hasTaken(Waiter sender) {
        return sender.item == null;
    }

    /** After a sender was chosen. */
    void sent(Waiter sender) {
        if (sender.item == Got.CLOSED) {
            throw sender.through instanceof Sender<?> end && end.isClosed() ? end.closed() : refusal();
        }
    }

    /** After a receiver was chosen: its item, null at the end. */
    @Nullable
    T received(Waiter receiver) {
        if (receiver.item == Got.CLAIM) {
            claims--;
            return buffer.remove();
        }
        if (receiver.through instanceof Receiver<?> end && end.isClosed()) {
            throw end.closed();
        }
        var item = poll(); // somebody may have left his behind
        return item != null ? item : end();
    }

    /** For a receiver that does not come for what it has a claim to. */
    void passOn(Waiter receiver) {
        if (!receiver.isChosen() || receiver.item != Got.CLAIM) {
            return;
        }
        claims--;
        var next = receiving.pollNext();
        if (next != null) {
            claim(next);
        } else if (cancelled) {
            drop(buffer.remove());
        }
    }

    // ---- ends

    /** A new end for sending. When the last one is closed, so is the channel. */
    public Sender<T> sender() {
        home.check(this);
        senders++;
        return new Sender<>(this);
    }

    /** A new end for receiving. When the last one is closed, the channel is cancelled. */
    public Receiver<T> receiver() {
        home.check(this);
        receivers++;
        return new Receiver<>(this);
    }

    void senderClosed(Sender<T> end) {
        turnOut(sending, end);
        if (--senders == 0) {
            close();
        }
    }

    void receiverClosed(Receiver<T> end) {
        turnOut(receiving, end);
        if (--receivers == 0) {
            cancel();
        }
    }

    // ---- what others see

    /** How many items are in the buffer, for whoever comes. */
    public int size() {
        return buffer.size() - claims;
    }

    /** How many items fit: 0 for a rendezvous channel, {@link Integer#MAX_VALUE} for any number. */
    public int capacity() {
        return capacity;
    }

    /** Whether nothing more can be sent. */
    public boolean isClosed() {
        return closed;
    }

    /** Whether nothing more can be received: the channel is closed and empty. */
    public boolean isDrained() {
        return closed && size() == 0 && sending.asleep() == 0;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(size(), capacity, senders, receivers, sending.asleep(), receiving.asleep(), closed);
    }

    @Override
    public String toString() {
        var fill = capacity == Integer.MAX_VALUE ? size() + " items" : size() + " of " + capacity + " items";
        int sendingNow = sending.asleep();
        int receivingNow = receiving.asleep();
        return "Channel[" + (capacity == 0 ? "rendezvous" : fill)
                + (sendingNow == 0 ? "" : ", " + sendingNow + " sending")
                + (receivingNow == 0 ? "" : ", " + receivingNow + " receiving")
                + (cancelled ? ", cancelled" : closed ? ", closed" : "") + "]";
    }
}
