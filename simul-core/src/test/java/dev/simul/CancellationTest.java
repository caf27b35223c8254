package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** asyncio.Task: what cancel() and uncancel() do, and when. */
class CancellationTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void cancelIsThrownOutOfTheWaitAndEndsTheTask() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                try {
                    sleepMillis(1000);
                } finally {
                    log.add("cleaned up");
                }
            });
            pass();

            assertThat(task.cancel("enough")).isTrue();

            assertThat(task.state()).isEqualTo(Task.State.WAITING);
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("enough");
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(task.cancel()).isFalse();
        });

        assertThat(log).containsExactly("cleaned up");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void cancelledSleepLeavesNoTimer() throws Exception {
        time.run(() -> {
            var sleeper = spawn(() -> sleepMillis(1000));
            pass();
            sleeper.cancel();
            assertThatThrownBy(sleeper::await).isInstanceOf(CancelledError.class);

            assertThat(Async.currentLoop().statistics().timers()).isZero();
        });
    }

    @Test
    void errorThrownInsteadOfTheCancellationIsAFailureToo() throws Exception {
        var failure = new AssertionError("in the clean-up");
        time.run(() -> {
            var task = spawn(() -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    throw failure;
                }
            });
            pass();
            task.cancel();

            assertThatThrownBy(task::await).isSameAs(failure);
            assertThat(task.isCancelled()).isFalse();
            assertThat(task.exception()).isSameAs(failure);
        });
    }

    @Test
    void taskThatHasNotStartedNeverStarts() throws Exception {
        time.run(() -> {
            var task = spawn(() -> log.add("started"));

            task.cancel("too early");

            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage("too early");
        });

        assertThat(log).isEmpty();
    }

    @Test
    void taskThatCatchesTheCancellationLivesOn() throws Exception {
        int result = time.run(() -> {
            var task = spawn(() -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    log.add("refused");
                }
                sleepMillis(5);
                return 42;
            });
            pass();
            task.cancel();
            return task.await();
        });

        assertThat(result).isEqualTo(42);
        assertThat(log).containsExactly("refused");
        assertThat(time.elapsedMillis()).isEqualTo(5);
    }

    @Test
    void taskThatCancelsItselfIsCancelledAtItsNextWait() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel();
                log.add("still here");
                sleepMillis(10);
                log.add("never here");
            });
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("still here");
    }

    @Test
    void taskThatCancelsItselfAndReturnsLosesItsResult() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                self().cancel();
                return 42;
            });
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void cancellingAWaiterCancelsWhatItWaitsFor() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("deep");
            Task<Integer> inner = spawn(() -> promise.await());
            Task<Integer> outer = spawn(() -> inner.await());
            pass();
            pass();

            outer.cancel("all of it");

            assertThatThrownBy(outer::await).isInstanceOf(CancelledError.class).hasMessage("all of it");
            assertThat(inner.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(promise.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void taskThatCancelsItselfBeforeItWaitsCancelsThatToo() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("deep");
            Task<Integer> inner = spawn(() -> promise.await());
            Task<Integer> outer = spawn(() -> {
                self().cancel();
                return inner.await();
            });

            assertThatThrownBy(outer::await).isInstanceOf(CancelledError.class);
            assertThatThrownBy(inner::await).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void cancelledPromiseCancelsItsWaiter() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("inner");
            Task<Integer> task = spawn(() -> promise.await());
            pass();

            promise.cancel();

            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void waiterAndWhatItWaitsForMayBeCancelledTogether() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("inner");
            Task<Integer> task = spawn(() -> promise.await());
            pass();

            promise.cancel();
            task.cancel();

            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void cancelAfterCompletionButBeforeTheWakeUpWins() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("inner");
            Task<Integer> task = spawn(() -> {
                var value = promise.await();
                log.add("never here");
                return value;
            });
            pass();

            promise.complete(1);
            task.cancel();

            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            assertThat(promise.await()).isEqualTo(1);
        });

        assertThat(log).isEmpty();
    }

    @Test
    void lastUncancelTakesBackWhatIsNotDelivered() throws Exception {
        int result = time.run(() -> {
            var promise = new Promise<Integer>("inner");
            var task = (LoopTask<Integer>) spawn((Callable<Integer>) promise::await);
            pass();

            promise.complete(42);
            task.cancel();
            assertThat(task.uncancel()).isZero();

            return task.await();
        });

        assertThat(result).isEqualTo(42);
    }

    @Test
    void requestsAreCountedUntilTheyAreTakenBack() throws Exception {
        time.run(() -> {
            var task = (LoopTask<Void>) spawn(() -> {
                for (int i = 0; i < 2; i++) {
                    try {
                        sleepMillis(1000);
                    } catch (CancelledError e) {
                        log.add("requests " + self().cancelRequests());
                    }
                }
                log.add("left " + self().uncancel() + " " + self().uncancel() + " " + self().uncancel());
            });
            pass();
            task.cancel();
            pass();
            task.cancel();
            task.await();
        });

        assertThat(log).containsExactly("requests 1", "requests 2", "left 1 0 0");
    }

    @Test
    void taskThatTakesItsCancellationBackLivesOnAndCanBeCancelledAgain() throws Exception {
        time.run(() -> {
            var task = spawn("task", () -> {
                try {
                    sleepMillis(10_000);
                } catch (CancelledError e) {
                    assertThat(self().uncancel()).isZero();
                    sleepMillis(10_000);
                }
            });
            pass();
            assertThat(task.cancel()).isTrue();
            assertThat(task.toString()).contains(" cancelling ");
            assertThat(task.cancelRequests()).isEqualTo(1);
            pass();
            assertThat(task.toString()).contains(" pending ");
            assertThat(task.cancelRequests()).isZero();
            assertThat(task.isDone()).isFalse();

            assertThat(task.cancel()).isTrue();
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
            task.uncancel();
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    /** The five rules by which a time-out has to count. */
    @Test
    void timeOutCanBeWrittenByHand() throws Exception {
        time.run(() -> {
            var task = self();
            var timer = task.loop.callLater(Duration.ofMillis(10), () -> task.cancel());
            try {
                sleepMillis(10_000);
                log.add("never here");
            } catch (CancelledError e) {
                assertThat(task.uncancel()).isZero();
                log.add("timed out");
            } finally {
                timer.cancel();
            }
            pass();
            assertThat(task.cancelRequests()).isZero();
        });

        assertThat(log).containsExactly("timed out");
        assertThat(time.elapsedMillis()).isEqualTo(10);
    }

    @Test
    void reasonsOfManyRequestsAreThoseOfTheLatest() throws Exception {
        time.run(() -> {
            var task = spawn(() -> sleepMillis(10_000));
            task.cancel("first");
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class).hasMessage(null);
            var other = spawn(() -> sleepMillis(10_000));
            other.cancel("first");
            other.cancel("second");
            assertThatThrownBy(other::await).hasMessage("second");
            assertThat(other.cancelRequests()).isEqualTo(2);
        });
    }

    @Test
    void cleanUpMayWait() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                try {
                    sleepMillis(1000);
                } finally {
                    sleepMillis(7);
                    log.add("cleaned up");
                }
            });
            pass();
            task.cancel();
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("cleaned up");
        assertThat(time.elapsedMillis()).isEqualTo(7);
    }

    @Test
    void exceptionThrownInsteadOfTheCancellationIsAFailure() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    throw new IllegalStateException("no", e);
                }
            });
            pass();
            task.cancel("please");

            assertThatThrownBy(task::await)
                    .isInstanceOf(IllegalStateException.class)
                    .cause()
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("please");
        });
    }

    @Test
    void tasksThatWaitForEachOtherCanBeCancelled() throws Exception {
        time.run(() -> {
            List<Task<?>> ring = new ArrayList<>();
            ring.add(spawn(() -> ring.get(1).await()));
            ring.add(spawn(() -> ring.get(0).await()));
            pass();
            pass();

            ring.get(0).cancel();

            assertThatThrownBy(() -> ring.get(0).await()).isInstanceOf(CancelledError.class);
            assertThatThrownBy(() -> ring.get(1).await()).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void longChainOfWaitersIsCancelledWithoutRecursion() throws Exception {
        time.run(() -> {
            Task<?> previous = spawn(() -> sleepMillis(1000));
            for (int i = 0; i < 20_000; i++) {
                var next = previous;
                previous = spawn(() -> next.await());
            }
            pass();

            previous.cancel();

            assertThatThrownBy(previous::await).isInstanceOf(CancelledError.class);
        });
    }

    /** Asked one after the other, each would be asked once more for every task behind it. */
    @Test
    void loopThatClosesAsksEachTaskOfALongChainOnce() throws Exception {
        List<Task<?>> chain = new ArrayList<>();
        time.run(() -> {
            chain.add(spawn(() -> sleepMillis(1000)));
            for (int i = 0; i < 20_000; i++) {
                var before = chain.getLast();
                chain.add(spawn(() -> before.await()));
            }
            pass();
        });

        assertThat(chain)
                .allMatch(task -> task.state() == Task.State.CANCELLED)
                .allMatch(task -> task.cancelRequests() == 1);
    }

    @Test
    void loopThatClosesEndsTasksThatWaitForEachOther() throws Exception {
        List<Task<?>> ring = new ArrayList<>();
        time.run(() -> {
            for (int i = 0; i < 3; i++) {
                int next = (i + 1) % 3;
                ring.add(spawn(() -> ring.get(next).await()));
            }
            ring.add(spawn(() -> ring.getFirst().await()));
            pass();
            pass();
        });

        assertThat(ring).allMatch(task -> task.state() == Task.State.CANCELLED);
    }

    @Test
    void taskCannotWaitForItself() throws Exception {
        time.run(() -> {
            List<Task<?>> self = new ArrayList<>();
            self.add(spawn(() -> self.get(0).await()));

            assertThatThrownBy(() -> self.get(0).await())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot wait for itself");
        });
    }

    private static LoopTask<?> self() {
        return LoopTask.current("self()", "nothing");
    }
}
