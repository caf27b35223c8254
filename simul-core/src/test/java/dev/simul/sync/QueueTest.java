package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Async;
import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class QueueTest {

    private final VirtualTime time = new VirtualTime();
    private final List<Object> log = new ArrayList<>();

    private static List<Integer> throughput(Queue<Integer> queue, int... items) {
        List<Integer> out = new ArrayList<>();
        for (int item : items) {
            queue.put(item);
        }
        while (!queue.isEmpty()) {
            out.add(queue.get());
        }
        return out;
    }

    @Test
    void itemsComeOutInTheOrderOfTheKindOfQueue() throws Exception {
        time.run(() -> {
            assertThat(throughput(new Queue<>(), 1, 3, 2)).containsExactly(1, 3, 2);
            assertThat(throughput(Queue.lifo(0), 1, 3, 2)).containsExactly(2, 3, 1);
            assertThat(throughput(Queue.priority(0), 1, 3, 2)).containsExactly(1, 2, 3);
            assertThat(throughput(Queue.priority(Comparator.<Integer>reverseOrder(), 0), 1, 3, 2))
                    .containsExactly(3, 2, 1);
        });
    }

    @Test
    void capacityOfZeroOrLessIsNoLimit() throws Exception {
        time.run(() -> {
            for (int capacity : List.of(0, -1)) {
                var queue = new Queue<Integer>(capacity);
                for (int i = 0; i < 1000; i++) {
                    queue.put(i);
                }
                assertThat(queue.isFull()).isFalse();
                assertThat(queue.capacity()).isZero();
            }
        });
    }

    @Test
    void fullQueueMakesThePutterWaitUntilSomebodyGets() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            queue.put(1);
            var putter = spawn(() -> queue.put(2));
            pass();
            assertThat(putter.isDone()).isFalse();
            assertThat(queue.tryPut(3)).isFalse();

            assertThat(queue.get()).isEqualTo(1);
            await(putter);
            assertThat(queue.tryGet()).isEqualTo(2);
            assertThat(queue.tryGet()).isNull();
        });
    }

    @Test
    void emptyQueueMakesTheGetterWaitUntilSomebodyPuts() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            var getter = spawn(queue::get);
            sleepMillis(10);
            queue.put(1);

            assertThat(getter.await()).isEqualTo(1);
            assertThat(time.elapsedMillis()).isEqualTo(10);
        });
    }

    @Test
    void gettersAndPuttersAreServedInTheOrderOfAsking() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            List<Task<Integer>> getters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                getters.add(spawn(queue::get));
            }
            pass();
            List<Task<?>> putters = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                int item = i;
                putters.add(spawn(() -> queue.put(item)));
            }
            for (int i = 0; i < 3; i++) {
                assertThat(getters.get(i).await()).isEqualTo(i);
            }
            assertThat(putters).allMatch(Task::isDone);
        });
    }

    @Test
    void whatNeedsNoWaitingDoesNotLetOthersRun() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            spawn(() -> log.add("other"));
            queue.put(1);
            queue.get();

            assertThat(log).isEmpty();
        });
    }

    @Test
    void itemGoesToTheSecondGetterIfTheFirstIsCancelled() throws Exception {
        time.run(() -> {
            var queue = new Queue<String>();
            var first = spawn(queue::get);
            var second = spawn(queue::get);
            pass();
            first.cancel();
            pass();
            queue.put("a");

            assertThat(second.await()).isEqualTo("a");
        });
    }

    @Test
    void getterThatIsWokenThenCancelledLosesNoItem() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            var reader = spawn(queue::get);
            pass();
            queue.put(1);
            reader.cancel();
            assertThatThrownBy(reader::await).isInstanceOf(CancelledError.class);

            var next = spawn(queue::get);
            var putter = spawn(() -> queue.put(2));
            assertThat(next.await()).isEqualTo(1);
            await(putter);
            assertThat(queue.get()).isEqualTo(2);
        });
    }

    @Test
    void getterThatIsWokenThenCancelledWakesTheNext() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            var first = spawn(queue::get);
            var second = spawn(queue::get);
            pass();
            queue.put(1);
            first.cancel();

            assertThat(second.await()).isEqualTo(1);
        });
    }

    @Test
    void putterThatIsWokenThenCancelledHasPutNothing() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            queue.put(1);
            var writer = spawn(() -> queue.put(2));
            pass();
            assertThat(queue.get()).isEqualTo(1);
            writer.cancel();
            assertThatThrownBy(writer::await).isInstanceOf(CancelledError.class);

            assertThat(queue.isEmpty()).isTrue();
            queue.put(3);
            assertThat(queue.get()).isEqualTo(3);
        });
    }

    @Test
    void putterThatIsWokenThenCancelledWakesTheNext() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            queue.put(1);
            var first = spawn(() -> queue.put(2));
            var second = spawn(() -> queue.put(3));
            pass();
            queue.get();
            first.cancel();
            await(second);

            assertThat(queue.get()).isEqualTo(3);
        });
    }

    @Test
    void cancelledPutterDoesNotDisturbTheOneBeforeIt() throws Exception {
        time.run(() -> {
            var queue = new Queue<String>(1);
            queue.put("a");
            var second = spawn(() -> queue.put("b"));
            pass();
            var third = spawn(() -> queue.put("c"));
            pass();
            third.cancel();
            pass();

            assertThat(queue.get()).isEqualTo("a");
            assertThat(queue.get()).isEqualTo("b");
            await(second);
        });
    }

    @Test
    void timedOutWaitersAreNotKept() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> Async.timeout(Duration.ofMillis(100), queue::get))
                        .isInstanceOf(TimeoutException.class);
            }
            assertThat(queue.statistics().getting()).isZero();
            queue.put(1);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> Async.timeout(Duration.ofMillis(100), () -> queue.put(2)))
                        .isInstanceOf(TimeoutException.class);
            }

            assertThat(queue.statistics()).isEqualTo(new Queue.Statistics(1, 1, 1, 0, 0));
        });
    }

    @Test
    void newcomerThatNeedsNoWaitingMayComeBeforeAWokenWaiter() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            var getter = spawn(queue::get);
            pass();
            queue.put(1);
            assertThat(queue.tryGet()).isEqualTo(1);
            pass();
            assertThat(getter.isDone()).isFalse();

            queue.put(2);
            assertThat(getter.await()).isEqualTo(2);
        });
    }

    @Test
    void callbackOfTheLoopPutsWithoutWaiting() throws Exception {
        time.run(() -> {
            var queue = new Queue<String>(1);
            var getter = spawn(queue::get);
            pass();
            var task = spawn(() -> "result");
            task.onDone(ended -> log.add(queue.tryPut(ended.name()) && !queue.tryPut("no room")));

            assertThat(getter.await()).isEqualTo(task.name());
            assertThat(log).containsExactly(true);
        });
    }

    @Test
    void joinWaitsForTheWorkOfTwoWorkers() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            int[] sum = {0};
            for (int worker = 0; worker < 2; worker++) {
                spawn(() -> {
                    while (true) {
                        int item = queue.get();
                        sleepMillis(item % 7);
                        sum[0] += item;
                        queue.taskDone();
                    }
                });
            }
            for (int i = 0; i < 100; i++) {
                queue.put(i);
            }
            queue.join();

            assertThat(sum[0]).isEqualTo(99 * 100 / 2);
        });
    }

    @Test
    void joinOfAnEmptyQueueReturnsAtOnceEachTime() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            queue.join();
            queue.join();
            queue.put(1);
            queue.get();
            queue.taskDone();
            queue.join();

            assertThat(queue.statistics().unfinished()).isZero();
        });
    }

    @Test
    void moreTasksDoneThanPutIsRefused() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            assertThatThrownBy(queue::taskDone)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("taskDone() was called more often than items were put in");
        });
    }

    @Test
    void shutDownOfAnEmptyQueueEndsWaitingGettersAndRefusesAll() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            var getter = spawn(queue::get);
            pass();
            queue.shutdown();

            assertThatThrownBy(getter::await).isInstanceOf(QueueShutDownException.class);
            queue.join();
            assertThatThrownBy(() -> queue.put(1)).isInstanceOf(QueueShutDownException.class);
            assertThatThrownBy(() -> queue.tryPut(1)).isInstanceOf(QueueShutDownException.class);
            assertThatThrownBy(queue::get).isInstanceOf(QueueShutDownException.class);
            assertThatThrownBy(queue::tryGet).isInstanceOf(QueueShutDownException.class);
            queue.shutdown();
            assertThat(queue.isShutDown()).isTrue();
        });
    }

    @Test
    void shutDownOfAFullQueueEndsPuttersButLeavesTheItems() throws Exception {
        time.run(() -> {
            var queue = new Queue<String>(1);
            queue.put("a");
            var putter = spawn(() -> queue.put("b"));
            var joiner = spawn(queue::join);
            pass();
            queue.shutdown();
            assertThatThrownBy(putter::await).isInstanceOf(QueueShutDownException.class);

            assertThat(queue.get()).isEqualTo("a");
            assertThatThrownBy(queue::get).isInstanceOf(QueueShutDownException.class);
            pass();
            assertThat(joiner.isDone()).isFalse();
            queue.taskDone();
            await(joiner);
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void immediateShutDownDropsTheItemsAndEndsJoiners() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            queue.put(1);
            queue.put(2);
            var joiner = spawn(queue::join);
            pass();
            queue.shutdownNow();
            await(joiner);

            assertThat(queue.isEmpty()).isTrue();
            assertThatThrownBy(queue::tryGet).isInstanceOf(QueueShutDownException.class);
            assertThatThrownBy(queue::taskDone).isInstanceOf(IllegalStateException.class);
        });
    }

    @Test
    void immediateShutDownWaitsForWhatWasTakenOutAlready() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            queue.put(1);
            queue.put(2);
            queue.get();
            var joiner = spawn(queue::join);
            pass();
            queue.shutdownNow();
            pass();
            assertThat(joiner.isDone()).isFalse();

            queue.taskDone();
            await(joiner);
        });
    }

    @Test
    void shutDownNowAfterShutDownDropsWhatIsLeft() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>();
            queue.put(1);
            queue.shutdown();
            queue.shutdownNow();

            assertThat(queue.isEmpty()).isTrue();
            queue.join();
        });
    }

    @Test
    void itMayBeFilledBeforeItsLoopRunsAndLookedAtAfterwards() throws Exception {
        var queue = new Queue<Integer>();
        queue.tryPut(1);
        queue.tryPut(2);

        time.run(() -> assertThat(queue.get()).isEqualTo(1));
        assertThat(queue.tryGet()).isEqualTo(2);
    }

    @Test
    @SuppressWarnings("NullAway") // on purpose
    void nullIsRefused() throws Exception {
        time.run(() -> assertThatThrownBy(() -> new Queue<String>().put(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("takes no null"));
    }

    @Test
    void textSaysWhatIsInItAndWhoWaits() throws Exception {
        time.run(() -> {
            var queue = new Queue<Integer>(1);
            queue.put(1);
            var putter = spawn(() -> queue.put(2));
            pass();
            assertThat(queue).hasToString("Queue[1 of 1 items, 1 putting]");
            assertThat(new Queue<Integer>()).hasToString("Queue[0 items]");
            queue.shutdown();
            assertThatThrownBy(putter::await).isInstanceOf(QueueShutDownException.class);
            assertThat(queue).hasToString("Queue[1 of 1 items, shut down]");
        });
    }

    @Test
    void waitingOutsideOfALoopIsRefusedWithTheWayOut() {
        assertThatThrownBy(() -> new Queue<Integer>().get())
                .hasMessageContaining("or use java.util.concurrent.BlockingQueue");
    }
}
