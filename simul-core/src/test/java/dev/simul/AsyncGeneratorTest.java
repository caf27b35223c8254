package dev.simul;

import static dev.simul.Async.await;
import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Asynchronous generators: those whose bodies wait in the loop of the coroutine that drives them. */
class AsyncGeneratorTest {

    private final List<String> log = new ArrayList<>();
    private final VirtualTime time = new VirtualTime();

    /** Yields the numbers, waiting before each, and waits once more in its clean-up. */
    private Generator<Integer> numbers(int to) {
        return Generator.of(out -> {
            try {
                for (int i = 1; i <= to; i++) {
                    sleepMillis(10);
                    out.yield(i);
                }
            } finally {
                sleepMillis(100);
                log.add("cleaned up");
            }
        });
    }

    // ---- ends

    @Test
    void whileItsBodyWaitsTheOtherCoroutinesRun() throws Exception {
        time.run(() -> {
            gather(
                    () -> numbers(2).stream().map(i -> log.add("a" + i)).count(),
                    () -> numbers(3).stream().map(i -> log.add("b" + i)).count());
        });
        assertThat(log).startsWith("a1", "b1", "a2", "b2", "b3");
    }

    @Test
    void closeRunsAFinallyThatWaits() throws Exception {
        time.run(() -> {
            var numbers = numbers(9);
            numbers.next();
            numbers.close();

            assertThat(log).containsExactly("cleaned up");
            assertThatThrownBy(numbers::next).isInstanceOf(NoSuchElementException.class);
        });
        assertThat(time.elapsedMillis()).isEqualTo(110);
    }

