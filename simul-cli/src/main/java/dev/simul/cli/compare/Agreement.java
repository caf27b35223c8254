package dev.simul.cli.compare;

import dev.simul.cli.compare.Row.UnitError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects, unit by unit, the first answer that any way gave, and finds who answers otherwise. */
final class Agreement {
    private record Given(WayName way, String answer) {}

    private final Map<Integer, Given> first = new LinkedHashMap<>();

    /** The failures and contradictions in the trials of a way, one for each unit at most. */
    List<UnitError> check(WayName way, List<String> units, List<Trial> trials) {
        var errors = new ArrayList<UnitError>();
        for (int unit = 0; unit < units.size(); unit++) {
            var message = check(way, unit, trials);
            if (!message.isEmpty()) {
                errors.add(new UnitError(units.get(unit), message));
            }
        }
        return errors;
    }

    private String check(WayName way, int unit, List<Trial> trials) {
        for (var trial : trials) {
            var run = trial.runs().get(unit);
            if (run == null) {
                continue;
            }
            var answer = run.answer();
            if (answer == null) {
                return String.valueOf(run.failure());
            }
            var given = first.computeIfAbsent(unit, _ -> new Given(way, answer));
            if (!given.answer.equals(answer)) {
                return "answered " + brief(answer) + " where " + (given.way == way ? "an earlier run" : given.way)
                        + " answered " + brief(given.answer);
            }
        }
        return "";
    }

    private static String brief(String answer) {
        var line = answer.lines().findFirst().orElse("nothing");
        return line.length() > 40 ? line.substring(0, 40) + "…" : line;
    }
}
