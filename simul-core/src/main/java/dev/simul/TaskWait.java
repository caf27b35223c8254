package dev.simul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

// asyncio.wait: callbacks count, in their turn, also for what has ended before; the promise that they complete is what
// the coroutine waits for, so cancelling it touches none of the tasks. Who is done is looked up when the coroutine goes
// on, which may be more than made it go on.

/** A coroutine that waits until some of several tasks have ended. Loop thread only. */
final class TaskWait {

    private final Until until;
    private final Promise<@Nullable Void> over;
    private int left;

    private TaskWait(Until until, Set<? extends Task<?>> tasks) {
        this.until = until;
        this.left = tasks.size();
        this.over = new DependentPromise<>(
                until + " of " + tasks.size() + " tasks", () -> tasks, until == Until.ALL_COMPLETED);
    }

    static <K extends Task<?>> DoneAndPending<K> await(
            Until until, Iterable<? extends K> members, @Nullable Duration timeout) {
        var waiter = LoopTask.current("awaitUntil(…)", "use CompletableFuture.anyOf or allOf");
        Set<K> tasks = new LinkedHashSet<>();
        members.forEach(tasks::add);
        if (tasks.isEmpty()) {
            throw new IllegalArgumentException("awaitUntil(…) needs at least one task");
        }
        new TaskWait(until, tasks).await(waiter, tasks, timeout);
        Set<K> done = new LinkedHashSet<>();
        Set<K> pending = new LinkedHashSet<>();
        for (var task : tasks) {
            (task.isDone() ? done : pending).add(task);
        }
        return new DoneAndPending<>(Collections.unmodifiableSet(done), Collections.unmodifiableSet(pending));
    }

    private void await(LoopTask<?> waiter, Set<? extends Task<?>> tasks, @Nullable Duration timeout) {
        var timer = timeout == null ? null : new Limit(waiter, over, timeout);
        List<LoopCallback> callbacks = new ArrayList<>(tasks.size());
        for (var task : tasks) {
            var callback = new LoopCallback(waiter.loop, () -> ended(task));
            callbacks.add(callback);
            callback.register(task);
        }
        try {
            over.join();
        } finally {
            if (timer != null) {
                waiter.loop.timers.cancel(timer);
            }
            var callback = callbacks.iterator();
            for (var task : tasks) {
                callback.next().takeBack(task);
            }
        }
    }

    private void ended(Task<?> task) {
        left--;
        if (left == 0
                || until == Until.FIRST_COMPLETED
                || (until == Until.FIRST_EXCEPTION && task.state() == Task.State.FAILED)) {
            over.complete(null);
        }
    }

    /** Lets a coroutine go on that waits for a promise. */
    static final class Limit extends Timer {

        private final LoopTask<?> waiter;
        private final Promise<@Nullable Void> over;

        Limit(LoopTask<?> waiter, Promise<@Nullable Void> over, Duration timeout) {
            super(waiter.loop.timeAfter(timeout));
            this.waiter = waiter;
            this.over = over;
            waiter.loop.timers.add(this);
        }

        @Override
        void fire() {
            over.complete(null);
        }

        @Override
        LoopTask<?> limits() {
            return waiter;
        }
    }
}
