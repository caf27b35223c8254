package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JdbcInCoroutinesTest {
    @Test
    void whoWaitsInTheDriverDoesNotHoldTheLoop() throws Exception {
        assertThat(Printed.by(JdbcInCoroutines::main))
                .containsExactly(
                        "the first sale has locked the row",
                        "the loop goes on, the second sale is waiting",
                        "the loop goes on, the second sale is waiting",
                        "the loop goes on, the second sale is waiting",
                        "the first sale is done, and so is the second",
                        "left: 3");
    }
}