    @Test
    void tryWithResourcesClosesItAlsoWhenTheBlockFails() throws Exception {
        time.run(() -> assertThatThrownBy(() -> {
                    try (var numbers = numbers(9)) {
                        numbers.next();
                        throw new IllegalArgumentException("in the block");
                    }
                })
                .hasMessage("in the block"));
        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    void closingTwiceAFreshOneAndAnExhaustedOneDoesNothing() throws Exception {
        time.run(() -> {
            var fresh = numbers(9);
            fresh.close();
            fresh.close();
            var exhausted = numbers(1);
            exhausted.forEach(_ -> {});
            exhausted.close();
            var closed = numbers(9);
            closed.next();
            closed.close();
            closed.close();
        });
        assertThat(log).containsExactly("cleaned up", "cleaned up");
    }

    @Test
    void oneThatYieldsInItsFinallyIsToldSoAndTheRestOfItIsNotRun() throws Exception {
        time.run(() -> {
            var stubborn = Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                } finally {
                    sleepMillis(10);
                    out.yield(2);
                    log.add("not run");
                }
            });
            stubborn.next();

            assertThatIllegalStateException().isThrownBy(stubborn::close).withMessageContaining("yielded again");
            assertThat(log).isEmpty();
        });
    }

    @Test
    void oneThatHoldsATaskAwaitsItInItsFinallyAndSeesItsError() throws Exception {
        time.run(() -> {
            var holder = Generator.<Integer>of(out -> {
                var task = spawn(() -> {
                    sleepMillis(50);
                    throw new IllegalArgumentException("of the task");
                });
                try {
                    out.yield(1);
                } finally {
                    try {
                        await(task);
                    } catch (IllegalArgumentException e) {
                        log.add(e.getMessage());
                    }
                }
            });
            holder.next();
            holder.close();
        });
        assertThat(log).containsExactly("of the task");
    }

    @Test
    void aFailureOfTheBodyReachesTheConsumerAfterItsFinally() throws Exception {
        time.run(() -> {
            var failing = Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                    sleepMillis(1);
                    throw new IllegalArgumentException("of the body");
                } finally {
                    sleepMillis(1);
                    log.add("finally");
                }
            });
            failing.next();

            assertThatThrownBy(failing::next).hasMessage("of the body");
            assertThat(log).containsExactly("finally");
            assertThatThrownBy(failing::next).isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    void noSuchElementInsideDoesNotLookLikeTheEnd() throws Exception {
        time.run(() -> {
            var failing = Generator.<Integer>of(out -> {
                pass();
                List.<Integer>of().iterator().next();
            });
            assertThatIllegalStateException()
                    .isThrownBy(failing::next)
                    .withCauseInstanceOf(NoSuchElementException.class)
                    .withMessageContaining("the body of the generator threw");
        });
    }

    // ---- concurrent use

    @Test
    void aSecondCoroutineIsRefusedWhileTheBodyWaitsForTheFirst() throws Exception {
        time.run(() -> {
            var numbers = numbers(9);
            var first = spawn(numbers::next);
            pass();

            assertThatIllegalStateException().isThrownBy(numbers::next).withMessageContaining("already running");
            assertThatIllegalStateException()
                    .isThrownBy(() -> numbers.throwing(new IllegalArgumentException()))
                    .withMessageContaining("already running");
            assertThatIllegalStateException().isThrownBy(numbers::close).withMessageContaining("already running");
            assertThat(first.await()).isEqualTo(1);
            assertThat(numbers.next()).isEqualTo(2);
            numbers.close();
        });
    }

    @Test
    void aSecondCoroutineIsRefusedWhileItIsBeingClosed() throws Exception {
        time.run(() -> {
            var numbers = numbers(9);
            numbers.next();
            var closing = spawn(numbers::close);
            pass();

            assertThatIllegalStateException().isThrownBy(numbers::next).withMessageContaining("already running");
            assertThatIllegalStateException().isThrownBy(numbers::close).withMessageContaining("already running");
            closing.await();
            numbers.close();
        });
        assertThat(log).containsExactly("cleaned up");
    }

    // ---- sending and throwing

    @Test
    void whatIsSentIsUsedAndAfterTheEndNothingIsTaken() throws Exception {
        time.run(() -> {
            var doubling = Coroutine.<Integer, Integer>of(in -> {
                try {
                    int got = in.yield();
                    sleepMillis(10);
                    got = in.yield(got * 2);
                    sleepMillis(10);
                    return got * 3;
                } finally {
                    sleepMillis(10);
                    log.add("finally");
                }
            });
            assertThat(doubling.send(100)).isEqualTo(200);
            assertThat(doubling.send(10)).isEqualTo(30);
            assertThat(log).containsExactly("finally");
            assertThatIllegalStateException().isThrownBy(() -> doubling.send(1)).withMessageContaining("has ended");
        });
        assertThat(time.elapsedMillis()).isEqualTo(30);
    }

    @Test
    void anExceptionThrownInAndHandledBringsTheNextValue() throws Exception {
        time.run(() -> {
            var handling = Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                } catch (IllegalArgumentException e) {
                    sleepMillis(10);
                    out.yield(2000);
                } finally {
                    log.add("finally");
                }
                out.yield(3000);
            });
            assertThat(handling.next()).isEqualTo(1);
            assertThat(handling.throwing(new IllegalArgumentException())).isEqualTo(2000);
            assertThat(handling.next()).isEqualTo(3000);
            assertThatThrownBy(handling::next).isInstanceOf(NoSuchElementException.class);
        });
        assertThat(log).containsExactly("finally");
    }

    @Test
    void cancellingTheConsumerRunsTheFinallyOfTheBodyThatWaits() throws Exception {
        time.run(() -> {
            var numbers = numbers(9);
            var consumer = spawn(numbers::next);
            pass();
            consumer.cancel("enough");

            assertThatThrownBy(consumer::await).isInstanceOf(CancelledError.class);
            assertThat(log).containsExactly("cleaned up");
            assertThatThrownBy(numbers::next).isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    void cancellingTheConsumerWhileAnExceptionIsBeingHandledRunsTheFinally() throws Exception {
        time.run(() -> {
            var handling = Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                } catch (IllegalArgumentException e) {
                    sleep(Duration.ofDays(1));
                    out.yield(2);
                } finally {
                    pass();
                    log.add("finally");
                }
            });
            handling.next();
            var thrower = spawn(() -> handling.throwing(new IllegalArgumentException()));
            pass();
            thrower.cancel();

            assertThatThrownBy(thrower::await).isInstanceOf(CancelledError.class);
        });
        assertThat(log).containsExactly("finally");
    }

    // ---- the end of the loop

    @Test
    void theLoopClosesWhatItsCoroutinesLeftWaiting() throws Exception {
        time.run(() -> {
            numbers(9).next();
            var kept = numbers(9);
            kept.next();
        });
        assertThat(log).containsExactly("cleaned up", "cleaned up");
    }

    @Test
    void theLoopClosesGeneratorsWhoseConsumersWereCancelled() throws Exception {
        time.run(() -> {
            for (int i = 0; i < 2; i++) {
                var numbers = numbers(9);
                spawn(() -> {
                    numbers.next();
                    sleep(Duration.ofDays(1));
                });
            }
            sleepMillis(20);
        });
        assertThat(log).containsExactly("cleaned up", "cleaned up");
    }

    @Test
    void anErrorInAFinallyAtTheEndOfTheLoopIsReportedOnce() throws Exception {
        List<String> messages;
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                Generator.<Integer>of(out -> {
                            try {
                                out.yield(1);
                            } finally {
                                throwIt(new IllegalArgumentException("in the finally"));
                            }
                        })
                        .next();
            });
            messages = logged.messages();
        }
        assertThat(messages).hasSize(1).first().asString().contains("its loop closed a generator");
    }

    @Test
    void closeGeneratorsClosesThemAtTheSameTimeInTheMiddleOfARun() throws Exception {
        time.run(() -> {
            numbers(9).next();
            numbers(9).next();
            sleepMillis(80);
            java.util.Objects.requireNonNull(EventLoop.current()).closeGenerators();

            assertThat(log).containsExactly("cleaned up", "cleaned up");
            assertThat(time.elapsedMillis()).isEqualTo(200);
        });
        assertThat(log).hasSize(2);
    }

    @Test
    void oneThatBeganOutsideOfTheLoopIsNotTheLoopsToClose() throws Exception {
        var numbers = Generator.<Integer>of(out -> {
            for (int i = 1; ; i++) {
                out.yield(i);
            }
        });
        numbers.next();
        time.run(() -> assertThat(numbers.next()).isEqualTo(2));
        assertThat(numbers.next()).isEqualTo(3);
        numbers.close();
    }

    @Test
    void oneThatIsDroppedAndCollectedIsClosedInItsLoop() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.run(() -> {
                var closed = new Promise<@Nullable Void>("the finally");
                takeOneAndDrop(closed);
                while (!closed.isDone()) {
                    System.gc();
                    sleep(Duration.ofMillis(5));
                }
                return null;
            });
        }
    }

    private static void takeOneAndDrop(Promise<@Nullable Void> closed) {
        Generator.<Integer>of(out -> {
                    try {
                        out.yield(1);
                    } finally {
                        sleep(Duration.ofMillis(1));
                        closed.complete(null);
                    }
                })
                .next();
    }

    private static void throwIt(RuntimeException e) {
        throw e;
    }
}
