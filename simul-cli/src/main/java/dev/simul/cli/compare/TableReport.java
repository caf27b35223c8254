package dev.simul.cli.compare;

import dev.simul.cli.Terminal;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The report for people: a table, a bar chart, what went wrong, and the advice. */
final class TableReport {
    private static final int MOST_BAR = 40;
    private static final int MOST_ERRORS = 8;

    private final Report report;
    private final Terminal terminal;
    private final boolean unicode;
    private final StringBuilder out = new StringBuilder();

    private TableReport(Report report, Terminal terminal, Charset charset) {
        this.report = report;
        this.terminal = terminal;
        this.unicode = charset.newEncoder().canEncode('█');
    }

    static String text(Report report, Terminal terminal, Charset charset) {
        return new TableReport(report, terminal, charset).render();
    }

    private String render() {
        line(report.title());
        line("");
        table();
        line("");
        bars();
        line("");
        answers();
        errors();
        report.advice().ifPresent(advice -> {
            line("");
            line(bold("advice: " + advice.way()) + ": " + advice.reason() + ".");
        });
        return out.toString();
    }

    private void table() {
        var lines = new ArrayList<List<String>>();
        lines.add(Figures.columns(report));
        report.rows().forEach(row -> lines.add(Figures.of(report, row)));
        var widths = IntStream.range(0, lines.getFirst().size())
                .map(i -> lines.stream()
                        .mapToInt(cells -> cells.get(i).length())
                        .max()
                        .orElse(0))
                .toArray();
        int all = IntStream.of(widths).sum();
        var gap = terminal.out() && all + 2 * (widths.length - 1) > terminal.columns() ? " " : "  ";
        for (int i = 0; i < lines.size(); i++) {
            var cells = lines.get(i);
            var text = IntStream.range(0, widths.length)
                    .mapToObj(column -> column == 0
                            ? String.format("%-" + widths[column] + "s", cells.get(column))
                            : String.format("%" + widths[column] + "s", cells.get(column)))
                    .collect(Collectors.joining(gap))
                    .stripTrailing();
            line(i > 0 && isAdvised(report.rows().get(i - 1)) ? bold(text) : text);
        }
    }

    private void bars() {
        double longest = report.rows().stream()
                .filter(Row::isMeasured)
                .mapToDouble(row -> row.median().seconds())
                .max()
                .orElse(1);
        for (var row : report.rows()) {
            var text = String.format("%-10s ", row.way());
            if (row.isMeasured()) {
                double seconds = row.median().seconds();
                int length = Math.max(1, (int) Math.round(MOST_BAR * seconds / longest));
                text += (unicode ? "█" : "#").repeat(length) + " " + Figures.seconds(seconds) + "  " + row.setup();
            } else {
                text += "failed: " + (row.failure() == null ? "no unit has an answer" : row.failure());
            }
            text = fitted(text);
            line(isAdvised(row) ? bold(text) : text);
        }
    }

    private String fitted(String text) {
        return terminal.out() && text.length() > terminal.columns()
                ? text.substring(0, terminal.columns() - 1) + (unicode ? "…" : "~")
                : text;
    }

    private void answers() {
        var noun = report.work().noun();
        for (var group : report.answers().entrySet()) {
            var ways = group.getValue();
            var who = ways.size() == report.rows().size()
                    ? (ways.size() == 1 ? ways.getFirst() : "every way")
                    : String.join(", ", ways);
            line("answer: " + group.getKey() + (noun.isEmpty() ? "" : " " + noun) + " (" + who + ")");
        }
    }

    /** Each error once, with the ways that had it. */
    private void errors() {
        var errors = report.errors();
        errors.entrySet().stream().limit(MOST_ERRORS).forEach(error -> {
            var ways = error.getValue();
            var who = ways.size() == report.rows().size() && ways.size() > 1 ? "every way" : String.join(", ", ways);
            line(red("failed in " + who + ": ") + error.getKey());
        });
        if (errors.size() > MOST_ERRORS) {
            line("… and " + (errors.size() - MOST_ERRORS) + " more; --json has all of them");
        }
    }

    private boolean isAdvised(Row row) {
        return report.advice().filter(advice -> advice.way() == row.way()).isPresent();
    }

    private String bold(String text) {
        return styled("1", text);
    }

    private String red(String text) {
        return styled("31", text);
    }

    private String styled(String style, String text) {
        return terminal.out() && terminal.colour() ? "\u001b[" + style + "m" + text + "\u001b[0m" : text;
    }

    private void line(String text) {
        out.append(text).append(System.lineSeparator());
    }
}
