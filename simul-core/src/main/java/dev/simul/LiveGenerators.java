package dev.simul;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

// asyncio's hooks for asynchronous generators: a generator belongs to the loop in which it was first asked for a
// value. Its clean-up may want to wait in that loop, so the loop closes it: in a task of its own when the collector
// has found it, and all that are left when the loop ends.

/** The generators that coroutines of a loop have begun and that have not ended. */
final class LiveGenerators {

    private final EventLoop loop;
    private final Set<Turns<?, ?>> live = new LinkedHashSet<>();

    LiveGenerators(EventLoop loop) {
        this.loop = loop;
    }

    /** Loop thread. */
    void add(Turns<?, ?> turns) {
        live.add(turns);
    }

    /** Any thread: a generator may end elsewhere. */
    void remove(Turns<?, ?> turns) {
        if (loop.isCurrent()) {
            live.remove(turns);
        } else {
            loop.enqueue(() -> live.remove(turns));
        }
    }

    /** For one that nobody holds any more. Any thread. */
    void closeSoon(Turns<?, ?> turns) {
        if (!turns.isEnded()) {
            loop.enqueue(() -> loop.spawn(null, () -> close(turns)));
        }
    }

    int size() {
        return live.size();
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    /** Closes all at the same time and waits for them. In a coroutine. */
    void closeAll() {
        List<Task<?>> closings = new ArrayList<>();
        for (var turns : List.copyOf(live)) {
            closings.add(loop.spawn(null, () -> close(turns)));
        }
        closings.forEach(Task::join);
    }

    private void close(Turns<?, ?> turns) {
        try {
            turns.close(turns);
        } catch (CancelledError itWasToldToEndAndHas) {
            return;
        } catch (Throwable e) {
            loop.report(new ErrorContext("an error occurred while its loop closed a generator", e, null, null, turns));
        } finally {
            live.remove(turns);
        }
    }
}
