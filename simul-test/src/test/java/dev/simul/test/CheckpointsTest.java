package dev.simul.test;

import static dev.simul.Async.sleep;
import static dev.simul.test.Checkpoints.assertCheckpoints;
import static dev.simul.test.Checkpoints.assertNoCheckpoints;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Promise;
import dev.simul.sync.Lock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class CheckpointsTest {

    @AsyncTest
    void sleepIsACheckpoint() throws Exception {
        assertCheckpoints(() -> sleep(Duration.ZERO));
        assertThatThrownBy(() -> assertNoCheckpoints(() -> sleep(Duration.ofSeconds(1))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected no checkpoint");
    }

    @AsyncTest
    void takingAFreeLockIsNone() throws Exception {
        var lock = new Lock();
        assertNoCheckpoints(lock::acquire);
        lock.release();
        assertThatThrownBy(() -> assertCheckpoints(lock::acquire))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("expected a checkpoint");
    }

    @AsyncTest
    void awaitingWhatHasEndedIsNone() throws Exception {
        var ended = new Promise<String>("ended");
        ended.complete("value");
        Callable<String> wait = ended::await;

        assertThat(assertNoCheckpoints(wait)).isEqualTo("value");
    }

    @AsyncTest
    void whatThrowsNeedsNoCheckpoint() {
        Callable<String> failing = () -> {
            throw new IllegalArgumentException("at once");
        };

        assertThatThrownBy(() -> assertCheckpoints(failing)).hasMessage("at once");
        assertThatThrownBy(() -> assertNoCheckpoints(failing)).hasMessage("at once");
    }

    @AsyncTest
    void checkpointBeforeAFailureIsReportedWithIt() {
        Callable<String> failing = () -> {
            sleep(Duration.ZERO);
            throw new IllegalArgumentException("later");
        };

        assertThatThrownBy(() -> assertNoCheckpoints(failing))
                .isInstanceOf(AssertionError.class)
                .hasRootCauseMessage("later");
    }

    @Test
    void needsALoop() {
        assertThatIllegalStateException()
                .isThrownBy(() -> assertCheckpoints(() -> {}))
                .withMessageContaining("running loop");
    }
}
