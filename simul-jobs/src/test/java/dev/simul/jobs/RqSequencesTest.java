package dev.simul.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same story leaves the same keys after every step, whether rq plays it, Simul does, or each plays a part. */
class RqSequencesTest {
    @TempDir
    private static Path folder;

    private static Ensemble ensemble;

    @BeforeAll
    static void meet() throws Exception {
        ensemble = new Ensemble(folder, "2.12.0", UnaryOperator.identity());
    }

    @AfterAll
    static void part() {
        ensemble.close();
    }

    static List<Sequence> sequences() {
        return Sequence.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void leavesTheSameKeysWhoeverPlays(Sequence sequence) throws Exception {
        ensemble.compareAll(sequence);
    }
}
