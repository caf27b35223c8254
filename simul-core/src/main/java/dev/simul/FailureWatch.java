package dev.simul;

import java.lang.ref.Cleaner;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

// That nobody will look at a failure is known when its task has become garbage, at the latest when the loop closes.
// Only tasks that fail pay for it. A watch must not refer to its task, or the task would never become garbage.

/** Reports the failures of a loop's tasks that nobody saw, each once. Thread: any. */
final class FailureWatch {

    private static final Cleaner CLEANER = Cleaner.create();

    private final EventLoop loop;
    private final Set<Watch> pending = ConcurrentHashMap.newKeySet();

    FailureWatch(EventLoop loop) {
        this.loop = loop;
    }

    void watch(Completion<?> task, Outcome.Threw<?> failure) {
        var origin = task instanceof LoopTask<?> own ? Traceback.originOf(own) : null;
        var watch = new Watch(task.name(), failure, origin);
        pending.add(watch);
        CLEANER.register(task, watch);
    }

    /** Reports what is left. */
    void close() {
        pending.forEach(Watch::run);
    }

    private final class Watch implements Runnable {
        private final String taskName;
        private final Outcome.Threw<?> failure;
        private final Traceback.@Nullable Origin origin;

        Watch(String taskName, Outcome.Threw<?> failure, Traceback.@Nullable Origin origin) {
            this.taskName = taskName;
            this.failure = failure;
            this.origin = origin;
        }

        @Override
        public void run() {
            if (pending.remove(this) && !failure.isSeen()) {
                Traceback.end(failure.peek(), taskName, origin);
                loop.report(ErrorContext.of("task " + taskName + " failed and nobody looked", failure.error()));
            }
        }
    }
}
