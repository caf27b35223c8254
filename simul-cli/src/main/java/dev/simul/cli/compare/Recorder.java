package dev.simul.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Takes down how each unit of one run went, from any thread; the first word about a unit counts. */
final class Recorder {
    private final AtomicReferenceArray<@Nullable UnitRun> runs;
    private final IntConsumer progress;
    private final AtomicInteger ended = new AtomicInteger();

    /** @param progress told how many units have ended, at each end */
    Recorder(int units, IntConsumer progress) {
        this.runs = new AtomicReferenceArray<>(units);
        this.progress = progress;
    }

    void note(int unit, UnitRun run) {
        if (runs.compareAndSet(unit, null, run)) {
            progress.accept(ended.incrementAndGet());
        }
    }

    /** The units so far, null where one has not ended. */
    List<@Nullable UnitRun> runs() {
        var list = new ArrayList<@Nullable UnitRun>();
        for (int i = 0; i < runs.length(); i++) {
            list.add(runs.get(i));
        }
        return list;
    }

    /** Whether this unit has ended. */
    boolean has(int unit) {
        return runs.get(unit) != null;
    }

    /** How many units have not ended. */
    int pending() {
        return runs.length() - ended.get();
    }
}
