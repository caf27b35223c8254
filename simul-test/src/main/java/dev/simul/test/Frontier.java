package dev.simul.test;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

// Every schedule is asyncio's order but for some steps at which somebody was put in front, and there is exactly one
// such list of steps for each. So from each run new ones branch off: one for each step behind its last departure and
// for each who could have been put in front there. First come, first served: the fewer departures the earlier, and
// none twice. The end of a sleep that is next anyway is no place to branch: it only makes its coroutine ready.

/** The schedules that {@link Strategy#EXHAUSTIVE} has still to try. */
final class Frontier {

    private record Branch(@Nullable Branch parent, int departures, int step, int index) {}

    private final int limit;
    private final Queue<Branch> open = new ArrayDeque<>();
    private boolean begun;
    private boolean cut;

    /** No more than {@code limit} schedules are kept in mind. */
    Frontier(int limit) {
        this.limit = limit;
    }

    /** Whether every schedule has been handed out, if the last one that was has been run. */
    boolean isExhausted() {
        return begun && open.isEmpty() && !cut;
    }

    /** The next schedule to run; null if there is none. */
    @Nullable
    Picker next() {
        if (!begun) {
            begun = true;
            return new Run(null);
        }
        var next = open.poll();
        return next == null ? null : new Run(next);
    }

    /** How many departures the next schedule has. */
    int departures() {
        var next = open.peek();
        return next == null ? 0 : next.departures;
    }

    private final class Run implements Picker {
        private final @Nullable Branch branch;
        private final Map<Integer, Integer> departures = new HashMap<>();
        private final int last;

        Run(@Nullable Branch branch) {
            this.branch = branch;
            for (var each = branch; each != null; each = each.parent) {
                departures.put(each.step, each.index);
            }
            last = branch == null ? -1 : branch.step;
        }

        @Override
        public int pick(int step, List<Option> options) {
            if (step <= last) {
                return Math.min(departures.getOrDefault(step, 0), options.size() - 1);
            }
            if (options.getFirst().kind != Option.Kind.WAKE) {
                for (int i = 1; i < options.size(); i++) {
                    if (open.size() < limit) {
                        open.add(new Branch(branch, departures.size() + 1, step, i));
                    } else {
                        cut = true;
                    }
                }
            }
            return 0;
        }
    }
}
