package dev.simul;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

// Which orders are offered
//
// A schedule that breaks a promise of ours finds mistakes that nobody made. What we promise is asyncio's: callbacks of
// one future are called in the order of registration, and a coroutine that waits for it is one of them; call_soon is
// first in, first out; timers run in the order of their times. So a callback may not pass an earlier one of the same
// lane, and a coroutine may not pass an earlier callback of what it waited for. Coroutines may pass each other, also
// two that one promise has woken, and callbacks may pass coroutines: one more hop in the program, and that is the
// order.
//
// An iteration still begins with what other threads have sent and with the timers that are due, and lasts as many
// steps as were ready then; so always choosing the first is exactly the order of a loop without a schedule.

/** The ready steps of a loop in the order that a {@link Schedule} chooses. Loop thread only. */
final class ChosenOrder {

    /** The lanes of what has no task or promise to be in order for. */
    private enum Lane {
        CALLS,
        TIMERS
    }

    private final Schedule schedule;
    private final List<ReadyStep> options = new ArrayList<>();
    private final List<ReadyStep> shown = Collections.unmodifiableList(options);
    private final List<Integer> positions = new ArrayList<>();
    private final Set<Object> tasks = new HashSet<>();
    private final Set<Object> lanes = new HashSet<>();
    private int left;

    ChosenOrder(Schedule schedule) {
        this.schedule = schedule;
    }

    boolean isIterationOver() {
        return left <= 0;
    }

    void beginIteration(int steps) {
        left = steps;
    }

    /**
     * Takes the chosen step out of the queue.
     *
     * @param first the timer that may become due early, if one may
     * @return {@code first} if the clock is to go on to it, null to ask again
     */
    @Nullable
    Step take(ReadyQueue ready, @Nullable Timer first) {
        offer(ready, first);
        if (options.isEmpty()) {
            return null;
        }
        int chosen = schedule.choose(shown);
        if (chosen == Schedule.AGAIN) {
            return null;
        }
        if (chosen < 0 || chosen >= options.size()) {
            throw new IllegalStateException("a Schedule must choose one of 0 to " + (options.size() - 1)
                    + " or Schedule.AGAIN, and chose " + chosen);
        }
        if (chosen == positions.size()) {
            return first;
        }
        left--;
        return ready.remove(positions.get(chosen));
    }

    private void offer(ReadyQueue ready, @Nullable Timer first) {
        options.clear();
        positions.clear();
        tasks.clear();
        lanes.clear();
        for (int i = 0; i < ready.size(); ) {
            var step = ready.get(i);
            if (isVoid(step)) {
                ready.remove(i);
                left--;
                continue;
            }
            if (passesNobody(step)) {
                options.add(ReadyStep.of(step));
                positions.add(i);
            }
            i++;
        }
        if (first != null) {
            options.add(ReadyStep.passingTime(first));
        }
    }

    private static boolean isVoid(Step step) {
        return switch (step) {
            case LoopTask<?> task -> task.isDone();
            case Sleep sleep -> sleep.isCancelled() || sleep.isDone();
            case Timer timer -> timer.isCancelled();
            default -> false;
        };
    }

    /** Whether the step passes none whom it must not pass; asked once for each, oldest first. */
    private boolean passesNobody(Step step) {
        return switch (step) {
            case LoopTask<?> task -> tasks.add(task) && !lanes.contains(task.cause());
            case LoopCallback callback -> lanes.add(callback.cause());
            case Callback<?> callback -> lanes.add(callback.cause());
            case Timer _ -> lanes.add(Lane.TIMERS);
            default -> lanes.add(Lane.CALLS);
        };
    }
}
