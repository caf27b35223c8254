package dev.simul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpellingTest {
    private static final List<String> KNOWN =
            List.of("worker", "worker-pool", "enqueue", "requeue", "--queue", "--version", "--verbose", "-q", "ps");

    @ParameterizedTest
    @CsvSource({
        "wroker, [worker]",
        "enque, [enqueue]",
        "work, '[worker, worker-pool]'",
        "--qeue, [--queue]",
        "--versoin, [--version]",
        "--ver, '[--version, --verbose]'",
        "-x, []",
        "list, []"
    })
    void theNearestWordsAreFound(String word, String near) {
        assertThat(Spelling.nearest(word, KNOWN)).hasToString(near);
    }
}
