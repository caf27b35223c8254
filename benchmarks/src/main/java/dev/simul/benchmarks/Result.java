package dev.simul.benchmarks;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The best figure of everybody in a row, and why somebody has none. */
final class Result {
    private final Row row;
    private final Map<String, Double> best = new HashMap<>();
    private final Map<String, String> missing = new LinkedHashMap<>();

    Result(Row row) {
        this.row = row;
    }

    Row row() {
        return row;
    }

    void figure(String contestant, double figure) {
        best.merge(contestant, figure, row.better()::of);
    }

    /** Says that a contestant is out; what it had reached so far does not count. */
    void missing(String contestant, String why) {
        missing.put(contestant, why);
        best.remove(contestant);
    }

    boolean isMissing(String contestant) {
        return missing.containsKey(contestant);
    }

    Map<String, String> missing() {
        return missing;
    }

    Optional<Double> simul() {
        return best("simul");
    }

    Optional<Double> best(String contestant) {
        return Optional.ofNullable(best.get(contestant));
    }

    /** The floor as this run found it, or nothing when a peer it needs is missing. */
    Optional<Floor.Bound> floor() {
        return row.floor().bound(best);
    }

    /** Whether Simul holds the floor; without both figures it does not. */
    boolean met() {
        return simul().isPresent()
                && floor().isPresent()
                && row.better().holds(simul().get(), floor().get().value());
    }
}
