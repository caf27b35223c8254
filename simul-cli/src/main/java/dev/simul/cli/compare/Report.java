package dev.simul.cli.compare;

import dev.simul.cli.compare.Row.Status;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What there is to show after a comparison.
 *
 * @param rows in the order of the ways
 */
record Report(
        WorkSpec.Kind work, List<String> units, int concurrency, int repeat, List<Row> rows, Optional<Advice> advice) {

    static Report of(Settings settings, List<String> units, int repeat, List<Row> rows) {
        return new Report(
                settings.work().kind(),
                units,
                settings.concurrency(),
                repeat,
                rows,
                Advice.of(settings.work().kind(), rows));
    }

    /** What was done, in one line. */
    String title() {
        return work.description() + ": " + units.size() + (units.size() == 1 ? " unit" : " units") + ", at most "
                + concurrency + " at once" + (repeat > 1 ? ", median of " + repeat + " runs" : "");
    }

    /** The answers that were given, each with the ways that gave it. */
    Map<String, List<String>> answers() {
        var answers = new LinkedHashMap<String, List<String>>();
        for (var row : rows) {
            if (row.hasRun()) {
                var answer = row.median().answer();
                if (answer.value() != null) {
                    answers.computeIfAbsent(answer.value().toString(), _ -> new ArrayList<>())
                            .add(row.way().toString());
                }
            }
        }
        return answers;
    }

    /** What went wrong, each with the ways in which it did. */
    Map<String, List<String>> errors() {
        var errors = new LinkedHashMap<String, List<String>>();
        for (var row : rows) {
            for (var error : row.errors()) {
                var unit = error.unit();
                // Many messages begin with the address or the command, which need not be said twice.
                var text = unit == null || error.message().contains(unit)
                        ? error.message()
                        : unit + ": " + error.message();
                errors.computeIfAbsent(text, _ -> new ArrayList<>())
                        .add(row.way().toString());
            }
        }
        return errors;
    }

    boolean isOk() {
        return rows.stream().allMatch(row -> row.status() == Status.OK);
    }

    /** How many times as fast as one after the other; empty where either of them is not known. */
    OptionalDouble speedup(Row row) {
        var sequential = rows.stream()
                .filter(other -> other.way() == WayName.SEQUENTIAL && other.isMeasured())
                .findFirst();
        return sequential.isPresent() && row.isMeasured()
                ? OptionalDouble.of(
                        sequential.get().median().seconds() / row.median().seconds())
                : OptionalDouble.empty();
    }
}
