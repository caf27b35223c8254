package dev.simul.jobs.internal.worker;

import dev.simul.Async;
import dev.simul.EventLoop;
import dev.simul.Task;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread whose coroutines jobs run as, replaced by another when a job holds it up for good.
 *
 * <p>A job that does not end although it was cancelled may be waiting, which harms nobody, or computing, which stops
 * the loop: then what has not begun moves to a new loop, and what has begun goes on here when the thread is free
 * again.
 */
final class JobLoop implements Executor, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.simul.jobs");

    /** How long a loop may leave a callback waiting before it counts as stuck. */
    private static final Duration ANSWER = Duration.ofSeconds(1);

    private @Nullable Running current; // guarded by this
    private final List<Running> replaced = new ArrayList<>(); // guarded by this
    private boolean closed; // guarded by this

    /** One loop with its thread. */
    private static final class Running {
        final EventLoop loop = EventLoop.open();

        /** What was sent to the loop and has not begun there. */
        final Set<Runnable> waiting = ConcurrentHashMap.newKeySet();

        Running() {
            Thread.ofPlatform().daemon().name("simul-job-loop").start(this::run);
        }

        private void run() {
            try (loop) {
                loop.runForever();
            } catch (InterruptedException e) {
                // nobody interrupts it; the loop is closed all the same
            }
        }

        void submit(Runnable work) {
            waiting.add(work);
            var _ = loop.submit(() -> {
                if (waiting.remove(work)) {
                    work.run();
                }
            });
        }
    }

    @Override
    public synchronized void execute(Runnable work) {
        if (current == null) {
            current = new Running();
        }
        current.submit(work);
    }

    /** The hold on a job that runs in this coroutine. */
    Grip hold() {
        return new Hold(Objects.requireNonNull(Async.currentTask()), Async.currentLoop());
    }

    private final class Hold implements Grip {
        private final Task<?> task;
        private final EventLoop loop;

        private Hold(Task<?> task, EventLoop loop) {
            this.task = task;
            this.loop = loop;
        }

        @Override
        public void interrupt() {
            task.cancel("the job is to end");
        }

        @Override
        public StackTraceElement[] stack() {
            return task.stack().toArray(StackTraceElement[]::new);
        }

        @Override
        public void abandon() {
            var answer = new CompletableFuture<@Nullable Void>();
            loop.execute(() -> answer.complete(null));
            var _ = answer.orTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS).whenComplete((_, late) -> {
                if (late != null) {
                    replace(loop);
                }
            });
        }
    }

    private synchronized void replace(EventLoop stuck) {
        var old = current;
        if (old == null || old.loop != stuck || closed) {
            return;
        }
        LOG.log(
                Level.ERROR,
                "a job holds up the loop of all jobs with isolation LOOP; further ones run on another loop");
        var fresh = new Running();
        current = fresh;
        replaced.add(old);
        for (var work : Set.copyOf(old.waiting)) {
            if (old.waiting.remove(work)) {
                fresh.submit(work);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (current != null) {
            current.loop.stop();
        }
        replaced.forEach(old -> old.loop.stop());
    }
}
