package dev.simul;

import static dev.simul.Async.currentTask;
import static dev.simul.Async.gather;
import static dev.simul.Async.gatherOutcomes;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** asyncio.gather of tasks and promises; gather of code is in CombinatorsTest. */
class GatherTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();
    private final Promise<Integer> a = new Promise<>("a");
    private final Promise<Integer> b = new Promise<>("b");
    private final Promise<Integer> c = new Promise<>("c");

    @Test
    void resultsAreInTheOrderOfTheArgumentsAndCallbacksWaitForTheLast() throws Exception {
        time.run(() -> {
            var all = gather(a, b, c);
            all.onDone(task -> log.add("done"));
            b.complete(1);
            a.complete(2);
            pass();
            pass();
            assertThat(all.isDone()).isFalse();
            assertThat(log).isEmpty();

            c.complete(3);
            pass();
            pass();
            assertThat(all.result()).containsExactly(2, 1, 3);
            assertThat(log).containsExactly("done");
        });
    }

    @Test
    void firstFailureEndsTheWholeAndWhatComesThenIsHarmless() throws Exception {
        var failure = new IOException("b");
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                var d = new Promise<Integer>("d");
                var all = gather(List.of(a, b, c, d));
                a.complete(1);
                b.fail(failure);
                pass();
                assertThat(all.state()).isEqualTo(Task.State.FAILED);
                assertThat(all.exception()).isSameAs(failure);

                c.cancel();
                d.fail(new IOException("d"));
                pass();
                assertThat(all.exception()).isSameAs(failure);
            });
            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void failureOfAGatherThatNobodyLooksAtIsReported() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                gather(a, b);
                a.fail(new IOException("unseen"));
                pass();
            });
            assertThat(logged.messages()).containsExactly("task gather of 2 failed and nobody looked");
        }
    }

    @Test
    void cancelledPartIsAFailureOfTheWholeAndNotItsCancellation() throws Exception {
        time.run(() -> {
            var all = gather(a, b);
            a.cancel("part");
            pass();

            assertThat(all.state()).isEqualTo(Task.State.FAILED);
            assertThat(all.exception()).isInstanceOf(CancelledError.class).hasMessage("part");
            assertThat(b.isDone()).isFalse();
        });
    }

    @Test
    void outcomesSayHowEachEnded() throws Exception {
        var failure = new IOException("b");
        time.run(() -> {
            var all = gatherOutcomes(a, b, c);
            b.fail(failure);
            c.cancel("part");
            pass();
            assertThat(all.isDone()).isFalse();
            a.complete(1);

            var outcomes = all.await();

            assertThat(outcomes.get(0)).isEqualTo(new Outcome.Returned<>(1));
            assertThat(((Outcome.Threw<Integer>) outcomes.get(1)).error()).isSameAs(failure);
            assertThat(((Outcome.Cancelled<Integer>) outcomes.get(2)).error()).hasMessage("part");
        });
    }

    @Test
    void outcomesOfCodeDoNotThrowAndCountAsSeen() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                var outcomes = gatherOutcomes(() -> 1, () -> failWith(new IOException("second")));
                assertThat(outcomes.getFirst()).isEqualTo(new Outcome.Returned<>(1));
                assertThat(outcomes.getLast()).isInstanceOf(Outcome.Threw.class);
            });
            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void cancelledGatherOfOutcomesStillEndsAsCancelledOnceAllHaveEnded() throws Exception {
        time.run(() -> {
            var all = gatherOutcomes(spawn(() -> cleanUpFor(10)), spawn(() -> cleanUpFor(20)));
            var waiter = spawn(() -> all.await());
            pass();
            pass();
            assertThat(waiter.cancel("enough")).isTrue();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class).hasMessage("enough");
            assertThat(time.elapsedMillis()).isEqualTo(20);
            assertThat(all.exception()).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void loopThatGathersOutcomesCanBeCancelled() throws Exception {
        time.run(() -> {
            var endless = spawn(() -> {
                while (true) {
                    gatherOutcomes(() -> sleep(ofMillis(50), "again"));
                }
            });
            sleepMillis(200);
            endless.cancel("my message");
            assertThatThrownBy(endless::await)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("my message");
        });
    }

    @Test
    void cancellingWhoAwaitsItCancelsThePartsAndWhatTheyWaitFor() throws Exception {
        time.run(() -> {
            var first = spawn(() -> a.await());
            var second = spawn(() -> a.await());
            List<Task<List<Integer>>> gathers = new ArrayList<>();
            var outer = spawn(() -> {
                gathers.add(gather(first, second));
                return gathers.getFirst().await();
            });
            pass();
            assertThat(outer.cancel()).isTrue();

            assertThatThrownBy(outer::await).isInstanceOf(CancelledError.class);
            assertThat(gathers.getFirst().cancel()).isFalse();
            assertThat(a.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(second.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void reasonOfItsCancellationReachesThePartsAndWhoWaits() throws Exception {
        time.run(() -> {
            var part = spawn(() -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    log.add(e.reason());
                    throw e;
                }
            });
            var waiter = spawn(() -> gather(List.of(gather(List.of(part)))).await());
            pass();
            waiter.cancel("not needed");

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class).hasMessage("not needed");
        });

        assertThat(log).containsExactly("not needed");
    }

    @Test
    void gatherWhosePartsHaveEndedRefusesToBeCancelled() throws Exception {
        time.run(() -> {
            var all = gather(spawn(() -> a.await()));
            pass();
            a.onDone(_ -> log.add("child ready, cancelled " + a.cancel()));
            a.complete(42);
            pass();
            assertThat(all.cancel()).isFalse();
            assertThat(all.await()).containsExactly(42);
        });

        assertThat(log).containsExactly("child ready, cancelled false");
    }

    @Test
    void taskGivenSeveralTimesRunsOnceAndFillsSeveralPlaces() throws Exception {
        time.run(() -> {
            var abc = spawn(() -> {
                log.add("ran");
                return "abc";
            });
            var def = spawn(() -> "def");

            assertThat(gather(abc, abc, def, abc).await()).containsExactly("abc", "abc", "def", "abc");
        });

        assertThat(log).containsExactly("ran");
    }

    @Test
    void whatHasEndedBeforeIsGatheredWithoutAStep() throws Exception {
        time.run(() -> {
            a.complete(1);
            b.complete(2);
            assertThat(gather(a, b).result()).containsExactly(1, 2);
            assertThat(gather(List.<Task<Integer>>of()).result()).isEmpty();
            assertThat(gatherOutcomes(List.<Task<Integer>>of()).result()).isEmpty();
            c.fail(new IOException("c"));
            assertThat(gather(a, c).exception()).hasMessage("c");
        });
    }

    @Test
    void partsMayReturnNull() throws Exception {
        time.run(() -> assertThat(gather(() -> null, () -> "b")).containsExactly(null, "b"));
    }

    @Test
    void partsMayBelongToAnotherLoop() throws Exception {
        var stop = new Promise<Integer>("stop");
        try (var other = EventLoop.open()) {
            var runner = CompletableFuture.runAsync(() -> {
                try {
                    other.run(() -> stop.await());
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            var there = other.submit(() -> {
                pass();
                return 42;
            });
            assertThat(Async.<List<Integer>>run(
                            () -> gather(there, spawn(() -> 1)).await()))
                    .containsExactly(42, 1);
            stop.complete(1);
            runner.join();
        }
    }

    @Test
    void outsideOfALoopItIsRefused() {
        assertThatThrownBy(() -> Async.<String>gather())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("gather(…) needs a running loop");
        assertThatThrownBy(() -> gather(a, b)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void gatherMayBeCancelledFromAnotherThread() throws Exception {
        Async.run(() -> {
            var all = gather(a, b);
            var waiter = spawn(() -> all.await());
            pass();
            Thread.startVirtualThread(() -> all.cancel("from afar"));
            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class).hasMessage("from afar");
            assertThat(a.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    private static int cleanUpFor(long millis) {
        try {
            sleepMillis(1000);
            return 1;
        } finally {
            assertThat(requireNonNull(currentTask()).cancelRequests()).isEqualTo(1);
            sleepMillis(millis);
        }
    }

    private static int failWith(Exception failure) throws Exception {
        throw failure;
    }
}
