package dev.simul.benchmarks;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What Simul must at least hold in a row: not more, or not less, as the row's figures go. */
sealed interface Floor {
    /** The bound in the row's unit, and how it came about. */
    record Bound(String text, double value) {}

    /** The bound, or nothing when the peer it is taken from is missing. */
    Optional<Bound> bound(Map<String, Double> peers);

    /** So many times a peer's figure of the same run. */
    record Times(double factor, String peer) implements Floor {
        @Override
        public Optional<Bound> bound(Map<String, Double> peers) {
            return Optional.ofNullable(peers.get(peer)).map(figure -> new Bound(text(), factor * figure));
        }

        private String text() {
            return String.format(Locale.ROOT, factor == Math.rint(factor) ? "%.0f x %s" : "%s x %s", factor, peer);
        }
    }

    /** A figure of its own. */
    record AtMost(double value, String unit) implements Floor {
        @Override
        public Optional<Bound> bound(Map<String, Double> peers) {
            return Optional.of(new Bound(String.format(Locale.ROOT, "%.0f %s", value, unit), value));
        }
    }

    /** None: the row is there to be read. */
    record None() implements Floor {
        @Override
        public Optional<Bound> bound(Map<String, Double> peers) {
            return Optional.empty();
        }
    }

    /** A floor, and the one that stands in for it where its peer is missing. */
    record Else(Times first, Times second) implements Floor {
        @Override
        public Optional<Bound> bound(Map<String, Double> peers) {
            return first.bound(peers)
                    .or(() -> second.bound(peers)
                            .map(bound -> new Bound(bound.text() + " (no " + first.peer() + " here)", bound.value())));
        }
    }
}
