package dev.simul.docs;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.test.TestLoop.clock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.test.AsyncTest;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** The snippets of docs/testing.md. */
class TestingDocsTest {
    @AsyncTest
    void twelveHoursTakeMilliseconds() throws Exception {
        var nap = spawn("nap", () -> sleep(Duration.ofHours(12)));
        assertThat(clock().elapsed()).isZero();
        nap.await();
        assertThat(clock().elapsed()).isEqualTo(Duration.ofHours(12));
    }

    @AsyncTest
    void slowMirrorGivesUpAfterThreeSeconds() {
        assertThatThrownBy(() -> timeout(Duration.ofSeconds(3), () -> sleep(Duration.ofMinutes(1))))
                .isInstanceOf(TimeoutException.class);
        assertThat(clock().elapsed()).isEqualTo(Duration.ofSeconds(3));
    }
}
