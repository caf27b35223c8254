package dev.simul;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

// asyncio.run's order: the tasks that are left are cancelled and run to their end, then everything that was to be
// closed with the loop is closed, then the last callbacks have a few iterations. What is in the queues after that is
// dropped, so that a callback which always schedules itself again does not keep the loop alive.

/** The end of a loop. Loop thread only. */
final class Shutdown {

    /** asyncio's number. */
    private static final Duration THREADS_END_WITHIN = Duration.ofMinutes(5);

    private final EventLoop loop;
    private boolean interrupted = Thread.interrupted();

    Shutdown(EventLoop loop) {
        this.loop = loop;
    }

    void run() {
        try {
            do {
                cancelTasks();
                loop.runOut();
                closeGenerators();
                awaitThreads();
            } while (loop.tasks.size() > 0 || !loop.generators.isEmpty());
        } catch (IllegalStateException deadlock) {
            loop.report(ErrorContext.of("the loop closes with tasks that refuse to end", deadlock));
        }
        loop.signals.removeAll();
        loop.timers.clear();
        loop.failures.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancelTasks() {
        while (loop.tasks.size() > 0) {
            var left = loop.tasks.snapshot();
            LoopTask.cancelAll(left, "the loop is closing");
            var report = new StubbornTasks(left);
            int ended = 0;
            do {
                iterate();
                while (ended < left.size() && left.get(ended).isDone()) {
                    ended++;
                }
            } while (ended < left.size());
            loop.timers.cancel(report);
            left.forEach(this::reportFailure);
        }
    }

    private void awaitThreads() {
        if (loop.hasThreads()) {
            var closing = loop.spawn(null, () -> loop.threads().close(THREADS_END_WITHIN));
            while (!closing.isDone()) {
                iterate();
            }
        }
    }

    private void closeGenerators() {
        if (!loop.generators.isEmpty()) {
            var closing = loop.spawn(null, loop.generators::closeAll);
            while (!closing.isDone()) {
                iterate();
            }
            loop.runOut();
        }
    }

    private void iterate() {
        loop.iterate();
        interrupted |= Thread.interrupted();
    }

    private void reportFailure(LoopTask<?> task) {
        var error = task.unseenFailure();
        if (error != null) {
            loop.report(ErrorContext.of("unhandled exception during Async.run() shutdown", error, task));
        }
    }

    /** Says who keeps the loop from ending, if that takes long; a virtual clock finds it out by itself. */
    private final class StubbornTasks extends Timer {

        private final List<LoopTask<?>> left;

        StubbornTasks(List<LoopTask<?>> left) {
            super(loop.timeAfter(loop.patience));
            this.left = left;
            if (!(loop.clock instanceof VirtualClock)) {
                loop.timers.add(this);
            }
        }

        @Override
        void fire() {
            loop.report(new ErrorContext(
                    "the loop is closing and waits for tasks that were cancelled and go on: "
                            + left.stream()
                                    .filter(task -> !task.isDone())
                                    .map(LoopTask::describe)
                                    .collect(Collectors.joining("; ")),
                    null,
                    null,
                    null,
                    null));
        }
    }
}
