package dev.simul.cli;

import dev.simul.cli.Timeline.Kind;
import dev.simul.cli.Timeline.Lane;
import dev.simul.cli.Timeline.Row;
import dev.simul.cli.Timeline.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Draws a {@link Timeline} as one HTML page that needs nothing else: no network, no fonts, no scripts from elsewhere.
 *
 * <p>Each lane is an SVG whose x axis is seconds, stretched to the width of the window by the browser; so the page fits a
 * telephone and a wide screen, and printing it keeps it sharp. Without JavaScript only the details on hover and the zoom
 * are missing.
 */
public final class TimelinePage {
    private static final int LANE_PIXELS = 200;
    /** A failure that took no time must be seen all the same: its least width as a part of the axis. */
    private static final double LEAST_FAILURE = 0.004;

    private final Timeline timeline;
    private final double end;
    private final StringBuilder out = new StringBuilder(1 << 16);

    private TimelinePage(Timeline timeline) {
        this.timeline = timeline;
        this.end = Math.max(timeline.end(), 1e-6);
    }

    /** The page as text. */
    public static String html(Timeline timeline) {
        return new TimelinePage(timeline).render();
    }

    /**
     * Writes the page to a file, UTF-8, replacing what was there.
     *
     * @throws IOException with a message for the user of {@code --html}
     */
    public static void write(Timeline timeline, Path file) throws IOException {
        try {
            Files.writeString(file, html(timeline));
        } catch (NoSuchFileException e) {
            throw new IOException("--html " + file + " cannot be written: there is no such folder", e);
        } catch (IOException e) {
            throw new IOException("--html " + file + " cannot be written: " + e, e);
        }
    }

