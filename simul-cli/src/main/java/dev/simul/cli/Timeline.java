package dev.simul.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What ran when, in every way: the content of a {@link TimelinePage}. All times are seconds since the common start.
 *
 * @param intro one or two sentences under the title
 * @param legend the name of each kind on this page; those that do not occur are not shown
 * @param columns the table's header; the first column names the way
 * @param advice the conclusion in one or two sentences, shown above the picture; empty for none
 */
public record Timeline(
        String title,
        String intro,
        Map<Kind, String> legend,
        List<Lane> lanes,
        List<String> columns,
        List<List<String>> table,
        String advice) {

    /** What a span means; a page names the kinds it uses in its legend. */
    public enum Kind {
        /** Busy itself: computing, thinking. */
        WORK,
        /** Under way, but waiting for somebody else: a reply, a sleep. */
        WAIT,
        /** Ready, and waiting for its turn. */
        QUEUED,
        /** A cold cost before any work: a process or server that starts. */
        STARTUP,
        /** Ended in an error. */
        FAILED
    }

    /**
     * One way.
     *
     * @param result the figure that counts, for example {@code 1:00:55}
     * @param note what the figure means or why the way failed; may be empty
     * @param end when the way was over
     */
    public record Lane(String name, String result, String note, double end, List<Row> rows) {}

    /** One line of a lane: a unit of work, a thread, a board. A weight of 3 draws it three times as tall as the others. */
    public record Row(String label, int weight, List<Span> spans) {
        public Row(String label, List<Span> spans) {
            this(label, 1, spans);
        }
    }

    /**
     * One stretch of time in a row.
     *
     * @param label shown on hover beside the row's label; may be empty
     * @param detail a further line on hover, for example an error; may be empty
     */
    public record Span(String label, double start, double end, Kind kind, String detail) {
        public Span(String label, double start, double end, Kind kind) {
            this(label, start, end, kind, "");
        }
    }

    /** The kinds that occur in the picture. */
    Set<Kind> kinds() {
        var kinds = EnumSet.noneOf(Kind.class);
        for (var lane : lanes) {
            lane.rows().forEach(row -> row.spans().forEach(span -> kinds.add(span.kind())));
        }
        return kinds;
    }

    /** The latest moment in the picture: where the common axis ends. */
    double end() {
        return lanes.stream().mapToDouble(Timeline::end).max().orElse(0);
    }

    private static double end(Lane lane) {
        return lane.rows().stream()
                .flatMap(row -> row.spans().stream())
                .mapToDouble(Span::end)
                .reduce(lane.end(), Math::max);
    }
}
