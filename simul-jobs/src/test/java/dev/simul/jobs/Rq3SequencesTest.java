package dev.simul.jobs;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@link RqSequencesTest} for what rq can only do since 3.0, in a deployment where all workers are as new. */
class Rq3SequencesTest {
    @TempDir
    private static Path folder;

    private static Ensemble ensemble;

    @BeforeAll
    static void meet() throws Exception {
        ensemble = new Ensemble(folder, "3.0.0", JobSettings::allWorkersAreRq3);
    }

    @AfterAll
    static void part() {
        ensemble.close();
    }

    static List<Sequence> sequences() {
        return Sequence.ofRq3();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void leavesTheSameKeysWhoeverPlays(Sequence sequence) throws Exception {
        ensemble.compareAll(sequence);
    }

    static List<Sequence> sequencesOfAllReleases() {
        return Sequence.all();
    }

    /** That mixtures of these leave the same is known from {@link RqSequencesTest}. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("sequencesOfAllReleases")
    void leavesTheSameKeysAsBefore(Sequence sequence) throws Exception {
        ensemble.compareAlone(sequence);
    }
}
