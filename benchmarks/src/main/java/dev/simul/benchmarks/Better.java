package dev.simul.benchmarks;

import java.util.Locale;

/** Which of two figures wins. */
enum Better {
    LOWER,
    HIGHER;

    double of(double one, double other) {
        return this == LOWER ? Math.min(one, other) : Math.max(one, other);
    }

    /** Whether a figure is at least as good as a bound. */
    boolean holds(double figure, double bound) {
        return this == LOWER ? figure <= bound : figure >= bound;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
