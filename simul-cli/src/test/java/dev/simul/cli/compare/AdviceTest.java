package dev.simul.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.compare.WorkSpec.Kind;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdviceTest {
    private static Advice advice(Kind work, Row... rows) {
        return Advice.of(work, List.of(rows)).orElseThrow();
    }

    private static Row row(WayName way, double seconds, double cpuSeconds) {
        List<@Nullable UnitRun> runs = List.of(new UnitRun(0, 1, "1", null));
        var trial = new Trial(0, seconds, cpuSeconds, OptionalLong.empty(), 1, 1, OptionalLong.empty(), runs);
        return new Row(way, "", 0, List.of(trial), List.of(), null);
    }

    @Test
    void workThatComputesNeedsThreadsAndWorkThatWaitsALoop() {
        var computes = advice(
                Kind.CLASS,
                row(WayName.SEQUENTIAL, 2, 1.9),
                row(WayName.THREADS, 1, 1.9),
                row(WayName.PROCESSES, 0.9, 1.9));
        assertThat(computes.way()).isEqualTo(WayName.THREADS);
        assertThat(computes.reason()).startsWith("the units compute (95 % of the sequential time is processor time), ");

        var waits = advice(
                Kind.WORDS,
                row(WayName.SEQUENTIAL, 2, 0.1),
                row(WayName.THREADS, 0.1, 0.1),
                row(WayName.LOOP, 0.11, 0.1));
        assertThat(waits.way()).isEqualTo(WayName.LOOP);
        assertThat(waits.reason()).startsWith("the units wait (only 5 % of the sequential time is processor time), ");
    }

    @Test
    void turnsAndLoopAreNotAdvisedForComputingHoweverTheStopWatchFallsOut() {
        var rows = new Row[] {
            row(WayName.SEQUENTIAL, 0.6, 0.1), // on a loaded machine
            row(WayName.TURNS, 0.3, 0.3),
            row(WayName.LOOP, 0.2, 0.2),
            row(WayName.THREADS, 0.4, 0.6)
        };
        var advice = advice(Kind.CPU, rows);
        assertThat(advice.way()).isEqualTo(WayName.THREADS);
        assertThat(advice.reason())
                .startsWith("the units compute (17 % of the sequential time is processor time), ")
                .contains("turns and loop compute on one thread");
        assertThat(advice(Kind.CPU, rows[1], rows[2]).way()).isEqualTo(WayName.LOOP); // nothing else was asked for
    }

    /** Processor time is counted in steps of 10 ms, so all of a shorter run may seem to be waiting. */
    @Test
    void shortRunIsNotSaidToWait() {
        assertThat(advice(Kind.CLASS, row(WayName.SEQUENTIAL, 0.006, 0)).reason())
                .startsWith("the units wait or compute, for too short a time to tell more, ");
        assertThat(advice(Kind.CPU, row(WayName.SEQUENTIAL, 0.006, 0)).reason())
                .startsWith("the units compute, for too short a time to tell more, ");
    }
}
