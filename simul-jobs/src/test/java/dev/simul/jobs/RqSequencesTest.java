package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same story leaves the same keys after every step, whether rq plays it, Simul does, or each plays a part. */
class RqSequencesTest {
    private static final String RQ = "2.12.0";

    @TempDir
    private static Path folder;

    private static Stage stage;
    private static RqActor rq;
    private static SimulActor simul;

    @BeforeAll
    static void meet() throws Exception {
        var gates = Files.createDirectory(folder.resolve("gates"));
        stage = new Stage(gates);
        rq = new RqActor(PythonRq.install(RQ, stage.url()), gates);
        SequenceTasks.gates = gates;
        simul = new SimulActor(JobSettings.of(stage.url()));
    }

    @AfterAll
    static void part() {
        simul.close();
        rq.close();
        stage.close();
    }

    static List<Sequence> sequences() {
        return Sequence.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sequences")
    void leavesTheSameKeysWhoeverPlays(Sequence sequence) throws Exception {
        compare(sequence, stage, rq, simul);
    }

    static void compare(Sequence sequence, Stage stage, Actor rq, Actor simul) throws Exception {
        compare(
                sequence,
                stage,
                new Cast("rq alone", rq, rq),
                new Cast("Simul alone", simul, simul),
                new Cast("rq asks, Simul works", rq, simul),
                new Cast("Simul asks, rq works", simul, rq));
    }

    static void compare(Sequence sequence, Stage stage, Cast example, Cast... others) throws Exception {
        var expected = example.play(sequence, stage);
        for (var cast : others) {
            same(sequence, cast, expected, cast.play(sequence, stage));
        }
    }

    private static void same(Sequence sequence, Cast cast, List<Cast.Scene> expected, List<Cast.Scene> found) {
        var explained = new ArrayList<KeySpace.Difference>(); // and may stay
        for (int i = 0; i < found.size(); i++) {
            var step = found.get(i).step();
            assertThat(found.get(i).answer())
                    .as("%s: answer to '%s'", cast, step.line())
                    .isEqualTo(expected.get(i).answer());
            if (List.of("stop", "kill_horse").contains(step.verb())) {
                continue; // is only a message; the worker's end shows what became of it
            }
            for (var difference :
                    expected.get(i).keys().differences(found.get(i).keys())) {
                assertThat(RqDifferences.allow(sequence, step, difference)
                                || explained.stream().anyMatch(difference::repeats))
                        .as("%s: after '%s' %s", cast, step.line(), difference)
                        .isTrue();
                explained.add(difference);
            }
        }
    }
}
