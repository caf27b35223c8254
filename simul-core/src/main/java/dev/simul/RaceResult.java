package dev.simul;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How {@link Async#staggeredRace} ended.
 *
 * @param winner the result of the first runner that succeeded; null if none did
 * @param index which runner that was; -1 if none did
 * @param failures what each runner that was started threw, in the order of the runners: null for the winner, a {@link
 *     CancelledError} for one that was still running then. Unmodifiable
 */
public record RaceResult<T extends @Nullable Object>(
        @Nullable T winner, int index, List<@Nullable Throwable> failures) {

    /** Whether a runner succeeded. */
    public boolean isWon() {
        return index >= 0;
    }
}
