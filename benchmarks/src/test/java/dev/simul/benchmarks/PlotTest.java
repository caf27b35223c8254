package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PlotTest {
    private final Row row = new Row("turn", "a turn", "ns", List.of("go"), new Floor.Times(1, "go"));

    @Test
    void figuresTenTimesAsLargeStandAsFarAboveAsTenTimesAsManyTasksStandAside() {
        var few = result(10, 100);
        var many = result(1_000, 1_000);

        var svg = new Plot(List.of(few, many)).svg();

        assertThat(svg).contains("<polyline points=\"70.0,340.0 450.0,40.0\"").contains(">1,000</text>");
    }

    @Test
    void aPeerThatIsMissingHasNoCurve() {
        var svg = new Plot(List.of(result(10, 100), result(100, 200))).svg();

        assertThat(svg).contains(">simul</text>").doesNotContain(">go</text>");
    }

    @Test
    void namesOfLinesThatEndAtTheSamePlaceDoNotCoverEachOther() {
        var last = result(10, 100);
        last.figure("go", 100);

        assertThat(new Plot(List.of(result(1_000, 1_000), last)).svg())
                .containsPattern("y=\"344.0\"[^>]*>(simul|go)<")
                .containsPattern("y=\"331.0\"[^>]*>(simul|go)<");
    }

    @Test
    void rowsWithoutANumberOfTasksCannotBeDrawn() {
        assertThatThrownBy(() -> new Plot(List.of(new Result(row))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use group scale");
    }

    private Result result(int tasks, double figure) {
        var result = new Result(row.with(tasks));
        result.figure("simul", figure);
        return result;
    }
}
