package dev.simul.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How results are shown: a line of JSON each, or a table for people with the ratios first. */
final class Report {
    private Report() {}

    /** One object on one line; a peer that is missing has no figure but a reason. */
    static String json(Result result) {
        var row = result.row();
        var peers = row.peers().stream()
                .map(peer -> quoted(peer) + ": "
                        + result.best(peer).map(Report::figure).orElse("null"))
                .collect(Collectors.joining(", ", "{", "}"));
        var missing = result.missing().entrySet().stream()
                .map(peer -> quoted(peer.getKey()) + ": " + quoted(peer.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        return "{\"row\": %s, \"unit\": %s, \"better\": %s, \"simul\": %s, \"peers\": %s, \"floor\": %s, \"met\": %s%s}"
                .formatted(
                        quoted(row.label()),
                        quoted(row.unit()),
                        quoted(row.better().toString()),
                        result.simul().map(Report::figure).orElse("null"),
                        peers,
                        result.floor().map(floor -> quoted(floor.text())).orElse("null"),
                        row.hasFloor() ? String.valueOf(result.met()) : "null",
                        result.missing().isEmpty() ? "" : ", \"missing\": " + missing);
    }

    static String table(List<Result> results) {
        var table = new StringBuilder("%-42s %12s  %-22s %-4s %s%n"
                .formatted("work", "simul", "floor", "met", "simul is … times a peer (its figure)"));
        for (var result : results) table.append(line(result));
        var missing = new LinkedHashMap<String, List<String>>();
        for (var result : results)
            result.missing()
                    .forEach((peer, why) -> missing.computeIfAbsent(peer + ", because " + why, _ -> new ArrayList<>())
                            .add(result.row().label()));
        missing.forEach((peer, rows) -> table.append("missing in %s: %s%n".formatted(String.join(", ", rows), peer)));
        return table.toString();
    }

    private static String line(Result result) {
        var row = result.row();
        return "%-42s %12s  %-22s %-4s %s%n"
                .formatted(
                        row.work(),
                        result.simul()
                                .map(simul -> figure(simul) + " " + row.unit())
                                .orElse("missing"),
                        row.hasFloor() ? result.floor().map(Floor.Bound::text).orElse("no peer for it") : "-",
                        row.hasFloor() ? result.met() ? "yes" : "NO" : "-",
                        row.peers().stream().map(peer -> ratio(result, peer)).collect(Collectors.joining("  ")));
    }

    private static String ratio(Result result, String peer) {
        if (result.best(peer).isEmpty()) return peer + " missing";
        double figure = result.best(peer).get();
        var ratio =
                result.simul().map(simul -> "%.2f".formatted(simul / figure)).orElse("-");
        return "%s %s (%s)".formatted(peer, ratio, figure(figure));
    }

    private static String figure(double figure) {
        return String.format(Locale.ROOT, figure < 10 ? "%.1f" : "%.0f", figure);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }
}
