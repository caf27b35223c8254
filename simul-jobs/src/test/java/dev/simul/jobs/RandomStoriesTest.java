package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Stories that nobody has thought of leave the same keys, whether rq plays them, Simul does, or each plays a part.
 *
 * <p>A handful by default; {@code -Dsimul.stories=500 -Dsimul.stories.seed=7} plays 500, from that one on. One that differs
 * is shortened and printed in the form of the files of {@link Sequence}.
 */
class RandomStoriesTest {
    private static final int COUNT = Integer.getInteger("simul.stories", 4);
    private static final long FIRST = Long.getLong("simul.stories.seed", 1);
    private static final Map<String, Ensemble> ENSEMBLES = new HashMap<>(); // by release

    @TempDir
    private static Path folder;

    static LongStream seeds() {
        return LongStream.range(FIRST, FIRST + COUNT);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seeds")
    void leaveTheSameKeysInRq2(long seed) throws Exception {
        play(RandomStory.of(seed, false), "2.12.0", UnaryOperator.identity());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("seeds")
    void leaveTheSameKeysInRq3(long seed) throws Exception {
        play(RandomStory.of(seed, true), "3.0.0", JobSettings::allWorkersAreRq3);
    }

    private static void play(Story story, String release, UnaryOperator<JobSettings> settings) throws Exception {
        var ensemble = ENSEMBLES.get(release);
        if (ensemble == null) {
            ensemble = new Ensemble(Files.createTempDirectory(folder, release), release, settings);
            ENSEMBLES.put(release, ensemble);
        }
        try {
            if (ensemble.difference(story.sequence()).isPresent()) {
                var shortest = story.shortened(ensemble::difference);
                assertThat(ensemble.difference(shortest.sequence()))
                        .as("%s", shortest)
                        .isEmpty();
            }
        } catch (Exception e) {
            ENSEMBLES.remove(release); // somebody may still be at it
            ensemble.close();
            throw e;
        }
    }

    @AfterAll
    static void part() {
        ENSEMBLES.values().forEach(Ensemble::close);
    }
}
