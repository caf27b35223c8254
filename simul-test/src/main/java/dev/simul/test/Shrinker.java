package dev.simul.test;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

// Delta debugging (Zeller, Hildebrandt 2002) on the set of switches: halves, quarters, … are left out as long as the
// test still fails in the same way. What stays is minimal in the sense that no single switch can be left out. What a
// replay really switched may be less than it was asked for, as the course of things has changed: that counts.

/** Shortens the schedule of a failure. */
final class Shrinker {

    private static final int[] AS_THEY_ARE = {0};
    private static final int[] SHIFTS = {0, -1, 1};

    private final Function<Switches, @Nullable Switches> replay;
    private int budget;

    /**
     * Shortens by trial.
     *
     * @param replay plays a schedule: what was switched if the test failed in the same way, else null
     * @param budget how many times it may be called
     */
    Shrinker(Function<Switches, @Nullable Switches> replay, int budget) {
        this.replay = replay;
        this.budget = budget;
    }

    Switches shrink(Switches failing) {
        var best = failing;
        int parts = 1;
        while (best.size() > 0 && budget > 0) {
            int size = Math.ceilDiv(best.size(), parts);
            var shorter = withoutSomePart(best, size);
            if (shorter != null) {
                best = shorter;
                parts = Math.max(1, parts - 1);
            } else if (size == 1) {
                break;
            } else {
                parts = Math.min(2 * parts, best.size());
            }
        }
        return best;
    }

    /**
     * Later parts first: what comes after the failure's causes usually can go at once. Where a single switch is left out, the
     * later ones may have to come a step earlier or later to mean the same.
     */
    private @Nullable Switches withoutSomePart(Switches all, int size) {
        for (int to = all.size(); to > 0 && budget > 0; to -= size) {
            int from = Math.max(0, to - size);
            for (int shift : size > 1 || to == all.size() ? AS_THEY_ARE : SHIFTS) {
                budget--;
                var switched = replay.apply(all.without(from, to, shift));
                if (switched != null && switched.size() < all.size()) {
                    return switched;
                }
            }
        }
        return null;
    }
}
