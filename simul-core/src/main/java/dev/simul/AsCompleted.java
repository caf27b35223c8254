package dev.simul;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tasks in the order in which they end, each once; they themselves, not their results.
 *
 * <p>A loop may break off and another go on with the rest, and several coroutines may share one: the first to ask gets the
 * first to end. Nobody is cancelled, neither by breaking off nor by the time limit.
 *
 * <p>Thread: coroutines of the loop in which it was made.
 *
 * @param <K> the kind of tasks
 * @see Async#asCompleted
 */
@SuppressWarnings("IterableAndIterator") // a second loop goes on where the first broke off, as in asyncio
public final class AsCompleted<K extends Task<?>> implements Iterable<K>, Iterator<K> {

    private final Set<K> pending = new LinkedHashSet<>();
    private final Deque<K> ended = new ArrayDeque<>();
    private final Deque<Promise<@Nullable Void>> waiting = new ArrayDeque<>();
    private final EventLoop loop;
    private final int all;
    private @Nullable Timer limit;
    private boolean timedOut;

    /** How many are still to be given out and promised to nobody. */
    private int left;

    AsCompleted(EventLoop loop, Iterable<? extends K> tasks, @Nullable Duration timeout) {
        this.loop = loop;
        tasks.forEach(pending::add);
        all = pending.size();
        left = all;
        if (timeout != null && left > 0) {
            limit = new Limit(loop.timeAfter(timeout));
            loop.timers.add(limit);
        }
        for (var task : pending) {
            new LoopCallback(loop, () -> ended(task)).register(task);
        }
    }

    @Override
    public Iterator<K> iterator() {
        return this;
    }

    /** Whether {@link #next} has something to wait for or to give out. Does not wait. */
    @Override
    public boolean hasNext() {
        return left > 0;
    }

    /**
     * {@link #take} for loops that may not throw.
     *
     * @throws TaskFailedException with the {@link TimeoutException} as its cause if the time is over
     */
    @Override
    public K next() {
        try {
            return take();
        } catch (TimeoutException e) {
            throw new TaskFailedException("asCompleted", e);
        }
    }

    /**
     * Waits for the next task to end.
     *
     * @throws TimeoutException if the time is over; tasks that ended in time are given out before
     * @throws NoSuchElementException if there is no further task
     */
    public K take() throws TimeoutException {
        LoopTask.current("asCompleted(…)", "use an ExecutorCompletionService");
        if (left == 0) {
            throw new NoSuchElementException("all " + all + " tasks have been given out");
        }
        left--;
        while (ended.isEmpty() && !timedOut) {
            awaitNews();
        }
        var task = ended.poll();
        if (task == null) {
            throw new TimeoutException(pending.size() + " (of " + all + ") tasks unfinished");
        }
        return task;
    }

    private void awaitNews() {
        var news = new DependentPromise<@Nullable Void>("the next to end", () -> pending, false);
        waiting.add(news);
        try {
            news.join();
        } catch (CancelledError e) {
            left++;
            waiting.remove(news);
            if (!ended.isEmpty()) {
                wakeNext();
            }
            throw e;
        }
    }

    private void ended(K task) {
        if (timedOut) {
            return;
        }
        pending.remove(task);
        ended.add(task);
        if (pending.isEmpty() && limit != null) {
            loop.timers.cancel(limit);
        }
        wakeNext();
    }

    private void wakeNext() {
        for (var next = waiting.poll(); next != null; next = waiting.poll()) {
            if (next.complete(null)) {
                return;
            }
        }
    }

    private final class Limit extends Timer {

        Limit(long when) {
            super(when);
        }

        @Override
        void fire() {
            timedOut = true;
            while (!waiting.isEmpty()) {
                wakeNext();
            }
        }
    }
}
