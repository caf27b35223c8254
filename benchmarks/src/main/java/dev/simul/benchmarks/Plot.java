package dev.simul.benchmarks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Rows of the same name with different numbers of tasks, drawn as SVG: both axes grow by factors of ten. */
final class Plot {
    private static final int LEFT = 70;
    private static final int TOP = 40;
    private static final int WIDTH = 380;
    private static final int HEIGHT = 300;
    private static final int LINE_HEIGHT = 13;
    private static final int PANEL = LEFT + WIDTH + 90;
    private static final List<String> COLOURS =
            List.of("#b3261e", "#5f6368", "#7b4fc9", "#00838f", "#e69500", "#33691e", "#1a56b0");

    private final List<Result> results;
    private final String across;
    private final double leastTasks;
    private final double mostTasks;
    private final double leastFigure;
    private final double mostFigure;

    Plot(List<Result> results) {
        this(results, "tasks alive");
    }

    /**
     * Prepares.
     *
     * @param across what the numbers along the bottom count
     */
    Plot(List<Result> results, String across) {
        this.across = across;
        this.results = results.stream()
                .filter(result -> result.row().tasks().isPresent())
                .toList();
        if (this.results.isEmpty())
            throw new IllegalArgumentException(
                    "--plot draws rows by tasks: use group scale, or the rows noop of group jobs");
        leastTasks = this.results.stream().mapToDouble(Plot::tasks).min().orElseThrow();
        mostTasks = this.results.stream().mapToDouble(Plot::tasks).max().orElseThrow();
        var figures = this.results.stream()
                .flatMap(result -> result.row().contestants().stream().map(result::best))
                .flatMap(Optional::stream)
                .toList();
        leastFigure = power(figures, Math::floor, Double::min);
        mostFigure = power(figures, Math::ceil, Double::max);
    }

    private static double power(
            List<Double> figures, ToDoubleFunction<Double> rounding, BinaryOperator<Double> choose) {
        double figure = figures.stream().reduce(choose).orElse(1.0);
        return Math.pow(10, rounding.applyAsDouble(Math.log10(figure)));
    }

    private static double tasks(Result result) {
        return result.row().tasks().orElseThrow();
    }

    String svg() {
        var names =
                results.stream().map(result -> result.row().name()).distinct().toList();
        var panels = new StringBuilder();
        for (int panel = 0; panel < names.size(); panel++) panels.append(panel(names.get(panel), panel));
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                %s</svg>
                """.formatted(PANEL * names.size(), TOP + HEIGHT + 50, panels);
    }

    private String panel(String name, int number) {
        var rows = results.stream()
                .filter(result -> result.row().name().equals(name))
                .toList();
        var row = rows.getFirst().row();
        var panel = new StringBuilder();
        panel.append("<g transform=\"translate(%d,0)\">%n".formatted(number * PANEL));
        panel.append(text(LEFT, 22, "start", "#202124", row.work().replace(", 1 at a time", "") + ", " + row.unit()));
        for (double tasks = leastTasks; tasks <= mostTasks; tasks *= 10) {
            panel.append(line(x(tasks), TOP, x(tasks), TOP + HEIGHT, "#eceff1", 1));
            panel.append(text(x(tasks), TOP + HEIGHT + 18, "middle", "#5f6368", "%,d".formatted((long) tasks)));
        }
        for (double figure = leastFigure; figure <= mostFigure; figure *= 10) {
            panel.append(line(LEFT, y(figure), LEFT + WIDTH, y(figure), "#eceff1", 1));
            panel.append(text(LEFT - 8, y(figure) + 4, "end", "#5f6368", "%,d".formatted((long) figure)));
        }
        panel.append(text(LEFT + WIDTH / 2.0, TOP + HEIGHT + 38, "middle", "#5f6368", across));
        panel.append(curves(rows, row.contestants()));
        return panel.append("</g>\n").toString();
    }

    /** The lines, and their names beside their ends, the lowest first and none upon another. */
    private String curves(List<Result> rows, List<String> contestants) {
        var curves = new StringBuilder();
        var ends = new ArrayList<End>();
        for (int c = 0; c < contestants.size(); c++) {
            var contestant = contestants.get(c);
            var points = points(rows, contestant);
            if (points.isEmpty()) continue;
            var colour = COLOURS.get(c % COLOURS.size());
            var path = points.stream()
                    .map(point -> String.format(Locale.ROOT, "%.1f,%.1f", point.x(), point.y()))
                    .collect(Collectors.joining(" "));
            curves.append("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"%s\"/>%n"
                    .formatted(path, colour, contestant.equals("simul") ? "3" : "1.5"));
            ends.add(new End(contestant, colour, points.getLast()));
        }
        ends.sort(Comparator.comparingDouble((End end) -> end.point().y()).reversed());
        double above = Double.MAX_VALUE;
        for (var end : ends) {
            double y = Math.min(end.point().y() + 4, above - LINE_HEIGHT);
            curves.append(text(end.point().x() + 6, y, "start", end.colour(), end.contestant()));
            above = y;
        }
        return curves.toString();
    }

    private List<Point> points(List<Result> rows, String contestant) {
        var points = new ArrayList<Point>();
        for (var result : rows)
            result.best(contestant).ifPresent(figure -> points.add(new Point(x(tasks(result)), y(figure))));
        return points;
    }

    private record Point(double x, double y) {}

    private record End(String contestant, String colour, Point point) {}

    private double x(double tasks) {
        return LEFT + WIDTH * Math.log10(tasks / leastTasks) / Math.max(1, Math.log10(mostTasks / leastTasks));
    }

    private double y(double figure) {
        return TOP + HEIGHT - HEIGHT * Math.log10(figure / leastFigure) / Math.log10(mostFigure / leastFigure);
    }

    private static String line(double x1, double y1, double x2, double y2, String colour, int width) {
        return String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%d\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                width);
    }

    private static String text(double x, double y, String anchor, String colour, String text) {
        return String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                text);
    }
}
