package dev.simul;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

// Who may look at a loop
//
// Its own thread, at any time: so another thread asks for a look through the inbox, and what it gets fits together. A
// loop that is held by a step cannot answer. Then the other thread looks itself, while the loop may go on: every
// reference it reads is to a complete object or null, the links of the list of tasks only ever lead to older tasks,
// so the walk ends; but what it sees may be of different moments, and a collection that changes under it throws,
// which costs that one task its details. Nothing is written. A loop that nobody runs is looked at in the same way,
// and stands still.

/** What a loop looks like at one moment. */
record LoopSight(
        EventLoop loop,
        @Nullable String thread,
        String activity,
        boolean exact,
        LoopStatistics statistics,
        List<Seen> tasks,
        int more) {

    /** A task, and the tasks below what it waits for. */
    record Seen(
            LoopTask<?> task,
            String name,
            Task.State state,
            @Nullable Awaited awaited,
            @Nullable String waitsFor,
            Set<Task<?>> below,
            List<String> threads,
            @Nullable LoopTask<?> owner,
            int cancelRequests,
            @Nullable Duration deadline,
            List<StackTraceElement> stack) {}

    /** More tasks than anybody reads; so that a look at a million does not hold their loop for seconds. */
    static final int MOST = 10_000;

    private static final Duration PATIENCE = Duration.ofMillis(100);

    /** Whether the classes that take part were loaded: not at the cost of a loop. */
    private static volatile boolean rehearsed;

    /** Looks at all open loops. Any thread. */
    static List<LoopSight> ofAll(boolean stacks) {
        var loops = Loops.open();
        if (!rehearsed) {
            rehearsed = true;
            loops.forEach(loop -> unasked(loop, stacks));
        }
        List<@Nullable CompletableFuture<LoopSight>> answers = new ArrayList<>();
        for (var loop : loops) {
            answers.add(loop.isCurrent() || loop.thread() == null ? null : ask(loop, stacks));
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<LoopSight> sights = new ArrayList<>();
        for (int i = 0; i < loops.size(); i++) {
            var answer = answers.get(i);
            sights.add(answer == null ? direct(loops.get(i), stacks) : await(loops.get(i), stacks, answer, end));
        }
        return sights;
    }

    private static CompletableFuture<LoopSight> ask(EventLoop loop, boolean stacks) {
        var answer = new CompletableFuture<LoopSight>();
        loop.enqueue(() -> {
            try {
                answer.complete(of(loop, loop.isIdle() ? "idle" : "busy", true, stacks));
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    private static LoopSight await(EventLoop loop, boolean stacks, CompletableFuture<LoopSight> answer, long end) {
        try {
            return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return unasked(loop, stacks);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unasked(loop, stacks);
        }
    }

    private static LoopSight direct(EventLoop loop, boolean stacks) {
        var current = loop.running;
        return of(loop, loop.thread() == null ? "not running" : "in " + step(current), true, stacks);
    }

    /** Looks without the loop's help. */
    static LoopSight unasked(EventLoop loop, boolean stacks) {
        var activity = "held by " + step(loop.running) + ", did not answer within " + Timing.text(PATIENCE);
        return of(loop, activity, false, stacks);
    }

    private static String step(@Nullable LoopTask<?> running) {
        return running == null ? "a callback" : "a step of " + running.name();
    }

    static LoopSight of(EventLoop loop, String activity, boolean exact, boolean stacks) {
        var thread = loop.thread();
        List<LoopTask<?>> live = loop.tasks.newest(MOST);
        Map<LoopTask<?>, Long> deadlines = deadlines(loop);
        List<Seen> seen = new ArrayList<>(live.size());
        for (var task : live.reversed()) {
            seen.add(see(task, deadlines.get(task), stacks));
        }
        var statistics = loop.statistics();
        return new LoopSight(
                loop,
                thread == null ? null : nameOf(thread),
                activity,
                exact,
                statistics,
                seen,
                Math.max(0, statistics.tasks() - seen.size()));
    }

    private static Map<LoopTask<?>, Long> deadlines(EventLoop loop) {
        try {
            return loop.timers.deadlines();
        } catch (RuntimeException changedMeanwhile) {
            return Map.of();
        }
    }

    @SuppressWarnings("ReferenceEquality") // this very task
    private static Seen see(LoopTask<?> task, @Nullable Long when, boolean stacks) {
        var awaited = task.awaited();
        List<String> threads = new ArrayList<>();
        LoopTask<?> owner = null;
        for (var reaction : task.reactions()) {
            if (reaction instanceof ParkedThread waiting) {
                threads.add(nameOf(waiting.thread));
            } else if (reaction.owner() != null) {
                owner = reaction.owner();
            }
        }
        return new Seen(
                task,
                task.name(),
                task.state(),
                awaited,
                task.loop.running == task ? null : describe(task, awaited),
                below(awaited),
                threads,
                owner,
                task.cancelRequests(),
                when == null ? null : Duration.ofNanos(when - task.loop.clock.nanos()),
                stacks ? Frames.of(task) : List.of());
    }

    private static String describe(LoopTask<?> task, @Nullable Awaited awaited) {
        if (awaited == null) {
            return task.strand() == null ? "its first turn" : "its turn";
        }
        try {
            return switch (awaited) {
                case Awaited over when over.isDone() -> "its turn";
                case LoopTask<?> other -> "task " + other.name();
                case Completion<?> other -> other.name();
                case Sleep sleep -> "the clock, " + Timing.text(Duration.ofNanos(sleep.when - task.loop.clock.nanos()));
                default -> awaited.toString();
            };
        } catch (RuntimeException changedMeanwhile) {
            return "?";
        }
    }

    /** What has to end so that {@code awaited} can: itself, and the tasks it leads to. */
    static Set<Task<?>> below(@Nullable Awaited awaited) {
        Set<Task<?>> found = new LinkedHashSet<>();
        try {
            addBelow(awaited, found);
        } catch (RuntimeException changedMeanwhile) {
            // What was found until then has to do.
        }
        return found;
    }

    private static void addBelow(@Nullable Object awaited, Set<Task<?>> found) {
        if (awaited instanceof Task<?> task && (task.isDone() || !found.add(task))) {
            return;
        }
        if (awaited instanceof Awaited above && !(awaited instanceof LoopTask)) {
            for (var next : above.dependsOn()) {
                addBelow(next, found);
            }
        }
    }

    private static String nameOf(Thread thread) {
        return thread.getName().isEmpty() ? "#" + thread.threadId() : thread.getName();
    }
}