    private String render() {
        add("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        add("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        add("<meta name=\"color-scheme\" content=\"light dark\">\n");
        add("<meta name=\"generator\" content=\"Simul\">\n");
        add("<title>").text(timeline.title()).add("</title>\n");
        add("<style>\n").add(resource("timeline.css")).add("</style>\n</head>\n<body>\n<main>\n");
        add("<header><h1>").text(timeline.title()).add("</h1>");
        add("<p class=\"intro\">").text(timeline.intro()).add("</p></header>\n");
        if (!timeline.advice().isEmpty()) {
            add("<p class=\"advice\"><strong>In short</strong> ")
                    .text(timeline.advice())
                    .add("</p>\n");
        }
        bars();
        picture();
        table();
        add("<p class=\"tip\" id=\"tip\" role=\"status\" hidden></p>\n</main>\n");
        add("<script>\n").add(resource("timeline.js")).add("</script>\n</body>\n</html>\n");
        return out.toString();
    }

    private void bars() {
        add("<section aria-labelledby=\"done\"><h2 id=\"done\">Done after</h2>\n<ul class=\"bars\">\n");
        for (var lane : timeline.lanes()) {
            add("<li><span class=\"way\">").text(lane.name()).add("</span>");
            add("<span class=\"bar\"><i style=\"width:")
                    .add(percent(lane.end() / end))
                    .add("\"></i></span>");
            add("<b>").text(lane.result()).add("</b></li>\n");
        }
        add("</ul></section>\n");
    }

    private void picture() {
        add("<section aria-labelledby=\"picture\"><h2 id=\"picture\">What ran when</h2>\n");
        add("<div class=\"controls\"><ul class=\"legend\">");
        for (var kind : timeline.kinds()) {
            var name = timeline.legend().get(kind);
            if (name != null) {
                add("<li><i class=\"").add(css(kind)).add("\"></i>").text(name).add("</li>");
            }
        }
        add("</ul>\n<label><input type=\"checkbox\" id=\"fill\"> each fills the width</label>\n");
        add(
                "<label>zoom <input type=\"range\" id=\"zoom\" min=\"0\" max=\"5\" step=\"0.1\" value=\"0\"></label></div>\n");
        for (var lane : timeline.lanes()) {
            lane(lane);
        }
        add("</section>\n");
    }

    private void lane(Lane lane) {
        add("<article class=\"lane\"><h3>")
                .text(lane.name())
                .add(" <b>")
                .text(lane.result())
                .add("</b>");
        add(" <small>").text(lane.note()).add("</small></h3>\n");
        if (!lane.rows().isEmpty()) {
            chart(lane);
        }
        add("</article>\n");
    }

    private void chart(Lane lane) {
        var rows = lane.rows();
        int units = rows.stream().mapToInt(Row::weight).sum();
        double pixels = Math.clamp((double) LANE_PIXELS / units, 2, 14);
        double own = lane.end() > 0 ? lane.end() : end;
        add("<div class=\"chart\"><div class=\"gutter\" aria-hidden=\"true\"><span>")
                .text(rows.getFirst().label());
        add("</span><span>").text(rows.size() > 1 ? rows.getLast().label() : "").add("</span></div>\n");
        add("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"").text(lane.name());
        add(": arrow keys move from span to span\"><div class=\"window\"><div class=\"plane\" style=\"--stretch:");
        number(end / own)
                .add("\">\n<svg role=\"img\" preserveAspectRatio=\"none\" viewBox=\"0 0 ")
                .number(end)
                .add(" ")
                .add(units + "");
        add("\" style=\"height:")
                .number(pixels * units)
                .add("px\" data-unit=\"")
                .add(unit())
                .add("\" aria-label=\"");
        text(lane.name() + ", " + lane.result() + ". " + rows.size() + " rows.").add("\">\n");
        int y = 0;
        for (var row : rows) {
            row(row, y);
            y += row.weight();
        }
        add("</svg>\n<i class=\"finish\" style=\"left:").add(percent(own / end)).add("\"></i>\n");
        // Marks for three depths of zoom; the style sheet shows one of them.
        for (int level = 0; level < 3; level++) {
            axis("common level" + level, end, 6 << (2 * level));
            axis("own level" + level, own, 6 << (2 * level));
        }
        add("</div></div></div></div>\n");
    }

    private void row(Row row, int y) {
        add("<g transform=\"translate(0 ")
                .add(y + "")
                .add(")\" data-row=\"")
                .text(row.label())
                .add("\">");
        for (var span : row.spans()) {
            span(span, row.weight());
        }
        add("</g>\n");
    }

    // Kinds differ in height as well as in colour, for readers who do not see the colours apart.
    private void span(Span span, int weight) {
        double share = switch (span.kind()) {
            case WORK, STARTUP, FAILED -> 0.9;
            case WAIT -> 0.62;
            case QUEUED -> 0.2;
        };
        double width = Math.max(span.end() - span.start(), span.kind() == Kind.FAILED ? end * LEAST_FAILURE : 0);
        add("<rect class=\"").add(css(span.kind())).add("\" x=\"").number(span.start());
        add("\" y=\"").number(weight * (1 - share) / 2).add("\" width=\"").number(width);
        add("\" height=\"").number(weight * share).add("\"");
        attribute("data-label", span.label());
        attribute("data-detail", span.detail());
        add("/>");
    }

    private void axis(String css, double length, int marks) {
        add("<ol class=\"axis ").add(css).add("\" aria-hidden=\"true\">");
        for (var tick : new TimeAxis(length).ticks(marks)) {
            add(tick.seconds() > length * (1 - 0.4 / marks) ? "<li class=\"late\"" : "<li");
            add(" style=\"left:")
                    .add(percent(tick.seconds() / end))
                    .add("\">")
                    .text(tick.text())
                    .add("</li>");
        }
        add("</ol>\n");
    }

    private void table() {
        add(
                "<section aria-labelledby=\"figures\"><h2 id=\"figures\">Figures</h2>\n<div class=\"scroll\" tabindex=\"0\">");
        add("<table><thead><tr>");
        for (var column : timeline.columns()) {
            add("<th scope=\"col\">").text(column).add("</th>");
        }
        add("</tr></thead>\n<tbody>\n");
        for (var row : timeline.table()) {
            add("<tr>");
            for (int i = 0; i < row.size(); i++) {
                var tag = i == 0 ? "th" : "td";
                add("<").add(tag)
                        .add(i == 0 ? " scope=\"row\">" : ">")
                        .text(row.get(i))
                        .add("</" + tag + ">");
            }
            add("</tr>\n");
        }
        add("</tbody></table></div></section>\n");
    }

    private String unit() {
        return new TimeAxis(end).unit().name().toLowerCase(Locale.ROOT);
    }

    private static String css(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String percent(double part) {
        return TimeAxis.decimal(part * 100, 4) + "%";
    }

    private TimelinePage add(String markup) {
        out.append(markup);
        return this;
    }

    private TimelinePage number(double number) {
        return add(TimeAxis.decimal(number, 6));
    }

    private void attribute(String name, String value) {
        if (!value.isEmpty()) {
            add(" ").add(name).add("=\"").text(value).add("\"");
        }
    }

    /** Appends text from outside; whatever it holds, it stays text, between tags and in quoted attributes. */
    private TimelinePage text(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    private static String resource(String name) {
        try (var in = TimelinePage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar of simul-cli; build it again");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
