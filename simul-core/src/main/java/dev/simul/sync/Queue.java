package dev.simul.sync;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

// asyncio's queue hands nothing over. Who waits is woken when there is something to look at, and looks again: so a
// cancelled waiter never has an item in its hands, and passes on nothing but the wake-up. Whoever needs no waiting may
// come before a waiter that was woken and has not run. Where that matters there is Channel.

/**
 * Items that coroutines of one loop put in and get out, as many as fit, first in first out.
 *
 * <p>{@link #put} waits while the queue is full, {@link #get} while it is empty; {@link #tryPut} and {@link #tryGet} never
 * wait, and are for callbacks of the loop, too. A coroutine that is cancelled while it waits has put or got nothing. For
 * another order see {@link #lifo} and {@link #priority}. {@link #taskDone} and {@link #join} count items whose work is
 * done; {@link #shutdown} ends it all. What need not wait does not let others run.
 *
 * <p>Thread: the loop's. Elsewhere use {@link java.util.concurrent.BlockingQueue}.
 *
 * @param <T> the items
 * @see <a href="https://docs.python.org/3/library/asyncio-queue.html">asyncio.Queue</a>
 * @see Channel
 */
public final class Queue<T> {

    /**
     * A queue at some moment.
     *
     * @param size how many items are in it
     * @param capacity how many fit, 0 for any number
     * @param unfinished how many items were put in and not reported by {@link #taskDone}
     * @param getting how many coroutines wait for an item
     * @param putting how many coroutines wait for room
     */
    public record Statistics(int size, int capacity, int unfinished, int getting, int putting) {}

    private final Home home = new Home();
    private final Waiters getters = new Waiters(this);
    private final Waiters putters = new Waiters(this);
    private final Event finished = new Event(this);
    private final java.util.Queue<T> items;
    private final int capacity;
    private int unfinished;
    private boolean shutDown;

    /** A queue for any number of items. */
    public Queue() {
        this(0);
    }

    /**
     * A queue for some items.
     *
     * @param capacity how many; 0 or less for any number
     */
    public Queue(int capacity) {
        this(new ArrayDeque<>(), capacity);
    }

    private Queue(java.util.Queue<T> items, int capacity) {
        this.items = items;
        this.capacity = Math.max(0, capacity);
        finished.set();
    }

    /**
     * A queue out of which the newest item comes first.
     *
     * @param capacity how many items fit; 0 or less for any number
     */
    public static <T> Queue<T> lifo(int capacity) {
        return new Queue<>(Collections.asLifoQueue(new ArrayDeque<>()), capacity);
    }

    /**
     * A queue out of which the least item comes first. Which of equal ones does, is not defined.
     *
     * @param capacity how many items fit; 0 or less for any number
     */
    public static <T extends Comparable<? super T>> Queue<T> priority(int capacity) {
        return priority(Comparator.naturalOrder(), capacity);
    }

    /**
     * A queue out of which the item comes first that is least by an order of its own.
     *
     * @param capacity how many items fit; 0 or less for any number
     */
    public static <T> Queue<T> priority(Comparator<? super T> order, int capacity) {
        return new Queue<>(new PriorityQueue<>(order), capacity);
    }

    /**
     * Puts an item in; waits while the queue is full.
     *
     * @throws QueueShutDownException if the queue is shut down, also while this waits
     */
    public void put(T item) {
        home.enter(this, "put(…)", "java.util.concurrent.BlockingQueue");
        Objects.requireNonNull(item, "a Queue takes no null: it is what tryGet() returns for nothing");
        while (isFull() && !shutDown) {
            awaitRoom();
        }
        requireNotShutDown();
        insert(item);
    }

    private void awaitRoom() {
        var waiter = putters.add();
        try {
            waiter.await();
        } catch (Throwable e) {
            putters.remove(waiter);
            if (!isFull() && waiter.isChosen()) {
                putters.pollNext();
            }
            throw e;
        }
    }

