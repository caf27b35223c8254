package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One release of rq and Simul on one stage, who play the same stories and are compared. */
final class Ensemble implements AutoCloseable {
    private final Stage stage;
    private final RqActor rq;
    private final SimulActor simul;

    /**
     * Lets them meet.
     *
     * @param folder an empty one, for as long as they play
     * @param release of rq
     * @param settings what Simul is told of the deployment
     */
    Ensemble(Path folder, String release, UnaryOperator<JobSettings> settings) throws Exception {
        var gates = Files.createDirectory(folder.resolve("gates"));
        stage = new Stage(gates);
        rq = new RqActor(PythonRq.install(release, stage.url()), gates);
        SequenceTasks.gates = gates;
        simul = new SimulActor(settings.apply(JobSettings.of(stage.url())));
    }

    /** Whoever plays it, a story leaves the same keys and answers after every step. */
    void compareAll(Sequence sequence) throws Exception {
        assertThat(difference(sequence)).isEmpty();
    }

    /** The same without mixtures. */
    void compareAlone(Sequence sequence) throws Exception {
        assertThat(difference(sequence, alone())).isEmpty();
    }

    /** What the first cast leaves or answers that rq alone does not, with its name, if there is such a cast. */
    Optional<String> difference(Sequence sequence) throws Exception {
        return difference(
                sequence,
                alone(),
                new Cast("rq asks, Simul works", rq, simul),
                new Cast("Simul asks, rq works", simul, rq));
    }

    private Cast alone() {
        return new Cast("Simul alone", simul, simul);
    }

    private Optional<String> difference(Sequence sequence, Cast... others) throws Exception {
        var expected = new Cast("rq alone", rq, rq).play(sequence, stage);
        for (var cast : others) {
            var difference = difference(sequence, expected, cast.play(sequence, stage));
            if (difference.isPresent()) {
                return Optional.of(cast + ": " + difference.get());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> difference(Sequence sequence, List<Cast.Scene> expected, List<Cast.Scene> found) {
        var explained = new ArrayList<KeySpace.Difference>(); // and may stay
        for (int i = 0; i < found.size(); i++) {
            var step = found.get(i).step();
            var theirs = expected.get(i);
            if (!Objects.equals(found.get(i).answer(), theirs.answer())) {
                return Optional.of("answer to '" + step.line() + "': rq " + theirs.answer() + " | simul "
                        + found.get(i).answer());
            }
            if (List.of("stop", "kill_horse").contains(step.verb())) {
                continue; // is only a message; the worker's end shows what became of it
            }
            for (var difference : theirs.keys().differences(found.get(i).keys())) {
                if (!RqDifferences.allow(sequence, step, difference)
                        && explained.stream().noneMatch(difference::repeats)) {
                    return Optional.of("after '" + step.line() + "' " + difference);
                }
                explained.add(difference);
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        simul.close();
        rq.close();
        stage.close();
    }
}
