package dev.simul.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Programs in which Simul once differed, with the ends of the traces that CPython leaves. */
class FoundProgramsTest {

    @Test
    void aSleeperThatIsCancelledTwiceHearsTheFirstReason() {
        assertThat(traceOf("(program (spawn t0 (sleep 1)) (sleep 0) (cancel t0 m1) (cancel t0 m2))"))
                .endsWith("0 t0.1 2 sleep !Cancelled(m1)", "0 t0.1 ends !Cancelled(m1)");
    }

    @Test
    void aCancellationThatComesWithTheFailureOfAGatherIsTheSameOne() {
        assertThat(traceOf("""
                        (program
                          (spawn t0 (try (gather (do (raise-cancelled m1))) (catch cancelled (sleep 1))))
                          (sleep 0) (sleep 0)
                          (cancel t0 m2)
                          (await t0))""")).containsSubsequence("0 t0.1 3 gather !Cancelled(m1)", "1 t0.1 7 sleep =none");
    }

    private static List<String> traceOf(String program) {
        return Interpreter.run(Node.parse(program));
    }
}
