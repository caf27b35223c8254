package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.timeout. */
class TimeoutTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void bodyThatTakesTooLongIsCancelled() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> timeout(ofMillis(10), () -> {
                        try {
                            sleepMillis(10_000);
                        } catch (CancelledError e) {
                            log.add("body saw: " + e.getMessage());
                            throw e;
                        }
                    }))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done after PT0.01S")
                    .hasCauseInstanceOf(CancelledError.class);
            assertThat(self().cancelRequests()).isZero();
            pass();
        });

        assertThat(log).containsExactly("body saw: timed out after PT0.01S");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void bodyInTimeReturnsItsValueAndLeavesNoTimer() throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            int result = loop.run(() -> timeout(ofMillis(10), () -> {
                sleepMillis(5);
                return 1;
            }));

            assertThat(result).isEqualTo(1);
            assertThat(loop.statistics().timers()).isZero();
        }
        assertThat(clock.elapsed()).isEqualTo(ofMillis(5));
    }

    @Test
    void zeroFiresAtTheFirstWait() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> timeout(Duration.ZERO, () -> {
                        log.add("began");
                        pass();
                        log.add("never here");
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(timeout(ofMillis(-1), () -> "did not wait")).isEqualTo("did not wait");
        });

        assertThat(log).containsExactly("began");
    }

    @Test
    void ofTwoWithTheSameDeadlineTheOuterTimesOut() throws Exception {
        time.run(() -> assertThatThrownBy(() -> timeout(ofMillis(10), () -> {
                    try {
                        timeout(ofMillis(10), () -> sleepMillis(1000));
                    } catch (TimeoutException e) {
                        log.add("inner");
                    }
                }))
                .isInstanceOf(TimeoutException.class));

        assertThat(log).isEmpty();
    }

    @Test
    void innerTimeoutIsCaughtInside() throws Exception {
        time.run(() -> timeout(ofMillis(100), () -> {
            assertThatThrownBy(() -> timeout(ofMillis(10), () -> sleepMillis(1000)))
                    .isInstanceOf(TimeoutException.class);
            sleepMillis(50);
        }));

        assertThat(time.elapsedMillis()).isEqualTo(60);
    }

    @Test
    void cancellationFromOutsideStaysACancellation() throws Exception {
        time.run(() -> {
            var task = spawn(() -> timeout(ofMillis(10), () -> sleepMillis(1000)));
            pass();
            task.cancel("by me");

            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("by me");
        });
    }

    @Test
    void failureOfTheCleanUpWinsAndMentionsTheTimeout() throws Exception {
        var failure = new IllegalStateException("clean-up");
        time.run(() -> assertThatThrownBy(() -> timeout(ofMillis(10), () -> {
                    try {
                        sleepMillis(1000);
                    } finally {
                        throwIt(failure);
                    }
                }))
                .isSameAs(failure));

        assertThat(failure.getSuppressed()).hasExactlyElementsOfTypes(TimeoutException.class);
    }

    @Test
    void bodyThatRefusesTheCancellationKeepsItsValue() throws Exception {
        int result = time.run(() -> timeout(ofMillis(10), () -> {
            try {
                sleepMillis(1000);
            } catch (CancelledError e) {
                return 42;
            }
            return 0;
        }));

        assertThat(result).isEqualTo(42);
    }

    @Test
    void timeoutOfACleanUpIsItsOwn() throws Exception {
        time.run(() -> assertThatThrownBy(() -> timeout(ofMillis(10), () -> {
                    try {
                        sleepMillis(1000);
                    } finally {
                        assertThatThrownBy(() -> timeout(ofMillis(5), () -> sleepMillis(1000)))
                                .isInstanceOf(TimeoutException.class)
                                .hasMessage("not done after PT0.005S");
                    }
                }))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("not done after PT0.01S"));

        assertThat(time.elapsedMillis()).isEqualTo(15);
    }

    @Test
    void waitingForATaskInATimeoutCancelsTheTask() throws Exception {
        time.run(() -> {
            var slow = spawn(() -> sleepMillis(1000));
            assertThatThrownBy(() -> timeout(ofMillis(10), () -> slow.await())).isInstanceOf(TimeoutException.class);
            assertThat(slow.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    private static LoopTask<?> self() {
        return LoopTask.current("self()", "nothing");
    }
}
