package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadsWithLockTest {
    @Test
    void noIncrementIsLost() throws Exception {
        assertThat(Printed.by(ThreadsWithLock::main))
                .containsExactly(
                        "a thread added 10000",
                        "a thread added 10000",
                        "a thread added 10000",
                        "a thread added 10000",
                        "together: 40000");
    }
}
