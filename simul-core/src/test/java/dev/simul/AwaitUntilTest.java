package dev.simul;

import static dev.simul.Async.awaitUntil;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** asyncio.wait. */
class AwaitUntilTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void allAreDoneWhenTheLastIsAndWaitingForThemAgainTakesNoTime() throws Exception {
        time.run(() -> {
            var a = spawn(() -> sleepMillis(100));
            var b = spawn(() -> sleepMillis(150));

            for (int i = 0; i < 2; i++) {
                var found = awaitUntil(Until.ALL_COMPLETED, List.of(b, a));
                assertThat(found.done()).containsExactly(b, a);
                assertThat(found.pending()).isEmpty();
                assertThat(time.elapsedMillis()).isEqualTo(150);
            }
        });
    }

    @Test
    void taskGivenTwiceCountsOnce() throws Exception {
        time.run(() -> {
            var a = spawn(() -> "a");
            var b = spawn(() -> "b");

            assertThat(awaitUntil(Until.ALL_COMPLETED, List.of(a, a, b)).done()).containsExactly(a, b);
        });
    }

    @Test
    void firstCompletedLeavesTheOthersAlone() throws Exception {
        time.run(() -> {
            var slow = spawn(() -> sleepMillis(10_000));
            var fast = spawn(() -> sleepMillis(100));

            var found = awaitUntil(Until.FIRST_COMPLETED, List.of(slow, fast));

            assertThat(found.done()).containsExactly(fast);
            assertThat(found.pending()).containsExactly(slow);
            assertThat(time.elapsedMillis()).isEqualTo(100);
            assertThat(slow.isDone()).isFalse();
            assertThat(slow.cancelRequests()).isZero();
        });
    }

    /** The second ends after the first and before the waiter has its turn. */
    @Test
    void whoIsDoneIsLookedUpWhenTheWaiterGoesOn() throws Exception {
        time.run(() -> {
            var a = spawn(() -> pass());
            var b = spawn(() -> {
                pass();
                pass();
            });

            var found = awaitUntil(Until.FIRST_COMPLETED, List.of(b, a));

            assertThat(found.done()).containsExactly(b, a);
        });
    }

    @Test
    void firstExceptionThatIsThereAlreadyEndsTheWaitAtOnce() throws Exception {
        time.run(() -> {
            var slow = spawn(() -> sleepMillis(10_000));
            var failed = spawn(() -> fail(0));

            var found = awaitUntil(Until.FIRST_EXCEPTION, List.of(slow, failed));

            assertThat(found.done()).containsExactly(failed);
            assertThat(found.pending()).containsExactly(slow);
            assertThat(time.elapsedMillis()).isZero();
            assertThat(failed.exception()).hasMessage("after 0");
        });
    }

    @Test
    void firstExceptionEndsTheWaitWhenItComesAndResultsDoNot() throws Exception {
        time.run(() -> {
            var slow = spawn(() -> sleepMillis(10_000));
            var fine = spawn(() -> sleepMillis(5));
            var failing = spawn(() -> fail(10));

            var found = awaitUntil(Until.FIRST_EXCEPTION, List.of(slow, fine, failing));

            assertThat(found.done()).containsExactly(fine, failing);
            assertThat(time.elapsedMillis()).isEqualTo(10);
            assertThat(failing.exception()).hasMessage("after 10");
        });
    }

    @Test
    void cancelledTaskIsNoFirstException() throws Exception {
        time.run(() -> {
            var cancelled = spawn(() -> sleepMillis(10_000));
            var slow = spawn(() -> sleepMillis(50));
            cancelled.cancel();

            var found = awaitUntil(Until.FIRST_EXCEPTION, List.of(cancelled, slow));

            assertThat(found.pending()).isEmpty();
            assertThat(time.elapsedMillis()).isEqualTo(50);
        });
    }

    @Test
    void failuresOfMembersAreNotThrown() throws Exception {
        time.run(() -> {
            var a = spawn(() -> sleepMillis(100));
            var b = spawn(() -> fail(150));

            assertThat(awaitUntil(Until.ALL_COMPLETED, List.of(a, b)).done()).containsExactly(a, b);
            assertThat(b.exception()).isInstanceOf(IOException.class);
        });
    }

    @Test
    void timeLimitIsNoFailureAndLetsThePendingGoOn() throws Exception {
        time.run(() -> {
            var a = spawn(() -> sleepMillis(100));
            var b = spawn(() -> sleepMillis(150));

            var found = awaitUntil(Until.ALL_COMPLETED, List.of(b, a), ofMillis(110));

            assertThat(found.done()).containsExactly(a);
            assertThat(found.pending()).containsExactly(b);
            assertThat(time.elapsedMillis()).isEqualTo(110);
            b.await();
            assertThat(time.elapsedMillis()).isEqualTo(150);
        });
    }

    @Test
    void taskThatEndsWhenTheTimeIsOverIsDone() throws Exception {
        time.run(() -> {
            var a = spawn(() -> sleepMillis(100));
            var b = spawn(() -> sleepMillis(150));

            pass();

            var found = awaitUntil(Until.ALL_COMPLETED, List.of(b, a), ofMillis(100));

            assertThat(found.done()).containsExactly(a);
            assertThat(found.pending()).containsExactly(b);
        });
    }

    @Test
    void withoutTimeOnlyWhoIsDoneIsFound() throws Exception {
        time.run(() -> {
            var done = spawn(() -> 1);
            done.await();
            var pending = spawn(() -> sleepMillis(100));

            for (var limit : List.of(Duration.ZERO, ofMillis(-5))) {
                var found = awaitUntil(Until.ALL_COMPLETED, List.of(done, pending), limit);
                assertThat(found.done()).containsExactly(done);
                assertThat(found.pending()).containsExactly(pending);
            }
            assertThat(time.elapsedMillis()).isZero();
        });
    }

    @Test
    void unusedTimeLimitIsTakenOutOfTheTimers() throws Exception {
        time.run(() -> {
            awaitUntil(Until.ALL_COMPLETED, List.of(spawn(() -> 1)), Duration.ofHours(1));
            assertThat(requireNonNull(EventLoop.current()).statistics().timers())
                    .isZero();
        });
    }

    @Test
    void cancellingTheWaiterCancelsNoMember() throws Exception {
        time.run(() -> {
            var member = spawn(() -> {
                sleepMillis(10);
                log.add("member went on");
            });
            var waiter = spawn(() -> {
                awaitUntil(Until.ALL_COMPLETED, List.of(member));
                log.add("never here");
            });
            pass();
            waiter.cancel("enough");

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class).hasMessage("enough");
            member.await();
        });

        assertThat(log).containsExactly("member went on");
    }

    @Test
    void waitingOftenLeavesNothingBehindAtALongTask() throws Exception {
        time.run(() -> {
            var slow = spawn("slow", () -> sleepMillis(10_000));
            for (int i = 0; i < 3; i++) {
                awaitUntil(Until.FIRST_COMPLETED, List.of(slow, spawn(() -> 1)));
            }
            assertThat(slow).hasToString("<Task pending name='slow' wait_for=the clock>");
        });
    }

    @Test
    void anyIterableWillDo() throws Exception {
        time.run(() -> {
            var ten = Generator.<Task<Integer>>of(out -> {
                for (int i = 0; i < 10; i++) {
                    int number = i;
                    out.yield(spawn(() -> number));
                }
            });
            assertThat(awaitUntil(Until.ALL_COMPLETED, ten).done()).hasSize(10);
        });
    }

    @Test
    void nothingToWaitForIsRefused() throws Exception {
        time.run(() -> assertThatThrownBy(() -> awaitUntil(Until.ALL_COMPLETED, List.<Task<?>>of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("awaitUntil(…) needs at least one task"));
    }

    @Test
    void promisesMayBeWaitedFor() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("post");
            spawn(() -> {
                sleepMillis(5);
                promise.complete(1);
            });
            var found = awaitUntil(Until.FIRST_COMPLETED, List.of(promise, new Promise<Integer>("other")));
            assertThat(found.done()).containsExactly(promise);
        });
    }

    private static int fail(long millis) throws IOException {
        if (millis > 0) {
            sleepMillis(millis);
        }
        throw new IOException("after " + millis);
    }
}
