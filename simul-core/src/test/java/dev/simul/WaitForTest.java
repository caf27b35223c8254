package dev.simul;

import static dev.simul.Async.awaitUntil;
import static dev.simul.Async.shield;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.waitFor;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.wait_for. */
class WaitForTest {

    private static final List<Duration> NO_TIME = List.of(Duration.ZERO, ofMillis(-5));

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void taskThatIsTooSlowIsCancelledAndHasEnded() throws Exception {
        time.run(() -> {
            var task = spawn(() -> logged(10_000));

            assertThatThrownBy(() -> waitFor(ofMillis(100), task))
                    .isInstanceOf(TimeoutException.class)
                    .hasCauseInstanceOf(CancelledError.class);

            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(time.elapsedMillis()).isEqualTo(100);
        });

        assertThat(log).containsExactly("running", "not running");
    }

    @Test
    void withoutALimitItIsAPlainAwait() throws Exception {
        time.run(() -> {
            assertThat(waitFor(null, spawn(() -> "done"))).isEqualTo("done");
            assertThat(Async.<String>waitFor(null, () -> "done")).isEqualTo("done");
        });
    }

    @Test
    void withoutTimeTheResultOfATaskThatHasEndedIsReturned() throws Exception {
        var promise = new Promise<String>("post");
        promise.complete("done");
        time.run(() -> {
            for (var limit : NO_TIME) {
                assertThat(waitFor(limit, promise)).isEqualTo("done");
            }
        });
    }

    @Test
    void withoutTimeCodeDoesNotStart() throws Exception {
        time.run(() -> {
            for (var limit : NO_TIME) {
                assertThatThrownBy(() -> waitFor(limit, (Callable<String>) () -> logged(1)))
                        .isInstanceOf(TimeoutException.class);
                assertThatThrownBy(() -> waitFor(limit, spawn(() -> logged(1)))).isInstanceOf(TimeoutException.class);
            }
        });

        assertThat(log).isEmpty();
    }

    @Test
    void withoutTimeARunningTaskIsCancelledAndHasEnded() throws Exception {
        time.run(() -> {
            for (var limit : NO_TIME) {
                log.clear();
                var task = spawn(() -> logged(10_000));
                pass();

                assertThatThrownBy(() -> waitFor(limit, task)).isInstanceOf(TimeoutException.class);

                assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
                assertThat(log).containsExactly("running", "not running");
            }
        });
    }

    @Test
    void cleanUpOfTheTaskIsWaitedForWithAndWithoutTime() throws Exception {
        time.run(() -> {
            for (var limit : List.of(ofMillis(10), Duration.ZERO)) {
                var task = spawn(() -> {
                    try {
                        sleepMillis(10_000);
                    } finally {
                        sleepMillis(7);
                        log.add("cleaned up");
                    }
                });
                pass();
                assertThatThrownBy(() -> waitFor(limit, task))
                        .isInstanceOf(TimeoutException.class)
                        .hasCauseInstanceOf(CancelledError.class);
            }
        });

        assertThat(log).containsExactly("cleaned up", "cleaned up");
        assertThat(time.elapsedMillis()).isEqualTo(24);
    }

    @Test
    void promiseThatIsCompletedInTheSameIterationBringsItsResult() throws Exception {
        time.run(() -> {
            var promise = new Promise<String>("post");
            spawn(() -> promise.complete("ok"));
            assertThat(waitFor(ofMillis(200), promise)).isEqualTo("ok");
        });
    }

    @Test
    void whatTheTaskReturnsInsteadOfBeingCancelledIsReturned() throws Exception {
        Callable<Integer> stubborn = () -> {
            try {
                sleepMillis(10_000);
                return 0;
            } catch (CancelledError e) {
                return 42;
            }
        };
        time.run(() -> {
            assertThat(waitFor(ofMillis(10), stubborn)).isEqualTo(42);
            assertThat(waitFor(ofMillis(10), spawn(stubborn))).isEqualTo(42);
            var running = spawn(stubborn);
            pass();
            assertThat(waitFor(Duration.ZERO, running)).isEqualTo(42);
        });
    }

