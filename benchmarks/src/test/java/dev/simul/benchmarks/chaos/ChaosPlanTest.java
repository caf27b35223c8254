package dev.simul.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.benchmarks.chaos.ChaosPlan.Fault;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {
    @Test
    void theSameSeedGivesTheSamePlan() {
        assertThat(ChaosPlan.of(7, 500)).isEqualTo(ChaosPlan.of(7, 500)).isNotEqualTo(ChaosPlan.of(8, 500));
    }

    @Test
    void everyKindOfJobAndOfFaultOccurs() {
        var plan = ChaosPlan.of(1, 2_000);
        assertThat(plan.faults()).contains(Fault.values());
        assertThat(plan.jobs())
                .anyMatch(work -> !work.willFinish())
                .anyMatch(work -> work.failures() > 0 && work.willFinish())
                .anyMatch(work -> work.parents().size() > 1)
                .anyMatch(work -> work.delay().compareTo(Duration.ZERO) > 0);
    }

    @Test
    void aLostJobIsNoCleanEnd() {
        var faults = new EnumMap<Fault, Integer>(Map.of(Fault.KILL, 2, Fault.CUT, 1));
        var clean = new ChaosReport(10, 9, 1, List.of(), List.of(), 12, 11, 1.25, 30, faults);
        var lossy = new ChaosReport(10, 8, 1, List.of("job-3"), List.of(), 12, 11, 1.25, 30, faults);
        var twice = new ChaosReport(10, 9, 1, List.of(), List.of("job-3"), 12, 11, 1.25, 30, faults);
        assertThat(clean.isClean()).isTrue();
        assertThat(lossy.isClean()).isFalse();
        assertThat(twice.isClean()).isFalse();
        assertThat(clean.json(5))
                .isEqualTo(
                        "{\"jobs\": 10, \"seed\": 5, \"finished\": 9, \"failed\": 1, \"lost\": 0, \"finishedTwice\": 0,"
                                + " \"runs\": 12, \"runsPlanned\": 11, \"recoverySecondsMax\": 1.3, \"seconds\": 30.0,"
                                + " \"faults\": {\"kill\": 2, \"cut\": 1}}");
    }
}
