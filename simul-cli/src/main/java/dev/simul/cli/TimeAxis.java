package dev.simul.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A time axis from zero to {@code end} seconds, with round marks that a reader can count in. */
record TimeAxis(double end) {
    /** Steps of a clock, above which a step is a whole number of days. */
    private static final double[] CLOCK_STEPS = {
        10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400
    };

    /** How a page writes times on this axis. */
    enum Unit {
        MILLISECONDS,
        SECONDS,
        CLOCK
    }

    /** A mark at {@code seconds} with its text. */
    record Tick(double seconds, String text) {}

    Unit unit() {
        return end >= 90 ? Unit.CLOCK : end >= 1 ? Unit.SECONDS : Unit.MILLISECONDS;
    }

    /** Marks from zero on, at most {@code most} intervals; none when nothing lasted. */
    List<Tick> ticks(int most) {
        if (!(end > 0)) {
            return List.of();
        }
        double step = step(end / most);
        var ticks = new ArrayList<Tick>();
        // Counted, not summed up, so that the tenth mark is not 0.30000000000000004.
        for (int i = 0; i * step <= end * (1 + 1e-9); i++) {
            ticks.add(new Tick(i * step, text(i * step)));
        }
        return ticks;
    }

    /** {@code 1:00:55}, {@code 2.5 s} or {@code 300 ms}. */
    String text(double seconds) {
        return switch (unit()) {
            case CLOCK -> ClockTime.clock(Duration.ofNanos(Math.round(seconds * 1e9)));
            case SECONDS -> decimal(seconds, 3) + " s";
            case MILLISECONDS -> decimal(seconds * 1000, 3) + " ms";
        };
    }

    /** A number in plain notation, rounded to so many places, without trailing zeros. */
    static String decimal(double number, int places) {
        var rounded = BigDecimal.valueOf(number).setScale(places, RoundingMode.HALF_UP);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    private double step(double least) {
        if (unit() != Unit.CLOCK) {
            double power = Math.pow(10, Math.floor(Math.log10(least)));
            double digit = least / power;
            return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        }
        for (double step : CLOCK_STEPS) {
            if (step >= least) {
                return step;
            }
        }
        return Math.ceil(least / 86_400) * 86_400;
    }
}