    @Test
    void whatTheTaskThrowsInsteadOfBeingCancelledIsThrown() throws Exception {
        time.run(() -> {
            for (var limit : List.of(ofMillis(10), Duration.ZERO)) {
                var task = spawn(() -> {
                    try {
                        sleepMillis(10_000);
                    } catch (CancelledError e) {
                        throw new IllegalStateException("instead");
                    }
                });
                pass();
                assertThatThrownBy(() -> waitFor(limit, task))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("instead");
            }
        });
    }

    @Test
    void cancellingTheWaiterCancelsTheTask() throws Exception {
        time.run(() -> {
            var limits = new ArrayList<Duration>();
            limits.add(null);
            limits.add(Duration.ofMinutes(1));
            for (var limit : limits) {
                var promise = new Promise<String>("never");
                var task = spawn(() -> promise.await());
                var waiter = spawn(() -> waitFor(limit, task));
                pass();
                waiter.cancel();

                assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
                assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            }
        });
    }

    @Test
    void cancelledWaiterWaitsForATaskThatIgnoresIt() throws Exception {
        time.run(() -> {
            var waiter = spawn(() -> waitFor(ofMillis(400), (Callable<String>) () -> ignoringCancellation(200)));
            pass();
            waiter.cancel();
            awaitUntil(Until.ALL_COMPLETED, List.of(waiter));
        });

        assertThat(log).containsExactly("exited at 200");
    }

    /** The inner task ends in one iteration; the waiter is cancelled before it is resumed. */
    @Test
    void waiterThatIsCancelledWhenTheTaskHasJustEndedDoesNotGoOn() throws Exception {
        time.run(() -> {
            var inner = spawn(() -> "done");
            var waiter = spawn(() -> {
                waitFor(Duration.ofMinutes(2), inner);
                sleepMillis(1000);
                log.add("reached the end");
            });
            pass();
            waiter.cancel();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(inner.await()).isEqualTo("done");
        });

        assertThat(log).isEmpty();
    }

    @Test
    void waiterThatIsCancelledWhileItCancelsGoesAtOnce() throws Exception {
        time.run(() -> {
            var task = spawn(() -> ignoringCancellation(200));
            pass();
            var waiter = spawn(() -> waitFor(Duration.ZERO, task));
            pass();
            waiter.cancel();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(time.elapsedMillis()).isZero();
            assertThat(task.await()).isEqualTo("ignored");
        });
    }

    @Test
    void shieldedTaskOutlivesTheTimeLimit() throws Exception {
        time.run(() -> {
            for (var limit : List.of(ofMillis(10), Duration.ZERO)) {
                var task = spawn(() -> sleep(ofMillis(100), "done"));
                var shielded = shield(task);

                assertThatThrownBy(() -> waitFor(limit, shielded)).isInstanceOf(TimeoutException.class);

                assertThat(shielded.state()).isEqualTo(Task.State.CANCELLED);
                assertThat(task.isDone()).isFalse();
                assertThat(task.cancelRequests()).isZero();
                assertThat(task.await()).isEqualTo("done");
            }
            assertThat(waitFor(null, shield(spawn(() -> sleep(ofMillis(100), "done")))))
                    .isEqualTo("done");
        });
    }

    @Test
    void outsideOfALoopItIsRefused() {
        assertThatThrownBy(() -> waitFor(ofMillis(1), new Promise<String>("post")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("or use toCompletableFuture().get(time, unit)");
    }

    private String logged(long millis) {
        log.add("running");
        try {
            sleepMillis(millis);
        } finally {
            log.add("not running");
        }
        return "done";
    }

    private String ignoringCancellation(long millis) {
        long until = time.elapsedMillis() + millis;
        while (time.elapsedMillis() < until) {
            try {
                sleepMillis(until - time.elapsedMillis());
            } catch (CancelledError e) {
                log.add("");
                log.clear();
            }
        }
        log.add("exited at " + time.elapsedMillis());
        return "ignored";
    }
}
