package dev.simul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.Timeline.Kind;
import dev.simul.cli.Timeline.Lane;
import dev.simul.cli.Timeline.Row;
import dev.simul.cli.Timeline.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelinePageTest {
    @Test
    void textFromOutsideStaysText() {
        var evil = "\"><script>alert('x')</script>&";
        var page = TimelinePage.html(new Timeline(
                evil,
                evil,
                Map.of(Kind.WORK, evil),
                List.of(new Lane(evil, evil, evil, 1, List.of(new Row(evil, List.of(span(evil, 0, 1, Kind.WORK)))))),
                List.of(evil),
                List.of(List.of(evil)),
                evil));

        assertThat(page).doesNotContain("<script>alert").doesNotContain("alert('x')");
        assertThat(page).contains("&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;");
    }

    @Test
    void thePageNeedsNothingElse() {
        var page = TimelinePage.html(page(span("a", 0, 1, Kind.WORK)));

        assertThat(page).doesNotContain("http://").doesNotContain("https://").doesNotContain("url(");
        assertThat(page).doesNotContain("src=").doesNotContain("<link").doesNotContain("@import");
    }

    @Test
    void aFailureThatTookNoTimeIsWideEnoughToBeSeen() {
        var page = TimelinePage.html(page(span("dead", 0.5, 0.5, Kind.FAILED), span("b", 0, 10, Kind.WAIT)));

        assertThat(page).contains("<rect class=\"failed\" x=\"0.5\" y=\"0.05\" width=\"0.04\"");
    }

    @Test
    void theLegendNamesTheKindsThatOccurAndNoOthers() {
        var timeline = page(span("a", 0, 1, Kind.WORK));
        assertThat(TimelinePage.html(timeline)).contains("works").doesNotContain("breaks");

        assertThat(TimelinePage.html(page(span("a", 0, 1, Kind.FAILED))))
                .contains("breaks")
                .doesNotContain("works");
    }

    @Test
    void aPageWithoutAnythingIsStillAPage() {
        var page = TimelinePage.html(new Timeline("t", "", Map.of(), List.of(), List.of(), List.of(), ""));

        assertThat(page).startsWith("<!DOCTYPE html>").endsWith("</html>\n").doesNotContain("class=\"advice\"");
    }

    @Test
    void aLaneThatNeverRanSaysWhyInsteadOfDrawing() {
        var lane = new Lane("jobs", "failed", "no Redis at localhost:1", 0, List.of());
        var page = TimelinePage.html(new Timeline("t", "", Map.of(), List.of(lane), List.of(), List.of(), ""));

        assertThat(page).contains("no Redis at localhost:1").doesNotContain("<svg");
    }

    private static Timeline page(Span... spans) {
        var lane = new Lane("loop", "1 s", "", 1, List.of(new Row("unit 1", List.of(spans))));
        var legend = Map.of(Kind.WORK, "works", Kind.FAILED, "breaks");
        return new Timeline("t", "i", legend, List.of(lane), List.of("way"), List.of(), "advice");
    }

    private static Span span(String label, double start, double end, Kind kind) {
        return new Span(label, start, end, kind, label);
    }
}
