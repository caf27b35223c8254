package dev.simul.cli.compare;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which way fits this work, and why, from what was measured.
 *
 * <p>Among the ways that are about as quick as the quickest one, the simplest to live with is advised: that is what the
 * few milliseconds between them are not worth.
 */
record Advice(WayName way, String reason) {
    /** Ways within this factor of the quickest count as equally quick; the noise of a loaded machine is of this size. */
    private static final double AS_QUICK = 1.25;

    /** A sequential run that computes for this share of its time is bound by the processor; a loaded machine lowers it. */
    private static final double MOSTLY_COMPUTES = 0.6;

    /** One that computes for less than this waits most of its time. */
    private static final double MOSTLY_WAITS = 0.3;

    /** A shorter run tells nothing about that: systems count processor time in steps of 10 ms. */
    private static final double TELLING_SECONDS = 0.1;

    /** Ease, easiest first: one thread, one process, then shared memory, then more and more to run and to watch. */
    private static final List<WayName> EASE =
            List.of(WayName.SEQUENTIAL, WayName.LOOP, WayName.TURNS, WayName.THREADS, WayName.PROCESSES, WayName.JOBS);

    static Optional<Advice> of(WorkSpec.Kind work, List<Row> rows) {
        var measured = rows.stream().filter(Row::isMeasured).toList();
        var whole = measured.stream().filter(row -> row.errors().isEmpty()).toList();
        var candidates = worthwhile(work, whole.isEmpty() ? measured : whole);
        double quickest = candidates.stream()
                .mapToDouble(row -> row.median().seconds())
                .min()
                .orElse(0);
        return candidates.stream()
                .filter(row -> row.median().seconds() <= quickest * AS_QUICK)
                .min(Comparator.comparingInt(row -> EASE.indexOf(row.way())))
                .map(best -> new Advice(best.way(), reason(best, measured, work)));
    }

    /** What computes on one thread as sequential does can be quicker only by chance, so it competes with nothing else. */
    private static List<Row> worthwhile(WorkSpec.Kind work, List<Row> rows) {
        var others = rows.stream()
                .filter(row -> row.way() != WayName.TURNS && row.way() != WayName.LOOP)
                .toList();
        return work != WorkSpec.Kind.CPU || others.isEmpty() ? rows : others;
    }

    private static String reason(Row best, List<Row> measured, WorkSpec.Kind work) {
        var reason = new StringBuilder(character(measured, work))
                .append(because(best))
                .append(", in ")
                .append(time(best.median().seconds()));
        var sequential = find(measured, WayName.SEQUENTIAL);
        if (sequential.isPresent() && best.way() != WayName.SEQUENTIAL) {
            reason.append(String.format(
                    Locale.ROOT,
                    " against %s one after the other (%.1f times as fast)",
                    time(sequential.get().median().seconds()),
                    sequential.get().median().seconds() / best.median().seconds()));
        }
        aboutTurns(best, measured, work).ifPresent(text -> reason.append("; ").append(text));
        return reason.toString();
    }

    /** What is known, or the sequential run says, about the work: where its time goes. */
    private static String character(List<Row> measured, WorkSpec.Kind work) {
        return find(measured, WayName.SEQUENTIAL)
                .map(row -> character(row.median(), work))
                .orElse("measured without the sequential way to compare with, ");
    }

    private static String character(Trial sequential, WorkSpec.Kind work) {
        if (sequential.seconds() < TELLING_SECONDS) {
            return (work == WorkSpec.Kind.CPU ? "the units compute" : "the units wait or compute")
                    + ", for too short a time to tell more, ";
        }
        double share = sequential.cpuSeconds() / sequential.seconds();
        var percent = Math.round(Math.min(1, share) * 100) + " % of the sequential time is processor time), ";
        if (share >= MOSTLY_COMPUTES || work == WorkSpec.Kind.CPU) {
            return "the units compute (" + percent;
        }
        return share <= MOSTLY_WAITS
                ? "the units wait (only " + percent
                : "the units both wait and compute (" + percent;
    }

    private static String because(Row best) {
        return switch (best.way()) {
            case SEQUENTIAL -> "and no other way is quick enough to be worth its trouble";
            case LOOP -> "so one thread is enough to wait for all of them at once";
            case TURNS -> "so generators on one thread that yield instead of waiting are enough";
            case THREADS -> "so it takes several threads to use " + processors() + ", and threads are the cheapest way";
            case PROCESSES ->
                "so it takes several processes to use " + processors()
                        + ", and these have no heap or lock in common to get in each other's way";
            case JOBS -> "and workers on a queue were quickest, which can be on other machines as well";
        };
    }

    private static Optional<String> aboutTurns(Row best, List<Row> measured, WorkSpec.Kind work) {
        return find(measured, WayName.TURNS)
                .filter(_ -> best.way() != WayName.TURNS)
                .map(row -> time(row.median().seconds()))
                .map(seconds -> switch (work) {
                    case WORDS, MIXED ->
                        "turns took " + seconds + " only because its generators yield while a request that does not"
                                + " block is under way, for a blocking call in one would hold up all";
                    case EXEC ->
                        "turns took " + seconds + " only because its generators yield while a command runs, for"
                                + " waiting for it in one would hold up all";
                    case CPU -> "turns and loop compute on one thread, so they gain nothing";
                    case CLASS -> "turns took " + seconds + " because a generator cannot overlap a blocking call";
                });
    }

    private static Optional<Row> find(List<Row> rows, WayName way) {
        return rows.stream().filter(row -> row.way() == way).findFirst();
    }

    private static String processors() {
        int count = Runtime.getRuntime().availableProcessors();
        return count + (count == 1 ? " processor" : " processors");
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.3f s", seconds);
    }
}
