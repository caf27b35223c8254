package dev.simul.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What makes a process stand still, or go on. */
enum Signal {
    STOP,
    CONT;

    /** Sends it; a process that is to stand still does so afterwards. */
    void to(long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + this, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
        var stat = Path.of("/proc", Long.toString(pid), "stat");
        while (this == STOP && !Files.readString(stat).contains(") T ")) {
            Background.breathe(); // a signal takes a moment to arrive
        }
    }
}