    /**
     * Puts an item in if there is room.
     *
     * @throws QueueShutDownException if the queue is shut down
     */
    public boolean tryPut(T item) {
        home.check(this);
        Objects.requireNonNull(item, "a Queue takes no null: it is what tryGet() returns for nothing");
        requireNotShutDown();
        if (isFull()) {
            return false;
        }
        insert(item);
        return true;
    }

    private void insert(T item) {
        items.add(item);
        unfinished++;
        finished.clear();
        getters.pollNext();
    }

    /**
     * Takes an item out; waits while there is none.
     *
     * @throws QueueShutDownException if the queue is shut down and empty, also while this waits
     */
    public T get() {
        home.enter(this, "get()", "java.util.concurrent.BlockingQueue");
        var item = items.poll();
        while (item == null) {
            requireMore();
            awaitItem();
            item = items.poll();
        }
        putters.pollNext();
        return item;
    }

    private void awaitItem() {
        var waiter = getters.add();
        try {
            waiter.await();
        } catch (Throwable e) {
            getters.remove(waiter);
            if (!items.isEmpty() && waiter.isChosen()) {
                getters.pollNext();
            }
            throw e;
        }
    }

    /**
     * Takes an item out if there is one.
     *
     * @return null if there is none
     * @throws QueueShutDownException if the queue is shut down and empty
     */
    public @Nullable T tryGet() {
        home.check(this);
        var item = items.poll();
        if (item == null) {
            requireMore();
        } else {
            putters.pollNext();
        }
        return item;
    }

    private void requireNotShutDown() {
        if (shutDown) {
            throw new QueueShutDownException("the queue is shut down: nothing can be put in");
        }
    }

    private void requireMore() {
        if (shutDown) {
            throw new QueueShutDownException("the queue is shut down and empty");
        }
    }

    /**
     * Says that the work for an item that was taken out is done.
     *
     * @throws IllegalStateException if it was said for all items already
     */
    public void taskDone() {
        home.check(this);
        if (unfinished == 0) {
            throw new IllegalStateException("taskDone() was called more often than items were put in");
        }
        if (--unfinished == 0) {
            finished.set();
        }
    }

    /** Waits until the work for all items that were put in is done. */
    public void join() {
        home.enter(this, "join()", "java.util.concurrent.Phaser");
        finished.await();
    }

    /**
     * Lets nothing more in. What is in it can be taken out; then those who ask for more get {@link QueueShutDownException},
     * as do those who wait to put something in. Doing it again does nothing.
     */
    public void shutdown() {
        home.check(this);
        shutDown = true;
        wakeAll(getters);
        wakeAll(putters);
    }

    /** {@link #shutdown}, and drops what is in the queue; for {@link #join} the dropped items count as done. */
    public void shutdownNow() {
        home.check(this);
        if (!items.isEmpty()) {
            unfinished -= Math.min(unfinished, items.size());
            items.clear();
            if (unfinished == 0) {
                finished.set();
            }
        }
        shutdown();
    }

    private static void wakeAll(Waiters waiters) {
        while (waiters.pollNext() != null) {
            // Each looks at the queue again.
        }
    }

    /** How many items are in it. */
    public int size() {
        return items.size();
    }

    /** How many items fit, 0 for any number. */
    public int capacity() {
        return capacity;
    }

    /** Whether nothing is in it. */
    public boolean isEmpty() {
        return items.isEmpty();
    }

    /** Whether nothing more fits. */
    public boolean isFull() {
        return capacity > 0 && items.size() >= capacity;
    }

    /** Whether it was shut down. */
    public boolean isShutDown() {
        return shutDown;
    }

    /** How it is at this moment. */
    public Statistics statistics() {
        return new Statistics(items.size(), capacity, unfinished, getters.asleep(), putters.asleep());
    }

    @Override
    public String toString() {
        var fill = capacity == 0 ? items.size() + " items" : items.size() + " of " + capacity + " items";
        int getting = getters.asleep();
        int putting = putters.asleep();
        return "Queue[" + fill + (getting == 0 ? "" : ", " + getting + " getting")
                + (putting == 0 ? "" : ", " + putting + " putting") + (shutDown ? ", shut down" : "") + "]";
    }
}
