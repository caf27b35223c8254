package dev.simul.cli.compare;

import dev.simul.cli.Timeline;
import dev.simul.cli.Timeline.Kind;
import dev.simul.cli.Timeline.Lane;
import dev.simul.cli.Timeline.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The report as a picture: every unit of work in every way, on one axis of time. */
final class TimelineReport {
    private static final double MICROS = 1e6;

    private TimelineReport() {}

    static Timeline of(Report report) {
        var legend = new LinkedHashMap<Kind, String>();
        legend.put(Kind.QUEUED, "not begun");
        legend.put(Kind.WORK, "under way");
        legend.put(Kind.FAILED, "failed");
        return new Timeline(
                "simul compare: " + report.work(),
                sentence(report.title()) + " Each line is one unit, from the start of the run."
                        + " Starting processes and servers and warming up are not in the picture; the table has them.",
                legend,
                report.rows().stream().map(row -> lane(report, row)).toList(),
                Figures.columns(report),
                report.rows().stream().map(row -> Figures.of(report, row)).toList(),
                report.advice()
                        .map(advice -> advice.way() + ": " + advice.reason() + ".")
                        .orElse(""));
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
    }

    private static Lane lane(Report report, Row row) {
        var name = row.way().toString();
        if (!row.hasRun()) {
            return new Lane(name, "failed", String.valueOf(row.failure()), 0, List.of());
        }
        var trial = row.median();
        var rows = new ArrayList<Timeline.Row>();
        for (int i = 0; i < report.units().size(); i++) {
            rows.add(new Timeline.Row(
                    report.units().get(i), spans(trial, trial.runs().get(i))));
        }
        return row.isMeasured()
                ? new Lane(name, Figures.seconds(trial.seconds()), row.setup(), trial.seconds(), rows)
                : new Lane(name, "failed", row.failure() == null ? row.setup() : row.failure(), trial.seconds(), rows);
    }

    private static List<Span> spans(Trial trial, @Nullable UnitRun run) {
        if (run == null) {
            return List.of(new Span("", 0, trial.seconds(), Kind.QUEUED, "no answer"));
        }
        double start = Math.max(0, (run.start() - trial.start()) / MICROS);
        double end = Math.max(start, (run.end() - trial.start()) / MICROS);
        var unit = run.failure() == null
                ? new Span("", start, end, Kind.WORK, "")
                : new Span("", start, end, Kind.FAILED, run.failure());
        return start > 0 ? List.of(new Span("", 0, start, Kind.QUEUED), unit) : List.of(unit);
    }
}
