package dev.simul;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a loop has done and what it has to do.
 *
 * @param switches how often a coroutine was resumed, since the loop was opened
 * @param spawned how many tasks there have been
 * @param tasks how many of them have not ended
 * @param timers how many sleeps and time-outs are pending
 * @param ready how many steps can be taken now
 * @param blocked how many coroutines are blocked in a call of the JDK
 * @param nextTimer how long until the next timer is due, by the loop's clock; null if there is none
 */
public record LoopStatistics(
        long switches,
        long spawned,
        int tasks,
        int timers,
        int ready,
        int blocked,
        @Nullable Duration nextTimer) {}
