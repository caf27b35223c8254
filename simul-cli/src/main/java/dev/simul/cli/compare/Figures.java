package dev.simul.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The columns of the table, as text. */
final class Figures {
    private static final String UNKNOWN = "-";
    private static final double MEBIBYTE = 1 << 20;

    private Figures() {}

    static List<String> columns(Report report) {
        var columns = new ArrayList<>(List.of("way", "time"));
        if (report.repeat() > 1) {
            columns.add("spread");
        }
        columns.addAll(List.of("speed-up", "start-up", "CPU", "memory", "threads", "processes", "switches"));
        return columns;
    }

    static List<String> of(Report report, Row row) {
        var cells = new ArrayList<String>();
        cells.add(row.way().toString());
        var measured = row.isMeasured();
        cells.add(measured ? seconds(row.median().seconds()) : "failed");
        if (report.repeat() > 1) {
            cells.add(measured ? String.format(Locale.ROOT, "%.3f-%.3f", row.fastest(), row.slowest()) : UNKNOWN);
        }
        var speedup = report.speedup(row);
        cells.add(speedup.isPresent() ? String.format(Locale.ROOT, "%.1f x", speedup.getAsDouble()) : UNKNOWN);
        cells.add(row.hasRun() ? String.format(Locale.ROOT, "%.2f s", row.startupSeconds()) : UNKNOWN);
        if (row.hasRun()) {
            var trial = row.median();
            cells.add(String.format(Locale.ROOT, "%.2f s", trial.cpuSeconds()));
            cells.add(mebibytes(trial.peakMemoryBytes()));
            cells.add(Integer.toString(trial.osThreads()));
            cells.add(Integer.toString(trial.processes()));
            cells.add(
                    trial.switches().isPresent()
                            ? Long.toString(trial.switches().getAsLong())
                            : UNKNOWN);
        } else {
            cells.addAll(List.of(UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN));
        }
        return cells;
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.3f s", seconds);
    }

    private static String mebibytes(OptionalLong bytes) {
        return bytes.isPresent() ? Math.round(bytes.getAsLong() / MEBIBYTE) + " MiB" : UNKNOWN;
    }
}
