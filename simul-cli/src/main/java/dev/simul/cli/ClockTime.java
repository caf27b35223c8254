package dev.simul.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations as people read them. */
public final class ClockTime {
    private ClockTime() {}

    /** Hours, minutes and seconds, with a fraction to the millisecond only where there is one: {@code 12:00:00}. */
    public static String clock(Duration duration) {
        long millis = duration.plusNanos(500_000).toMillis();
        var text = String.format(
                Locale.ROOT, "%d:%02d:%02d", millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
        return millis % 1000 == 0
                ? text
                : text + String.format(Locale.ROOT, ".%03d", millis % 1000).replaceFirst("0+$", "");
    }

    /** As {@link DurationOption} takes it: {@code 1m30s}. */
    public static String brief(Duration duration) {
        return duration.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
