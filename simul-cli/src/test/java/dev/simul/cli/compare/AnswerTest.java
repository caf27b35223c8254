package dev.simul.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerTest {
    @Test
    void wholeNumbersAreAddedUp() {
        assertThat(Answer.of(runs("1", "-2", "99999999999999999999")).value())
                .isEqualTo(new BigInteger("99999999999999999998"));
    }

    @Test
    void otherTextsBecomeAFingerprintThatDependsOnTheirOrder() {
        assertThat(Answer.of(runs("a", "b")))
                .isEqualTo(Answer.of(runs("a", "b")))
                .isNotEqualTo(Answer.of(runs("b", "a")));
        assertThat(Answer.of(runs("ab", ""))).isNotEqualTo(Answer.of(runs("a", "b")));
    }

    @Test
    void failedUnitsDoNotCount() {
        assertThat(Answer.of(runs("5", null))).isEqualTo(new Answer(1, BigInteger.valueOf(5)));
        assertThat(Answer.of(runs((String) null))).isEqualTo(new Answer(0, null));
    }

    private static List<@Nullable UnitRun> runs(@Nullable String... answers) {
        return Arrays.stream(answers)
                .<@Nullable UnitRun>map(answer -> new UnitRun(0, 1, answer, answer == null ? "failed" : null))
                .toList();
    }
}
