package dev.simul;

import java.util.List;

/**
 * Chooses which of the steps that are ready a loop takes next, where it would otherwise take the oldest: for tests that
 * look for mistakes in the order of things.
 *
 * <p>Only orders are offered that an asyncio program has to expect. Callbacks of one task or promise keep their order, and a
 * coroutine does not come back from a wait before the callbacks that were registered earlier; so do callbacks that were
 * handed to the loop itself, and timers. Coroutines are free: which of two that are ready is first depends, in a real
 * program, on what they waited for.
 *
 * <p>Thread: the loop's, between two steps. It may cancel tasks.
 *
 * @see EventLoop#open(LoopClock, Schedule)
 */
@FunctionalInterface
public interface Schedule {

    /** What {@link #choose} returns to be asked again, after it has changed something itself. */
    int AGAIN = -1;

    /**
     * Chooses a step. What it throws ends the run of the loop, which can be run or closed afterwards.
     *
     * @param ready what could be next, at least one: the steps of the ready queue, oldest first, and behind them, on a
     *     {@link VirtualClock}, {@link ReadyStep.Kind#TIME} if a timer is set: as if the steps before had taken so long
     * @return a position in {@code ready}, or {@link #AGAIN}; always 0 is asyncio's order
     */
    int choose(List<ReadyStep> ready);
}
