package dev.simul;

import static dev.simul.Async.deadline;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.Async.timeoutOrNull;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.timeout as an object: what it knows, and how its limit moves. */
class TimeoutHandleTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void expiredTellsWhoEndedTheBody() throws Exception {
        time.run(() -> {
            var inTime = Timeout.after(ofMillis(10));
            inTime.run(() -> sleepMillis(5));
            assertThat(inTime.expired()).isFalse();
            assertThat(inTime).hasToString("Timeout[finished]");

            var late = Timeout.after(ofMillis(10));
            assertThatThrownBy(() -> late.run(() -> {
                        try {
                            sleepMillis(1000);
                        } finally {
                            log.add(late + " " + late.expired());
                        }
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(late.expired()).isTrue();
            assertThat(late).hasToString("Timeout[expired]");

            var cancelled = Timeout.after(ofMillis(10));
            var task = spawn(() -> cancelled.run(() -> sleepMillis(1000)));
            pass();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            assertThat(cancelled.expired()).isFalse();
        });

        assertThat(log).containsExactly("Timeout[expiring] true");
    }

    @Test
    void noLimitNeverExpires() throws Exception {
        time.run(() -> {
            var none = Timeout.after(null);
            assertThat(none.when()).isEqualTo(Deadline.NEVER);
            none.run(() -> {
                assertThat(none).hasToString("Timeout[active, when never]");
                sleepMillis(100_000);
            });
            assertThat(none.expired()).isFalse();
            assertThat(timeout(null, () -> 1)).isEqualTo(1);
            deadline(Deadline.NEVER, () -> sleepMillis(1));
        });
    }

    @Test
    void deadlineIsAMomentOfTheLoopsClock() throws Exception {
        time.run(() -> {
            sleepMillis(3);
            var deadline = Deadline.after(ofMillis(10));
            assertThat(deadline).hasToString("PT0.013S");
            sleepMillis(4);
            assertThat(deadline.left()).isEqualTo(ofMillis(6));
            assertThatThrownBy(() -> deadline(deadline, () -> sleepMillis(1000)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done by the deadline, PT0.013S");
            assertThat(deadline.isOver()).isTrue();
        });

        assertThat(time.elapsedMillis()).isEqualTo(13);
    }

    @Test
    void deadlineThatHasPassedEndsTheBodyAtItsFirstWait() throws Exception {
        time.run(() -> {
            sleepMillis(5);
            for (var passed : List.of(Deadline.PASSED, Deadline.after(Duration.ZERO), Deadline.after(ofMillis(-3)))) {
                var timeout = Timeout.at(passed);
                assertThatThrownBy(() -> timeout.run(() -> {
                            log.add("began");
                            pass();
                            log.add("never here");
                        }))
                        .isInstanceOf(TimeoutException.class);
                assertThat(timeout.expired()).isTrue();
            }
        });

        assertThat(log).containsExactly("began", "began", "began");
        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void limitMayBeMovedByAnotherTask() throws Exception {
        time.run(() -> {
            var timeout = Timeout.after(ofMillis(10));
            var task = spawn(() -> timeout.run(() -> sleepMillis(50)));
            pass();
            var later = Deadline.after(ofMillis(30));
            timeout.reschedule(later);
            assertThat(timeout.when()).isEqualTo(later);
            sleepMillis(29);
            timeout.reschedule(Deadline.NEVER);
            assertThat(timeout.when()).isEqualTo(Deadline.NEVER);
            sleepMillis(10);
            assertThat(task.isDone()).isFalse();

            task.cancel("by me");

            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("by me");
            assertThat(timeout.expired()).isFalse();
        });
    }

    @Test
    void progressMayPutTheLimitOff() throws Exception {
        time.run(() -> {
            var timeout = Timeout.after(ofMillis(10));
            assertThatThrownBy(() -> timeout.run(() -> {
                        for (int i = 0; i < 5; i++) {
                            sleepMillis(9);
                            timeout.reschedule(ofMillis(10));
                        }
                        sleepMillis(1000);
                    }))
                    .isInstanceOf(TimeoutException.class);
        });

        assertThat(time.elapsedMillis()).isEqualTo(55);
    }

    @Test
    void limitMovedIntoThePastEndsTheBodyAtItsNextWait() throws Exception {
        time.run(() -> {
            var timeout = Timeout.after(Duration.ofSeconds(10));
            assertThatThrownBy(() -> timeout.run(() -> {
                        sleepMillis(5);
                        timeout.reschedule(Duration.ZERO);
                        log.add("still here");
                        sleepMillis(1000);
                    }))
                    .isInstanceOf(TimeoutException.class);
        });

        assertThat(log).containsExactly("still here");
        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void onlyAnActiveOneCanBeMovedAndTheTextNamesTheState() throws Exception {
        time.run(() -> {
            var fresh = Timeout.after(ofMillis(10));
            assertThatThrownBy(() -> fresh.reschedule(ofMillis(20)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has not been entered");

            fresh.run(() -> sleepMillis(1));
            assertThatThrownBy(() -> fresh.reschedule(ofMillis(20)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("finished");

            var late = Timeout.after(ofMillis(10));
            assertThatThrownBy(() -> late.run(() -> {
                        try {
                            sleepMillis(1000);
                        } finally {
                            assertThatThrownBy(() -> late.reschedule(ofMillis(20)))
                                    .isInstanceOf(IllegalStateException.class)
                                    .hasMessageContaining("expiring");
                        }
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThatThrownBy(() -> late.reschedule(ofMillis(20)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("expired");
        });
    }

    @Test
    void eachIsForOneUse() throws Exception {
        time.run(() -> {
            var timeout = Timeout.after(ofMillis(10));
            timeout.run(() -> assertThatThrownBy(() -> timeout.run(() -> log.add("never here")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has already been entered"));
            assertThatThrownBy(() -> timeout.run(() -> log.add("never here")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has already been entered");
        });

        assertThat(log).isEmpty();
    }

    @Test
    void needsACoroutine() {
        var timeout = Timeout.at(Deadline.PASSED);

        assertThatThrownBy(() -> timeout.run(() -> log.add("never here")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("needs a running loop");
        assertThatThrownBy(() -> timeout.reschedule(Deadline.NEVER)).hasMessageContaining("has not been entered");
        assertThatThrownBy(() -> Timeout.after(ofMillis(1))).isInstanceOf(IllegalStateException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void ofTwoWithTheSameDeadlineBothHaveExpired() throws Exception {
        time.run(() -> {
            var outer = Timeout.after(ofMillis(10));
            var inner = Timeout.after(ofMillis(10));
            assertThatThrownBy(() -> outer.run(() -> {
                        try {
                            inner.run(() -> sleepMillis(1000));
                        } catch (CancelledError e) {
                            log.add("cancelled between");
                            throw e;
                        }
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(inner.expired()).isTrue();
            assertThat(outer.expired()).isTrue();
            assertThat(self().cancelRequests()).isZero();
        });

        assertThat(log).containsExactly("cancelled between");
    }

    @Test
    void busyLoopLetsTheOuterHaveTheLastWord() throws Exception {
        time.run(() -> {
            var outer = Timeout.after(ofMillis(100));
            assertThatThrownBy(() -> outer.run(() -> {
                        var inner = Timeout.after(ofMillis(10));
                        try {
                            inner.run(() -> {
                                time.spend(ofMillis(100));
                                sleepMillis(1000);
                            });
                        } catch (TimeoutException e) {
                            log.add("inner");
                        }
                        sleepMillis(10_000);
                    }))
                    .isInstanceOf(TimeoutException.class);
        });

        assertThat(time.elapsedMillis()).isEqualTo(100);
    }

    @Test
    void innerOneThatHasNotExpiredLetsTheCancellationPass() throws Exception {
        time.run(() -> {
            var inner = Timeout.after(ofMillis(100));
            assertThatThrownBy(() -> timeout(ofMillis(2), () -> {
                        try {
                            inner.run(() -> {
                                time.spend(ofMillis(10));
                                sleepMillis(1000);
                            });
                        } catch (CancelledError e) {
                            log.add("passed through");
                            throw e;
                        }
                    }))
                    .isInstanceOf(TimeoutException.class);
            assertThat(inner.expired()).isFalse();
        });

        assertThat(log).containsExactly("passed through");
    }

    @Test
    void timeoutOfACleanUpAfterACancellationIsItsOwn() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel();
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    log.add("cancelled");
                }
                assertThatThrownBy(() -> timeout(Duration.ZERO, () -> sleepMillis(1000)))
                        .isInstanceOf(TimeoutException.class);
                log.add("requests " + self().cancelRequests());
            });
            task.await();
        });

        assertThat(log).containsExactly("cancelled", "requests 1");
    }

    @Test
    void secondCancellationInThatCleanUpWins() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel();
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    log.add("cancelled");
                }
                timeout(ofMillis(100), () -> {
                    self().cancel("again");
                    sleepMillis(1000);
                });
            });
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("again");
        });
    }

    @Test
    void failureOfAChildsCleanUpLeavesAGroupInATimeoutAndMentionsIt() throws Exception {
        var failure = new IllegalStateException("clean-up");
        time.run(() -> assertThatThrownBy(() -> timeout(
                        ofMillis(10),
                        () -> TaskGroup.within(group -> {
                            group.fork(() -> {
                                try {
                                    sleepMillis(1000);
                                } finally {
                                    throwIt(failure);
                                }
                            });
                            return true;
                        })))
                .isSameAs(failure));

        assertThat(failure.getSuppressed()).hasExactlyElementsOfTypes(TimeoutException.class);
    }

    @Test
    void otherExceptionOfTheBodyPassesAsItIs() throws Exception {
        var failure = new IllegalStateException("body");
        time.run(() -> assertThatThrownBy(() -> timeout(ofMillis(10), () -> throwIt(failure)))
                .isSameAs(failure)
                .hasNoSuppressedExceptions());
    }

    @Test
    void nullStandsForATimeoutOfItsOwnOnly() throws Exception {
        var foreign = new TimeoutException("the body's own");
        time.run(() -> {
            assertThat(timeoutOrNull(ofMillis(10), () -> {
                        sleepMillis(1000);
                        return "late";
                    }))
                    .isNull();
            assertThat(timeoutOrNull(ofMillis(10), () -> "in time")).isEqualTo("in time");
            assertThatThrownBy(() -> timeoutOrNull(ofMillis(10), () -> {
                        throw foreign;
                    }))
                    .isSameAs(foreign);
            assertThatThrownBy(() -> timeoutOrNull(
                            ofMillis(20), () -> timeout(ofMillis(5), () -> sleepAndReturn(ofMillis(1000)))))
                    .isInstanceOf(TimeoutException.class);
        });
    }

    @Test
    void noTimerIsLeftBehind() throws Exception {
        time.run(() -> {
            var loop = loop();
            var timeout = Timeout.after(ofMillis(10));
            timeout.run(() -> {
                timeout.reschedule(ofMillis(20));
                timeout.reschedule(ofMillis(30));
                assertThat(loop.statistics().timers()).isEqualTo(1);
            });
            assertThat(loop.statistics().timers()).isZero();
        });
    }

    @Test
    void deadlinesAreOrderedAndMove() throws Exception {
        time.run(() -> {
            var soon = Deadline.after(ofMillis(1));
            assertThat(Deadline.PASSED).isLessThan(soon);
            assertThat(soon).isLessThan(Deadline.NEVER);
            assertThat(soon.plus(ofMillis(2))).isEqualTo(Deadline.after(ofMillis(3)));
            assertThat(Deadline.at(loop().time().plusMillis(1))).isEqualTo(soon);
            assertThat(soon.plus(ofMillis(-1)).isOver()).isTrue();
            assertThat(Deadline.NEVER.plus(ofMillis(-1))).isEqualTo(Deadline.NEVER);
            assertThat(Deadline.after(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Deadline.NEVER);
            assertThat(Deadline.NEVER.left()).isGreaterThan(Duration.ofDays(100 * 365));
        });
    }

    private static boolean sleepAndReturn(Duration duration) {
        Async.sleep(duration);
        return true;
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    private static EventLoop loop() {
        return Objects.requireNonNull(EventLoop.current());
    }

    private static Task<?> self() {
        return Objects.requireNonNull(Async.currentTask());
    }
}
