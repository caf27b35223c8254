package dev.simul;

import static dev.simul.Async.currentTask;
import static dev.simul.Async.gatherOutcomes;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** asyncio.Task as its owner sees it; what cancelling does is in CancellationTest. */
class TaskTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = Collections.synchronizedList(new ArrayList<>());

    @Test
    void pendingTaskHasNoOutcome() throws Exception {
        time.run(() -> {
            var task = spawn("slow", () -> sleepMillis(5));

            assertThat(task.outcome()).isNull();
            assertThatThrownBy(task::result)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("task slow has not ended: wait for it with await()");
            assertThatThrownBy(task::exception).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void outcomeSaysHowTheTaskEnded() throws Exception {
        var failure = new IOException("no");
        time.run(() -> {
            var returned = spawn(() -> 42);
            var threw = spawn(() -> failWith(failure));
            var cancelled = spawn(() -> 1);
            cancelled.cancel("why");
            pass();

            assertThat(returned.outcome()).isEqualTo(new Outcome.Returned<>(42));
            assertThat(returned.result()).isEqualTo(42);
            assertThat(returned.exception()).isNull();
            assertThat(threw.exception()).isSameAs(failure);
            assertThatThrownBy(threw::result).isSameAs(failure);
            assertThatThrownBy(cancelled::result)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("why");
            assertThatThrownBy(cancelled::exception)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("why");
            assertThat(cancelled.outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Cancelled.class,
                            ended -> assertThat(ended.error().reason()).isEqualTo("why"));
        });
    }

    @Test
    void taskIsCancelledWhenItHasEndedSoAndNotWhenItIsAsked() throws Exception {
        time.run(() -> {
            var obeys = spawn(() -> sleepMillis(1000));
            var refuses = spawn(() -> {
                try {
                    sleepMillis(1000);
                } catch (CancelledError e) {
                    pass();
                }
            });
            pass();
            obeys.cancel();
            refuses.cancel();
            assertThat(obeys.isCancelled()).isFalse();

            gatherOutcomes(List.of(obeys, refuses)).await();

            assertThat(obeys.isCancelled()).isTrue();
            assertThat(refuses.isCancelled()).isFalse();
            assertThat(refuses.cancelRequests()).isEqualTo(1);
        });
    }

    @Test
    void outsideOfLoopsTheResultOfACancelledTaskIsTheJdksCancellation() {
        var promise = new Promise<Integer>("post");
        promise.cancel("why");

        assertThatThrownBy(promise::result)
                .isInstanceOf(CancellationException.class)
                .hasMessage("why");
        assertThatThrownBy(promise::exception)
                .isInstanceOf(CancellationException.class)
                .hasMessage("why");
    }

    @Test
    void currentTaskIsTheOneThatRunsInEachOfInterleavedTasks() throws Exception {
        time.run(() -> {
            List<Task<?>> tasks = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int number = i;
                tasks.add(spawn(() -> {
                    for (int step = 0; step < 3; step++) {
                        assertThat(currentTask()).isSameAs(tasks.get(number));
                        pass();
                    }
                }));
            }
            for (var task : tasks) {
                task.await();
            }
        });
    }

    @Test
    void callbackHasALoopButNoCurrentTask() throws Exception {
        time.run(() -> {
            var task = spawn(() -> 1);
            task.onDone(_ -> log.add("task " + currentTask() + ", loop " + (EventLoop.current() != null)));
            task.await();
        });

        assertThat(log).containsExactly("task null, loop true");
    }

    @Test
    void outsideOfALoopThereIsNoCurrentTask() {
        assertThat(EventLoop.current()).isNull();
        assertThatThrownBy(Async::currentTask)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("currentTask() needs a running loop");
    }

    @Test
    void textSaysWhereTheTaskStands() throws Exception {
        time.run(() -> {
            var task = spawn("slow", () -> {
                sleepMillis(5);
                return "abc";
            });
            assertThat(task).hasToString("<Task pending name='slow'>");
            pass();
            assertThat(task).hasToString("<Task pending name='slow' wait_for=the clock>");
            assertThat(task.await()).isEqualTo("abc");
            assertThat(task).hasToString("<Task finished name='slow' result=abc>");

            var cancelled = spawn("unlucky", () -> sleepMillis(5));
            cancelled.cancel();
            assertThat(cancelled).hasToString("<Task cancelling name='unlucky'>");
            pass();
            assertThat(cancelled).hasToString("<Task cancelled name='unlucky'>");

            var failed = spawn("broken", () -> failWith(new IOException("no")));
            assertThatThrownBy(failed::await).hasMessage("no");
            assertThat(failed).hasToString("<Task finished name='broken' exception=java.io.IOException: no>");
        });
    }

    @Test
    void textNamesWhatIsAwaitedAndWhoWaits() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("post");
            var waiter = spawn("reader", () -> promise.await());
            pass();

            assertThat(waiter).hasToString("<Task pending name='reader' wait_for=<Promise pending name='post'>>");
            assertThat(promise).hasToString("<Promise pending name='post' cb=[reader]>");
            promise.cancel();
        });
    }

    @Test
    void textOfTasksThatWaitForEachOtherEnds() throws Exception {
        time.run(() -> {
            List<Task<?>> ring = new ArrayList<>();
            ring.add(spawn("egg", () -> ring.get(1).await()));
            ring.add(spawn("hen", () -> ring.get(0).await()));
            pass();
            pass();

            assertThat(ring.get(0))
                    .hasToString("<Task pending name='egg' wait_for=<Task pending name='hen'> cb=[hen]>");
            ring.get(0).cancel();
        });
    }

    @Test
    void textListsTheFirstAndTheLastOfManyCallbacks() {
        var promise = new Promise<Integer>("post");
        promise.onDone(new Named("a"));
        assertThat(promise).hasToString("<Promise pending name='post' cb=[a]>");
        promise.onDone(new Named("b"));
        assertThat(promise).hasToString("<Promise pending name='post' cb=[a, b]>");
        promise.onDone(new Named("c"));
        promise.onDone(new Named("d"));
        assertThat(promise).hasToString("<Promise pending name='post' cb=[a, <2 more>, d]>");
    }

    @Test
    void textOfAResultIsNotAskedForUnlessThatOfTheTaskIs() throws Exception {
        var asked = new ArrayList<String>();
        var shy = new Object() {
            @Override
            public String toString() {
                asked.add("asked");
                return "shy";
            }
        };

        time.run(() -> {
            spawn(() -> shy).await();
            return shy;
        });

        assertThat(asked).isEmpty();
    }

    @Test
    void tasksWithoutANameAreNumberedInTheOrderOfTheirCreation() throws Exception {
        time.run(() -> {
            var first = spawn(() -> 1);
            var second = spawn(() -> 2);

            assertThat(number(first)).isLessThan(number(second));
            assertThat(first.toString()).isNotEqualTo(second.toString());
        });
    }

    @Test
    void taskCannotBeEndedFromOutside() throws Exception {
        time.run(() -> {
            var task = spawn(() -> 1);

            assertThat(task).isNotInstanceOf(Promise.class);
            assertThat(task.toCompletableFuture().complete(2)).isTrue();
            assertThat(task.await()).isEqualTo(1);
        });
    }

    @Test
    void callbacksHaveTheirTurnInTheOrderOfRegistration() throws Exception {
        time.run(() -> {
            var task = spawn(() -> 1);
            for (int i = 0; i < 3; i++) {
                int number = i;
                task.onDone(_ -> log.add("callback " + number));
            }
            task.await();
            log.add("waiter");
        });

        assertThat(log).containsExactly("callback 0", "callback 1", "callback 2", "waiter");
    }

    @Test
    void callbackThatIsTakenBackIsNotCalledHoweverOftenItWasRegistered() throws Exception {
        time.run(() -> {
            var task = spawn(() -> 1);
            Consumer<Task<Integer>> unwanted = _ -> log.add("unwanted");
            Consumer<Task<Integer>> wanted = _ -> log.add("wanted");
            task.onDone(unwanted);
            task.onDone(wanted);
            task.onDone(unwanted);

            assertThat(task.removeOnDone(unwanted)).isEqualTo(2);
            assertThat(task.removeOnDone(unwanted)).isZero();
            task.await();
            pass();
            assertThat(task.removeOnDone(wanted)).isZero();
        });

        assertThat(log).containsExactly("wanted");
    }

    @Test
    void equalCallbacksAreTakenBackTogether() {
        var promise = new Promise<Integer>("post");
        promise.onDone(new Named("a"));
        promise.onDone(new Named("b"));
        promise.onDone(new Named("a"));

        assertThat(promise.removeOnDone(new Named("a"))).isEqualTo(2);
        assertThat(promise).hasToString("<Promise pending name='post' cb=[b]>");
    }

    @Test
    void takingBackSurvivesAnEqualsThatTakesBackToo() {
        var promise = new Promise<Integer>("post");
        var plain = new Named("plain");
        promise.onDone(plain);
        promise.onDone(new Consumer<>() {
            @Override
            public boolean equals(Object other) {
                if (log.isEmpty()) {
                    log.add("compared");
                    promise.removeOnDone(plain);
                }
                return false;
            }

            @Override
            public int hashCode() {
                return 0;
            }

            @Override
            public void accept(Task<Integer> task) {
                log.add("called");
            }
        });

        assertThat(promise.removeOnDone(new Named("absent"))).isZero();
        promise.complete(1);

        assertThat(log).containsExactly("compared", "called");
    }

    @Test
    void callbackMayTakeOthersBackThatAlreadyHaveTheirTurn() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("post");
            Consumer<Task<Integer>> second = _ -> log.add("second");
            promise.onDone(_ -> log.add("first, removed " + promise.removeOnDone(second)));
            promise.onDone(second);
            promise.complete(1);
            pass();
        });

        assertThat(log).containsExactly("first, removed 0", "second");
    }

    @Test
    void callbackRegisteredByACallbackHasALaterTurn() throws Exception {
        time.run(() -> {
            var promise = new Promise<Integer>("post");
            promise.onDone(_ -> {
                promise.onDone(_ -> log.add("late"));
                log.add("registered");
            });
            promise.onDone(_ -> log.add("second"));
            promise.complete(1);
            pass();
            pass();
        });

        assertThat(log).containsExactly("registered", "second", "late");
    }

    @Test
    void callbackThatThrowsIsLoggedAndTheNextOneIsCalled() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                var task = spawn("work", () -> 1);
                task.onDone(_ -> {
                    throw new IllegalStateException("broken callback");
                });
                task.onDone(_ -> log.add("next"));
                task.await();
                pass();
            });

            assertThat(log).containsExactly("next");
            assertThat(logged.messages()).hasSize(1);
        }
    }

    private record Named(String name) implements Consumer<Task<Integer>> {
        @Override
        public void accept(Task<Integer> task) {}

        @Override
        public String toString() {
            return name;
        }
    }

    private static int number(Task<?> task) {
        return Integer.parseInt(task.name().substring("Task-".length()));
    }

    private static int failWith(Exception failure) throws Exception {
        throw failure;
    }
}
