package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrepCoroutineTest {
    @Test
    void printsTheLinesThatContainTheWord() throws Exception {
        assertThat(Printed.by(GrepCoroutine::main))
                .containsExactly(
                        "searching for async",
                        "async tasks wait in the loop",
                        "an async line, sent to a coroutine",
                        "closed");
    }
}
