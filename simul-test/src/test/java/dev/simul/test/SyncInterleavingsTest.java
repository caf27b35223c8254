package dev.simul.test;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.test.TestLoop.cancelSometime;
import static dev.simul.test.TestLoop.waitAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.sync.Barrier;
import dev.simul.sync.BoundedSemaphore;
import dev.simul.sync.CapacityLimiter;
import dev.simul.sync.Condition;
import dev.simul.sync.Event;
import dev.simul.sync.Lock;
import dev.simul.sync.ParkingLot;
import dev.simul.sync.Semaphore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.TimeoutException;

/** What waits and lets go in {@code dev.simul.sync}, under schedules that cancel and let time-outs fire anywhere. */
class SyncInterleavingsTest {

    private final List<Task<?>> tasks = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<String> got = new ArrayList<>();
    private int inside;
    private int most;

    @Interleavings
    void lockExcludesAndIsTakenInTheOrderOfAskingAlsoIfOneIsCancelled() {
        var lock = new Lock();
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                asked.add(name);
                try (var _ = lock.hold()) {
                    got.add(name);
                    work();
                }
            }));
        }
        cancelSometime(tasks.get(0), tasks.get(1));
        joinAll();

        assertThat(most).isEqualTo(1);
        assertThat(lock.isLocked()).isFalse();
        assertThat(got)
                .containsExactlyElementsOf(asked.stream().filter(got::contains).toList());
        assertThat(got).contains("c");
    }

    @Interleavings
    void lockIsNotLostBetweenATimeOutAndARelease() {
        var lock = new Lock();
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                try {
                    timeout(Duration.ofMillis(15), lock::acquire);
                } catch (TimeoutException e) {
                    return;
                }
                try {
                    sleep(Duration.ofMillis(10));
                } finally {
                    lock.release();
                }
            }));
        }
        joinAll();

        assertThat(lock.isLocked()).isFalse();
        assertThat(lock.tryAcquire()).isTrue();
    }

    @Interleavings
    void ownedLockBelongsToItsHolder() {
        var lock = Lock.owned();
        for (var name : List.of("a", "b")) {
            tasks.add(spawn(name, () -> {
                try (var _ = lock.hold()) {
                    assertThat(holder(lock)).isEqualTo(name);
                    work();
                    assertThat(holder(lock)).isEqualTo(name);
                }
            }));
        }
        cancelSometime(tasks.get(0));
        joinAll();

        assertThat(most).isBetween(0, 1);
        assertThat(lock.holder()).isNull();
    }

    @Interleavings
    void semaphoreAdmitsNoMoreThanItsPermitsAndGetsThemBack() {
        var semaphore = new Semaphore(2);
        for (var name : List.of("a", "b", "c", "d")) {
            tasks.add(spawn(name, () -> {
                try (var _ = semaphore.hold()) {
                    work();
                }
            }));
        }
        cancelSometime(tasks.get(0), tasks.get(1), tasks.get(2));
        joinAll();

        assertThat(most).isBetween(1, 2);
        assertThat(semaphore.permits()).isEqualTo(2);
        assertThat(semaphore.isLocked()).isFalse();
    }

    @Interleavings
    void semaphoreWithOnePermitIsTakenInTheOrderOfAsking() {
        var semaphore = new BoundedSemaphore(1);
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                asked.add(name);
                try (var _ = semaphore.hold()) {
                    got.add(name);
                    work();
                }
            }));
        }
        cancelSometime(tasks.get(1));
        joinAll();

        assertThat(most).isEqualTo(1);
        assertThat(semaphore.permits()).isEqualTo(1);
        assertThat(got)
                .containsExactlyElementsOf(asked.stream().filter(got::contains).toList());
        assertThat(got).contains("a", "c");
    }

    @Interleavings
    void permitsReleasedTogetherWakeAsManyWaitersAlsoIfOneIsCancelled() throws Exception {
        var semaphore = new Semaphore(0);
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                semaphore.acquire();
                got.add(name);
            }));
        }
        cancelSometime(tasks.get(0));
        waitAllBlocked();
        semaphore.release();
        semaphore.release();
        waitAllBlocked();

        assertThat(got.size() + semaphore.permits()).isEqualTo(2);
        assertThat(semaphore.permits() == 0 || semaphore.statistics().waiting() == 0)
                .as("a permit and somebody who waits for it")
                .isTrue();
        tasks.forEach(Task::cancel);
        joinAll();
    }

    @Interleavings
    void eventWakesAllWhoWaitWhenItIsSetAlsoIfItIsClearedAtOnce() {
        var event = new Event();
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                event.await();
                got.add(name);
            }));
        }
        waitAllBlocked();
        cancelSometime(tasks.get(1));
        event.set();
        event.clear();
        joinAll();

        assertThat(got).contains("a", "c");
        assertThat(event.statistics().waiting()).isZero();
    }

    @Interleavings
    void signalOfAConditionIsPassedOnByACancelledWaiter() {
        var condition = new Condition();
        List<String> items = new ArrayList<>();
        for (var name : List.of("a", "b")) {
            tasks.add(spawn(name, () -> {
                try (var _ = condition.hold()) {
                    condition.awaitFor(() -> !items.isEmpty());
                    got.add(items.removeFirst());
                }
            }));
        }
        cancelSometime(tasks.get(0));
        waitAllBlocked();
        try (var _ = condition.hold()) {
            items.add("item");
            condition.signal();
        }
        waitAllBlocked();

        assertThat(got).containsExactly("item");
        tasks.forEach(Task::cancel);
        joinAll();
        assertThat(condition.isLocked()).isFalse();
    }

    @Interleavings
    void conditionHoldsItsLockWheneverAWaiterGoesOnAlsoIfItWasCancelled() {
        var condition = new Condition();
        for (var name : List.of("a", "b")) {
            tasks.add(spawn(name, () -> {
                try (var _ = condition.hold()) {
                    try {
                        condition.await();
                    } finally {
                        inside++;
                        most = Math.max(most, inside);
                        assertThat(condition.isLocked()).isTrue();
                        inside--;
                    }
                }
            }));
        }
        cancelSometime(tasks.get(1));
        tasks.add(spawn("signals", () -> {
            while (condition.statistics().waiting() > 0
                    || !tasks.get(0).isDone()
                    || !tasks.get(1).isDone()) {
                try (var _ = condition.hold()) {
                    condition.signalAll();
                }
                sleep(Duration.ofSeconds(1));
            }
        }));
        joinAll();

        assertThat(condition.isLocked()).isFalse();
    }

    @Interleavings
    void barrierLetsPartiesPassTogetherAndACancelledOneLeaves() throws Exception {
        var barrier = new Barrier(2);
        Set<Integer> numbers = new HashSet<>();
        int[] broken = {0};
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                try {
                    numbers.add(barrier.await());
                } catch (BrokenBarrierException e) {
                    broken[0]++;
                }
            }));
        }
        cancelSometime(tasks.get(0));
        waitAllBlocked();
        assertThat(barrier.waiting()).isLessThan(2);
        barrier.abort();
        joinAll();

        assertThat(numbers).isNotEmpty().isSubsetOf(0, 1);
        assertThat(broken[0]).isLessThan(2);
    }

    @Interleavings
    void limiterLendsNoMoreThanItHasAndGetsItBack() {
        var limiter = new CapacityLimiter(1);
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                asked.add(name);
                try (var _ = limiter.hold()) {
                    got.add(name);
                    work();
                }
            }));
        }
        cancelSometime(tasks.get(0), tasks.get(1));
        joinAll();

        assertThat(most).isEqualTo(1);
        assertThat(limiter.availableTokens()).isEqualTo(1);
        assertThat(limiter.statistics().waiting()).isZero();
        assertThat(got).contains("c");
    }

    @Interleavings
    void limiterThatGrowsLetsWaitersIn() {
        var limiter = new CapacityLimiter(1);
        for (var name : List.of("a", "b", "c")) {
            tasks.add(spawn(name, () -> {
                try (var _ = limiter.hold()) {
                    work();
                }
            }));
        }
        cancelSometime(tasks.get(2));
        limiter.totalTokens(2);
        joinAll();

        assertThat(most).isBetween(1, 2);
        assertThat(limiter.borrowedTokens()).isZero();
    }

    @Interleavings
    void whoIsUnparkedReturnsAlsoIfCancelledMeanwhile() {
        var lot = new ParkingLot();
        for (var name : List.of("a", "b")) {
            tasks.add(spawn(name, () -> {
                lot.park();
                got.add(name);
            }));
        }
        waitAllBlocked();
        cancelSometime(tasks.get(0));
        sleep(Duration.ZERO);
        int unparked = lot.unparkAll();
        joinAll();

        assertThat(got).hasSize(unparked);
        assertThat(lot.isEmpty()).isTrue();
    }

    private static String holder(Lock lock) {
        var holder = lock.holder();
        return holder == null ? "nobody" : holder.name();
    }

    private void work() {
        inside++;
        most = Math.max(most, inside);
        try {
            sleep(Duration.ofMillis(10));
        } finally {
            inside--;
        }
    }

    private void joinAll() {
        for (var task : tasks) {
            try {
                task.join();
            } catch (CancelledError e) {
                assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
            }
        }
    }
}
