package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The short form of {@code benchmarks/soak core}. */
class SoakTest {
    @Test
    void nothingIsLeftOfACrowdThatSpawnsCancelsTimesOutAndFails() throws Exception {
        var report = new Soak(2_000, 42).run(Duration.ofSeconds(3));

        assertThat(report.tally().unexpected).isEmpty();
        assertThat(report.leakedTasks()).isZero();
        assertThat(report.leakedTimers()).isZero();
        assertThat(report.leakedThreads()).isLessThanOrEqualTo(0);
        assertThat(List.of(report.tally().done, report.tally().failed, report.tally().cancelled))
                .allMatch(count -> count > 100);
        assertThat(report.tally().timedOut).isGreaterThan(100);
    }

    @Test
    void heapThatGrowsIsSaid() {
        var growing = new SoakReport(new Soak.Tally(), 1, 0, 0, 0, List.of(100L, 110L, 140L, 150L));
        var level = new SoakReport(new Soak.Tally(), 1, 0, 0, 0, List.of(100L, 120L, 99L, 125L));

        assertThat(growing.isClean()).isFalse();
        assertThat(level.isClean()).isTrue();
    }

    @Test
    void aLeakedTaskIsSaid() {
        var report = new SoakReport(new Soak.Tally(), 1, 1, 0, 0, List.of(100L, 100L));

        assertThat(report.isClean()).isFalse();
        assertThat(report.json(10, 0.5, 7)).contains("\"leakedTasks\": 1").contains("\"clean\": false");
    }
}
