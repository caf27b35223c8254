package dev.simul;

import static dev.simul.Async.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Two threads at the same moment, many times, with small seeded delays. */
class RacesTest {

    private static final int ROUNDS = 3_000;

    private final Random random = new Random(42);

    /** A lost wake-up would leave the loop parked for ever: the test would not end. */
    @Test
    void submitWakesALoopThatIsAboutToPark() throws Exception {
        try (var loop = EventLoop.open()) {
            var stop = new Promise<Integer>("stop");
            var runner = Thread.ofPlatform().start(() -> runUntil(loop, stop));
            for (int i = 0; i < ROUNDS; i++) {
                int number = i;
                assertThat(loop.submit(() -> number).await()).isEqualTo(i);
                spin();
            }
            stop.complete(1);
            runner.join();
        }
    }

    @Test
    void manyThreadsSubmitAtOnceAndNothingIsLost() throws Exception {
        var ran = new AtomicInteger();
        try (var loop = EventLoop.open()) {
            var stop = new Promise<Integer>("stop");
            var runner = Thread.ofPlatform().start(() -> runUntil(loop, stop));
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < ROUNDS; i++) {
                        loop.submit(ran::incrementAndGet);
                    }
                    loop.submit(() -> 0).join();
                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            stop.complete(1);
            runner.join();
        }

        assertThat(ran).hasValue(4 * ROUNDS);
    }

    @Test
    void promiseEndsOnceWhetherCompletedOrCancelledFirst() throws Exception {
        int completed = 0;
        for (int i = 0; i < ROUNDS; i++) {
            var promise = new Promise<Integer>("contested");
            var callbacks = new AtomicInteger();
            var barrier = new CyclicBarrier(2);
            var canceller = Thread.startVirtualThread(() -> {
                meet(barrier);
                promise.cancel();
            });
            promise.onDone(_ -> callbacks.incrementAndGet());
            meet(barrier);
            boolean won = promise.complete(1);
            promise.onDone(_ -> callbacks.incrementAndGet());
            canceller.join();

            assertThat(callbacks).hasValue(2);
            assertThat(promise.state()).isEqualTo(won ? Task.State.DONE : Task.State.CANCELLED);
            completed += won ? 1 : 0;
        }
        assertThat(completed).isBetween(0, ROUNDS);
    }

    /** It runs, is cancelled by the closing loop, or is refused; a task that got lost would never end. */
    @Test
    void taskSubmittedToALoopThatIsClosingEnds() throws Exception {
        for (int i = 0; i < ROUNDS / 3; i++) {
            var loop = EventLoop.open();
            var barrier = new CyclicBarrier(2);
            var submitter = new AtomicReference<Task<Integer>>();
            var thread = Thread.startVirtualThread(() -> {
                meet(barrier);
                spin();
                try {
                    submitter.set(loop.submit(() -> {
                        sleep(Duration.ZERO);
                        return 1;
                    }));
                } catch (RejectedExecutionException e) {
                    submitter.set(new Promise<>("refused"));
                    submitter.get().cancel();
                }
            });
            meet(barrier);
            spin();
            loop.close();
            thread.join();

            var task = submitter.get();
            try {
                assertThat(task.await()).isEqualTo(1);
            } catch (CancellationException e) {
                assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            }
            assertThat(loop.statistics().tasks()).isZero();
        }
    }

    /** Either it was taken back, or it was called; never both, never neither. */
    @Test
    void callbackIsTakenBackOrCalled() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            var promise = new Promise<Integer>("contested");
            var called = new AtomicInteger();
            Consumer<Task<Integer>> contested = _ -> called.incrementAndGet();
            promise.onDone(_ -> {});
            promise.onDone(contested);
            promise.onDone(_ -> {});
            var barrier = new CyclicBarrier(2);
            var completer = Thread.startVirtualThread(() -> {
                meet(barrier);
                promise.complete(1);
            });
            meet(barrier);
            spin();
            int removed = promise.removeOnDone(contested);
            completer.join();

            assertThat(removed + called.get()).isEqualTo(1);
        }
    }

    @Test
    void gatherThatIsCancelledFromAnotherThreadWhileItsPartsEndEndsOnce() throws Exception {
        try (var loop = EventLoop.open()) {
            var stop = new Promise<Integer>("stop");
            var runner = Thread.ofPlatform().start(() -> runUntil(loop, stop));
            for (int i = 0; i < ROUNDS / 3; i++) {
                var parts = List.of(new Promise<Integer>("a"), new Promise<Integer>("b"));
                Task<List<Integer>> all = loop.submit(() -> Async.gather(parts)).await();
                var canceller = Thread.startVirtualThread(() -> all.cancel("from afar"));
                spin();
                parts.forEach(part -> part.complete(1));
                try {
                    assertThat(all.await()).containsExactly(1, 1);
                } catch (CancellationException e) {
                    assertThat(e).hasMessage("from afar");
                }
                canceller.join();
            }
            stop.complete(1);
            runner.join();
        }
    }

    /** Whatever comes first, the waiter is woken exactly once and the loop goes on. */
    @Test
    void coroutineIsWokenWhetherCompletionOrCancellationComesFirst() throws Exception {
        try (var loop = EventLoop.open()) {
            var stop = new Promise<Integer>("stop");
            var runner = Thread.ofPlatform().start(() -> runUntil(loop, stop));
            for (int i = 0; i < ROUNDS / 3; i++) {
                var promise = new Promise<Integer>("contested");
                Task<Integer> waiter = loop.submit(() -> {
                    int value = promise.await();
                    sleep(Duration.ZERO);
                    return value;
                });
                spin();
                var canceller = Thread.startVirtualThread(() -> waiter.cancel());
                spin();
                promise.complete(7);
                try {
                    assertThat(waiter.await()).isEqualTo(7);
                } catch (CancellationException e) {
                    assertThat(waiter.state()).isEqualTo(Task.State.CANCELLED);
                }
                canceller.join();
            }
            stop.complete(1);
            runner.join();
        }
    }

    private void spin() {
        for (int i = random.nextInt(300); i > 0; i--) {
            Thread.onSpinWait();
        }
    }

    private static void runUntil(EventLoop loop, Promise<Integer> stop) {
        try {
            loop.run(() -> stop.await());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
