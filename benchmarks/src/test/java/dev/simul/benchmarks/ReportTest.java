package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final Result result =
            new Result(new Row("switch", "a switch", "ns", List.of("bare-vt", "go"), new Floor.Times(1.3, "bare-vt")));

    @Test
    void jsonHasTheBestRoundOfEachContestant() {
        result.figure("simul", 190.4);
        result.figure("simul", 180.4);
        result.figure("bare-vt", 165);
        result.figure("go", 9.26);

        assertThat(Report.json(result)).isEqualTo("""
                        {"row": "switch", "unit": "ns", "better": "lower", "simul": 180, \
                        "peers": {"bare-vt": 165, "go": 9.3}, "floor": "1.3 x bare-vt", "met": true}""");
    }

    @Test
    void aMissingPeerIsNamedWithItsReason() {
        result.figure("simul", 250);
        result.figure("bare-vt", 165);
        result.missing("go", "go is \"not\" installed");

        assertThat(Report.json(result)).isEqualTo("""
                        {"row": "switch", "unit": "ns", "better": "lower", "simul": 250, \
                        "peers": {"bare-vt": 165, "go": null}, "floor": "1.3 x bare-vt", "met": false, \
                        "missing": {"go": "go is \\"not\\" installed"}}""");
        assertThat(Report.table(List.of(result))).contains("missing in switch: go, because go is \"not\" installed");
    }

    @Test
    void aContestantThatFailedHasNoFigureFromBefore() {
        result.figure("simul", 100);
        result.figure("bare-vt", 165);
        result.missing("simul", "died");

        assertThat(Report.json(result)).contains("\"simul\": null").contains("\"met\": false");
    }

    @Test
    void theTablePutsTheRatioBeforeThePeersFigure() {
        result.figure("simul", 180);
        result.figure("bare-vt", 160);
        result.figure("go", 90);

        assertThat(Report.table(List.of(result))).contains("180 ns", "yes", "bare-vt 1.13 (160)", "go 2.00 (90)");
    }

    @Test
    void ofFiguresThatShouldBeHighTheHighestCounts() {
        var rate = new Result(
                new Row("noop", "no-op jobs", "jobs/s", Better.HIGHER, List.of("asynq"), new Floor.Times(1, "asynq")));
        rate.figure("simul", 21_000);
        rate.figure("simul", 20_000);
        rate.figure("asynq", 18_000);

        assertThat(Report.json(rate)).isEqualTo("""
                        {"row": "noop", "unit": "jobs/s", "better": "higher", "simul": 21000, \
                        "peers": {"asynq": 18000}, "floor": "1 x asynq", "met": true}""");
    }

    @Test
    void aRowWithoutAFloorIsNeitherHeldNorMissed() {
        var commands = new Result(new Row("noop/commands", "commands", "/job", List.of(), new Floor.None()));
        commands.figure("simul", 12);

        assertThat(Report.json(commands)).contains("\"floor\": null, \"met\": null");
        assertThat(Report.table(List.of(commands))).doesNotContain("NO");
    }
}
