package dev.simul.sync;

import dev.simul.CancelledError;
import dev.simul.Promise;
import dev.simul.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

// Exactly one
//
// A clause that needs no waiting takes effect at once. Otherwise the coroutine stands in the queue of each clause, in
// places that share one promise: whoever comes to one of them has to complete that promise, which only one can. The
// others find it completed, and pass on to the next in their queue. Before anything of the chosen clause is seen, the
// coroutine has left all other queues, and where its leaving makes room (a lock that is free), the next one is woken.

/**
 * Waiting for several things at once, of which exactly one takes effect; to be imported statically.
 *
 * <pre>{@code
 * String news = select(
 *         onReceive(mail, letter -> "a letter: " + letter),
 *         onAwait(delivery, parcel -> "a parcel: " + parcel),
 *         onTimeout(ofSeconds(10), () -> "nothing"));
 * }</pre>
 *
 * <p>If several could take effect at once, the first in the list does; with {@link #selectUnbiased} any. If none can, the
 * coroutine waits, in all queues, and is served like the others there. What was not chosen has not happened: nothing is
 * received, sent or locked by it. A coroutine that is cancelled while it waits has done none of it. If an item was sent
 * by it already, it goes on, and the cancellation is delivered at its next wait.
 *
 * <p>Thread: coroutines of one loop.
 *
 * @see <a href="https://kotlinlang.org/docs/select-expression.html">Kotlin's select, whose clauses these are</a>
 */
public final class Select {

    /** What a coroutine that selects waits for, as it is shown to people. */
    private record AnyOf(List<? extends Clause<?>> clauses) {
        @Override
        public String toString() {
            return clauses.stream().map(Clause::toString).collect(Collectors.joining(", ", "any of ", ""));
        }
    }

    private Select() {}

    /**
     * Waits until one of the clauses takes effect.
     *
     * @return what its handler returns
     * @throws Exception what its handler throws; what the clause itself throws, as the end of a channel
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    public static <R extends @Nullable Object> R select(Clause<? extends R>... clauses) throws Exception {
        return selectFirst(Arrays.asList(clauses));
    }

    /**
     * {@link #select} without a preference: no channel that always has something starves the others.
     *
     * @return what the handler of the chosen clause returns
     * @throws Exception as {@code select}
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    public static <R extends @Nullable Object> R selectUnbiased(Clause<? extends R>... clauses) throws Exception {
        return selectUnbiased(ThreadLocalRandom.current(), clauses);
    }

    /**
     * {@link #selectUnbiased(Clause...)} that can be done once more in the same way.
     *
     * @param random says in which order the clauses are asked
     * @return what the handler of the chosen clause returns
     * @throws Exception as {@code select}
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // they are only read
    public static <R extends @Nullable Object> R selectUnbiased(Random random, Clause<? extends R>... clauses)
            throws Exception {
        var list = new ArrayList<>(Arrays.asList(clauses));
        Collections.shuffle(list, random);
        return selectFirst(list);
    }

    private static <R extends @Nullable Object> R selectFirst(List<Clause<? extends R>> clauses) throws Exception {
        if (clauses.isEmpty()) {
            throw new IllegalArgumentException("select(…) needs at least one clause, or it would wait for ever");
        }
        new Home().enter(Select.class, "select(…)", "java.util.concurrent.CompletableFuture.anyOf");
        for (var clause : clauses) {
            if (clause.tryNow()) {
                return clause.finish(null);
            }
        }
        var turn = new Promise<Waiter>(new AnyOf(clauses));
        List<Waiter> places = new ArrayList<>(clauses.size());
        for (var clause : clauses) {
            var place = new Waiter(turn);
            places.add(place);
            clause.enrol(place);
        }
        CancelledError cancelled = null;
        try {
            turn.join();
        } catch (CancelledError e) {
            cancelled = e;
        }
        int chosen = -1;
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i).isChosen()) {
                chosen = i;
            } else {
                clauses.get(i).withdraw(places.get(i));
            }
        }
        if (cancelled != null) {
            if (chosen < 0 || clauses.get(chosen).giveBack(places.get(chosen))) {
                throw cancelled;
            }
            Waiter.postpone(cancelled);
        }
        return clauses.get(chosen).finish(places.get(chosen));
    }

    // ---- clauses

    /**
     * Receives from a channel.
     *
     * @param onItem what is done with the item. At the end of the channel the select throws what {@link Channel#receive} does
     */
    public static <T, R extends @Nullable Object> Clause<R> onReceive(
            Channel<T> channel, Clause.Handler<? super T, ? extends R> onItem) {
        return new ReceiveClause<>(channel, onItem, null);
    }

    /**
     * Receives from a channel, and knows what to do at its end.
     *
     * @param onEnd what is done if the channel is closed and empty
     */
    public static <T, R extends @Nullable Object> Clause<R> onReceive(
            Channel<T> channel, Clause.Handler<? super T, ? extends R> onItem, Callable<? extends R> onEnd) {
        return new ReceiveClause<>(channel, onItem, onEnd);
    }

    /** Sends to a channel. If that is closed, the select throws what {@link Channel#send} does. */
    public static <T, R extends @Nullable Object> Clause<R> onSend(
            Channel<T> channel, T item, Callable<? extends R> onSent) {
        Objects.requireNonNull(item, "a Channel takes no null: it is what tryReceive() returns for nothing");
        return new SendClause<>(channel, item, onSent);
    }

    /**
     * Waits for the result of a task. If the task fails, the select throws that. Unlike {@link Task#await} this does not
     * cancel the task when the coroutine is cancelled.
     */
    public static <T extends @Nullable Object, R extends @Nullable Object> Clause<R> onAwait(
            Task<T> task, Clause.Handler<? super T, ? extends R> onResult) {
        return new TaskClause<T, R>(task, ended -> onResult.handle(ended.result()));
    }

    /** Waits for the end of a task, in whatever way. */
    public static <R extends @Nullable Object> Clause<R> onJoin(Task<?> task, Callable<? extends R> onEnded) {
        return taskClause(task, onEnded);
    }

    private static <T extends @Nullable Object, R extends @Nullable Object> Clause<R> taskClause(
            Task<T> task, Callable<? extends R> onEnded) {
        return new TaskClause<T, R>(task, _ -> onEnded.call());
    }

    /** Takes a lock, which is held when {@code onLocked} runs and afterwards. */
    public static <R extends @Nullable Object> Clause<R> onLock(Lock lock, Callable<? extends R> onLocked) {
        return new LockClause<>(lock, onLocked);
    }

    /** Takes a permit. */
    public static <R extends @Nullable Object> Clause<R> onAcquire(
            Semaphore semaphore, Callable<? extends R> onAcquired) {
        return new SemaphoreClause<>(semaphore, onAcquired);
    }

    /** Waits until a flag is set. */
    public static <R extends @Nullable Object> Clause<R> onSet(Event event, Callable<? extends R> onSet) {
        return new EventClause<>(event, onSet);
    }

    /**
     * Waits for a time of the loop's clock. With zero or less it takes effect at once, if no clause before it does: as the
     * last one it makes a select that never waits.
     */
    public static <R extends @Nullable Object> Clause<R> onTimeout(Duration time, Callable<? extends R> onTime) {
        return new TimeClause<>(time, onTime);
    }
}
