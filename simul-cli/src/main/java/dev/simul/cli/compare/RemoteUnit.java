package dev.simul.cli.compare;

import dev.simul.jobs.SimulJob;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What child JVMs and workers run: one unit of the work that a text describes. */
public final class RemoteUnit {
    private static final Map<String, Work> OPEN = new ConcurrentHashMap<>();

    private RemoteUnit() {}

    /**
     * Does one unit.
     *
     * @param work a {@link WorkSpec} as text
     * @return a {@link UnitRun} as text; a unit that fails is an answer, too
     */
    @SimulJob("simul.compare.unit")
    public static String run(String work, String unit) throws InterruptedException {
        return UnitRun.of(() -> open(work).answer(unit, Turn.PLAIN)).encode();
    }

    /** Makes this JVM ready for {@link #run}, which is then as quick the first time as later. */
    @SimulJob("simul.compare.practise")
    public static String practise(String work, String unit) throws Exception {
        open(work).warmUp(unit);
        return "";
    }

    private static synchronized Work open(String text) throws Exception {
        var work = OPEN.get(text);
        if (work == null) {
            work = WorkSpec.parse(text).open();
            OPEN.put(text, work);
        }
        return work;
    }
}
