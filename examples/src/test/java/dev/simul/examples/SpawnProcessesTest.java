package dev.simul.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpawnProcessesTest {
    @Test
    void everyWorkerRunsInAnotherProcessThanTheParent() throws Exception {
        var lines = Printed.by(SpawnProcesses::main);
        var own = " process " + ProcessHandle.current().pid();

        assertThat(lines).hasSize(6);
        assertThat(lines.getFirst()).isEqualTo("parent is" + own);
        IntStream.rangeClosed(1, 5)
                .forEach(worker -> assertThat(lines.get(worker))
                        .matches("worker " + worker + " ran in process \\d+")
                        .doesNotEndWith(own));
    }
}
