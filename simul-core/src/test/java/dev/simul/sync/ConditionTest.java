package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Async;
import dev.simul.CancelScope;
import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class ConditionTest {

    private final VirtualTime time = new VirtualTime();
    private final Condition condition = new Condition();
    private final List<Object> log = new ArrayList<>();

    private Task<?> waiter(Object name) {
        return spawn(() -> {
            try (var _ = condition.hold()) {
                condition.await();
                log.add(name);
            }
        });
    }

    private void signal(int most) {
        try (var _ = condition.hold()) {
            condition.signal(most);
        }
    }

    private static void settle() {
        for (int i = 0; i < 20; i++) {
            pass();
        }
    }

    @Test
    void waitersAreWokenInOrderAndAsManyAsAsked() throws Exception {
        time.run(() -> {
            waiter(1);
            waiter(2);
            waiter(3);
            settle();

            signal(1);
            settle();
            assertThat(log).containsExactly(1);

            try (var _ = condition.hold()) {
                condition.signal();
                condition.signal(2048);
            }
            settle();
            assertThat(log).containsExactly(1, 2, 3);
        });
    }

    @Test
    void signalAllWakesAll() throws Exception {
        time.run(() -> {
            waiter(1);
            waiter(2);
            settle();
            try (var _ = condition.hold()) {
                condition.signalAll();
                assertThat(log).isEmpty();
            }
            settle();

            assertThat(log).containsExactly(1, 2);
        });
    }

    @Test
    void waiterGivesTheLockBackMeanwhileAndHasItAgainAfterwards() throws Exception {
        time.run(() -> {
            var waiter = spawn(() -> {
                condition.acquire();
                condition.await();
                log.add(String.valueOf(condition));
            });
            pass();
            assertThat(condition.isLocked()).isFalse();

            signal(1);
            await(waiter);
            assertThat(log).containsExactly("Condition[Lock[held by " + waiter.name() + "]]");
            assertThat(condition.isLocked()).isTrue();
        });
    }

    @Test
    void withoutTheLockEachCallIsRefused() throws Exception {
        time.run(() -> {
            for (var call : List.<Runnable>of(
                    condition::await,
                    condition::signal,
                    condition::signalAll,
                    () -> condition.signal(2),
                    () -> condition.awaitFor(() -> false))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageEndingWith("needs the lock of the Condition: acquire() comes first");
            }
            assertThatThrownBy(condition::release).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void cancelledWaiterHoldsTheLockWhenItComesOut() throws Exception {
        time.run(() -> {
            var waiter = spawn(() -> {
                condition.acquire();
                condition.await();
            });
            pass();
            waiter.cancel();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(condition.statistics().waiting()).isZero();
            assertThat(condition.isLocked()).isTrue();
        });
    }

    @Test
    void waiterCancelledWhileItTakesTheLockBackTakesItBackFirst() throws Exception {
        time.run(() -> {
            var waiter = spawn(() -> {
                condition.acquire();
                try {
                    condition.await();
                } finally {
                    log.add(condition.isLocked());
                    condition.release();
                }
            });
            pass();
            condition.acquire();
            condition.signal();
            settle(); // it waits for the lock now
            waiter.cancel("first");
            settle();
            waiter.cancel("second");
            settle();
            assertThat(waiter.isDone()).isFalse();

            condition.release();
            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class).hasMessage("second");
            assertThat(log).containsExactly(true);
            assertThat(condition.isLocked()).isFalse();
        });
    }

    @Test
    void cancellationAfterASignalIsDeliveredWhenTheLockIsTakenBack() throws Exception {
        time.run(() -> {
            var waiter = waiter("waiter");
            settle();
            condition.acquire();
            condition.signal();
            waiter.cancel();
            settle();
            assertThat(waiter.isDone()).isFalse();

            condition.release();
            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(log).isEmpty();
            assertThat(condition.isLocked()).isFalse();
        });
    }

    @Test
    void waiterCancelledAfterItsSignalPassesItOn() throws Exception {
        time.run(() -> {
            var first = waiter(1);
            waiter(2);
            settle();
            signal(1);
            first.cancel();
            settle();

            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(log).containsExactly(2);
        });
    }

    @Test
    void waiterCancelledWhileItTakesTheLockBackPassesItsSignalOn() throws Exception {
        time.run(() -> {
            var first = waiter(1);
            waiter(2);
            settle();
            condition.acquire();
            condition.signal();
            settle();
            first.cancel();
            settle();
            condition.release();
            settle();

            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(log).containsExactly(2);
        });
    }

    @Test
    void timeOutInsideTheBlockLeavesTheLockHeld() throws Exception {
        time.run(() -> {
            try (var _ = condition.hold()) {
                assertThatThrownBy(() -> Async.timeout(Duration.ofMillis(500), () -> condition.await()))
                        .isInstanceOf(TimeoutException.class);
                assertThat(condition.isLocked()).isTrue();
            }
            assertThat(condition.isLocked()).isFalse();
        });
    }

    @Test
    void waiterInACancelledScopeComesOutWithTheLockAlsoIfItHasToWaitForIt() throws Exception {
        time.run(() -> {
            var scope = new CancelScope();
            var waiter = spawn(() -> {
                scope.run(() -> {
                    condition.acquire();
                    try {
                        condition.await();
                    } finally {
                        log.add(condition.isLocked());
                        condition.release();
                    }
                });
                log.add(scope.cancelledCaught());
            });
            settle();
            condition.acquire();
            scope.cancel();
            settle();
            assertThat(log).isEmpty();

            condition.release();
            await(waiter);
            assertThat(log).containsExactly(true, true);
        });
    }

    @Test
    void predicateIsAskedAfterEachSignal() throws Exception {
        time.run(() -> {
            int[] asked = {0};
            var waiter = spawn(() -> {
                try (var _ = condition.hold()) {
                    condition.awaitFor(() -> ++asked[0] == 3);
                }
            });
            settle();
            signal(1);
            settle();
            assertThat(waiter.isDone()).isFalse();
            signal(1);
            await(waiter);

            assertThat(asked[0]).isEqualTo(3);
        });
    }

    @Test
    void predicateThatHoldsNeedsNoLock() throws Exception {
        time.run(() -> {
            condition.awaitFor(() -> true);

            assertThat(condition.isLocked()).isFalse();
        });
    }

    @Test
    void twoConditionsOfOneLockAreSignalledApart() throws Exception {
        time.run(() -> {
            var lock = new Lock();
            var full = new Condition(lock);
            var empty = new Condition(lock);
            spawn(() -> {
                try (var _ = lock.hold()) {
                    full.await();
                    log.add("full");
                }
            });
            spawn(() -> {
                try (var _ = lock.hold()) {
                    empty.await();
                    log.add("empty");
                }
            });
            settle();
            try (var _ = lock.hold()) {
                empty.signalAll();
            }
            settle();

            assertThat(log).containsExactly("empty");
        });
    }

    @Test
    void lockOfAnotherLoopIsRefused() throws Exception {
        var lock = new Lock();
        time.run(() -> {
            lock.acquire();
            var elsewhere = Async.on(command -> Thread.ofPlatform().start(command), () -> {
                new VirtualTime().run(() -> new Condition(lock).await());
            });

            assertThatThrownBy(elsewhere::await).hasMessageContaining("belongs to another loop");
        });
    }

    @Test
    void textSaysTheStateOfTheLockAndHowManyWait() throws Exception {
        time.run(() -> {
            waiter(1);
            settle();

            assertThat(condition).hasToString("Condition[Lock[free], 1 waiting]");
            assertThat(condition.statistics())
                    .isEqualTo(new Condition.Statistics(1, new Lock.Statistics(false, null, 0)));
        });
    }
}
