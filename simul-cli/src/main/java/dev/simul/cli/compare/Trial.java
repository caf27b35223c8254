package dev.simul.cli.compare;

import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One measured run of all units in one way.
 *
 * @param start when it began, as in {@link UnitRun}
 * @param seconds wall time from the first unit's start to the last one's end
 * @param cpuSeconds processor time of all processes of the way in that time
 * @param runs how each unit went, null where none of it is known because the way failed
 */
record Trial(
        long start,
        double seconds,
        double cpuSeconds,
        OptionalLong peakMemoryBytes,
        int osThreads,
        int processes,
        OptionalLong switches,
        List<@Nullable UnitRun> runs) {

    /** The answers of the units that have one, together. */
    Answer answer() {
        return Answer.of(runs);
    }
}
