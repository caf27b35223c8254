package dev.simul;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Spans of time for people. */
final class Timing {

    private Timing() {}

    static String text(Duration time) {
        long millis = time.toMillis();
        if (Math.abs(millis) < 1000) {
            return millis + " ms";
        }
        return millis < 60_000
                ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
                : time.truncatedTo(ChronoUnit.SECONDS).toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
