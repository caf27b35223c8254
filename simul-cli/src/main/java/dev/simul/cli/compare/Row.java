package dev.simul.cli.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came out of one way.
 *
 * @param setup what ran the units; empty if the way could not be opened
 * @param startupSeconds cold costs before the first unit: processes, servers, loading and compiling
 * @param trials the runs; the last one may be cut short by a failure of the way
 * @param errors units that failed or that disagree with an earlier way, and the failure of the way itself
 * @param failure why the way as a whole failed; null if it did not
 */
record Row(
        WayName way,
        String setup,
        double startupSeconds,
        List<Trial> trials,
        List<UnitError> errors,
        @Nullable String failure) {

    /** How a way ended. */
    enum Status {
        /** Every unit has an answer that no other way contradicts. */
        OK,
        /** Some units failed or disagree. */
        PARTIAL,
        /** The way itself failed, or no unit has an answer. */
        FAILED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A unit that failed.
     *
     * @param unit null if it was the way itself
     */
    record UnitError(@Nullable String unit, String message) {}

    Status status() {
        if (failure != null || trials.isEmpty() || median().answer().answered() == 0) {
            return Status.FAILED;
        }
        return errors.isEmpty() ? Status.OK : Status.PARTIAL;
    }

    boolean hasRun() {
        return !trials.isEmpty();
    }

    /** Whether its times mean something. */
    boolean isMeasured() {
        return status() != Status.FAILED;
    }

    /** The run that stands for all: the median by wall time, the quicker one of two. */
    Trial median() {
        return sorted().get((trials.size() - 1) / 2);
    }

    double fastest() {
        return sorted().getFirst().seconds();
    }

    double slowest() {
        return sorted().getLast().seconds();
    }

    private List<Trial> sorted() {
        return trials.stream()
                .sorted(Comparator.comparingDouble(Trial::seconds))
                .toList();
    }
}
