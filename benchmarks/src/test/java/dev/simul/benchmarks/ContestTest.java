package dev.simul.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Contestants here are shell lines: the children are real, what they measure is not. */
class ContestTest {
    private final List<String> progress = new ArrayList<>();
    private final Contest contest = new Contest(5, Duration.ZERO, 10, progress::add);

    @Test
    void theBestOfTheRoundsCounts() throws Exception {
        var result = contest.play(
                row(false, "other"), contestants("while read x; do echo $((n = 9 - (c += 1))); done", "echo 3; cat"));

        assertThat(result.simul()).contains(3.0);
        assertThat(result.best("other")).isEmpty();
    }

    @Test
    void aContestantThatDiesIsMissingWithItsLastWords() throws Exception {
        var result = contest.play(
                row(false, "other"),
                contestants("while read x; do echo 7; done", "read x; echo no memory left >&2; exit 1"));

        assertThat(result.simul()).contains(7.0);
        assertThat(result.missing()).containsEntry("other", "no memory left");
    }

    @Test
    void aPeerThatCannotBeHadTakesNoTurn() throws Exception {
        var simul = contestant("simul", "while read x; do echo 7; done", Optional.empty());
        var other = contestant("other", "exit 1", Optional.of("not installed"));

        var result = contest.play(row(false, "other"), Map.of("simul", simul, "other", other));

        assertThat(result.missing()).containsExactly(Map.entry("other", "not installed"));
    }

    @Test
    void aMemoryRoundHasAProcessOfItsOwnAndTheTaskCount() throws Exception {
        var result =
                contest.play(row(true, "other"), contestants("read x; echo $1", "read x; echo $1; read y && echo 1"));

        assertThat(result.simul()).contains(10.0);
        assertThat(result.best("other")).contains(10.0);
    }

    private static Row row(boolean once, String peer) {
        return new Row(
                "row", "work", "ns", Better.LOWER, List.of(peer), new Floor.AtMost(1, "ns"), once, OptionalInt.empty());
    }

    private static Map<String, Contestant> contestants(String simul, String other) {
        return Map.of(
                "simul", contestant("simul", simul, Optional.empty()),
                "other", contestant("other", other, Optional.empty()));
    }

    /** The row's name and the task count follow as {@code $0} and {@code $1}. */
    private static Contestant contestant(String name, String script, Optional<String> missing) {
        return new Contestant(name, List.of(Path.of("/bin/sh").toString(), "-c", script), false, missing);
    }
}
