package dev.simul.cli.compare;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.json.JsonMapper;

/** The report as one JSON object; null stands for what is not known. */
final class JsonReport {
    private JsonReport() {}

    static String text(Report report) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("work", report.work().toString());
        object.put("units", report.units().size());
        object.put("ways", report.rows().stream().map(row -> way(report, row)).toList());
        object.put("advice", report.advice().map(JsonReport::advice).orElse(null));
        return JsonMapper.shared()
                .writer()
                .with(JsonWriteFeature.ESCAPE_NON_ASCII) // right in whatever encoding stdout has
                .withDefaultPrettyPrinter()
                .writeValueAsString(object);
    }

    private static Map<String, String> advice(Advice advice) {
        var object = new LinkedHashMap<String, String>();
        object.put("way", advice.way().toString());
        object.put("reason", advice.reason());
        return object;
    }

    private static Map<String, @Nullable Object> way(Report report, Row row) {
        var way = new LinkedHashMap<String, @Nullable Object>();
        var trial = row.hasRun() ? row.median() : null;
        var speedup = report.speedup(row);
        way.put("way", row.way().toString());
        way.put("status", row.status().toString());
        way.put("seconds", trial == null || !row.isMeasured() ? null : rounded(trial.seconds()));
        way.put("startupSeconds", rounded(row.startupSeconds()));
        way.put("speedup", speedup.isPresent() ? rounded(speedup.getAsDouble()) : null);
        way.put("cpuSeconds", trial == null ? null : rounded(trial.cpuSeconds()));
        way.put("peakMemoryBytes", trial == null ? null : boxed(trial.peakMemoryBytes()));
        way.put("osThreads", trial == null ? null : trial.osThreads());
        way.put("processes", trial == null ? null : trial.processes());
        way.put("switches", trial == null ? null : boxed(trial.switches()));
        way.put("answer", trial == null ? null : trial.answer().value());
        way.put("errors", row.errors().stream().map(JsonReport::error).toList());
        return way;
    }

    private static Map<String, @Nullable Object> error(Row.UnitError error) {
        var object = new LinkedHashMap<String, @Nullable Object>();
        object.put("unit", error.unit());
        object.put("message", error.message());
        return object;
    }

    private static @Nullable Long boxed(OptionalLong number) {
        return number.isPresent() ? number.getAsLong() : null;
    }

    private static double rounded(double number) {
        return Math.round(number * 1e6) / 1e6;
    }
}
