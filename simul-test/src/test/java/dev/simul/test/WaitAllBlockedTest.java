package dev.simul.test;

import static dev.simul.Async.on;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.test.TestLoop.clock;
import static dev.simul.test.TestLoop.waitAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.simul.EventLoop;
import dev.simul.Instrument;
import dev.simul.Promise;
import dev.simul.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WaitAllBlockedTest {

    private final List<String> log = new ArrayList<>();

    @AsyncTest
    void returnsWhenTheOthersHaveComeToTheirWaits() throws Exception {
        var gate = new Promise<Integer>("the gate");
        var busy = spawn(() -> {
            for (int i = 0; i < 10; i++) {
                log.add("busy");
                sleep(Duration.ZERO);
            }
            return gate.await();
        });

        waitAllBlocked();

        assertThat(log).hasSize(10);
        gate.complete(1);
        busy.await();
    }

    @AsyncTest
    void seesCallbacksThatWakeCoroutines() throws Exception {
        var first = new Promise<Integer>("first");
        var second = new Promise<Integer>("second");
        first.onDone(_ -> second.complete(2));
        var waiter = spawn(() -> log.add("woken by " + second.await()));
        waitAllBlocked();
        first.complete(1);

        waitAllBlocked();

        assertThat(log).containsExactly("woken by 2");
        waiter.await();
    }

    @AsyncTest
    void clockDoesNotJumpBeforeItReturns() throws Exception {
        var sleeper = spawn(() -> sleep(Duration.ofSeconds(5)));

        waitAllBlocked();

        assertThat(clock().elapsed()).isZero();
        assertThat(sleeper.isDone()).isFalse();
        sleeper.await();
    }

    @AsyncTest
    void cushionLetsTheTimersFireThatAreDueBeforeItEnds() throws Exception {
        var sleeper = spawn(() -> {
            for (int i = 0; i < 3; i++) {
                sleep(Duration.ofSeconds(2));
                log.add("awake");
            }
            sleep(Duration.ofSeconds(10));
        });

        waitAllBlocked(Duration.ofSeconds(5));

        assertThat(log).hasSize(3);
        assertThat(clock().elapsed()).isEqualTo(Duration.ofSeconds(6 + 5));
        sleeper.await();
    }

    @AsyncTest
    void shorterCushionsComeFirstAndEqualOnesTogether() throws Exception {
        List<Task<?>> waiters = new ArrayList<>();
        for (int seconds : List.of(3, 1, 3, 2)) {
            waiters.add(spawn(() -> {
                waitAllBlocked(Duration.ofSeconds(seconds));
                log.add(seconds + " after " + clock().elapsed().toSeconds());
            }));
        }
        for (var waiter : waiters) {
            waiter.await();
        }

        assertThat(log).containsExactly("1 after 1", "2 after 3", "3 after 6", "3 after 6");
    }

    @AsyncTest
    void cancelledOneIsForgotten() throws Exception {
        var waiter = spawn(() -> waitAllBlocked(Duration.ofSeconds(1)));
        sleep(Duration.ZERO);
        waiter.cancel();
        sleep(Duration.ofMinutes(1));

        assertThat(waiter.state()).isEqualTo(Task.State.CANCELLED);
    }

    @AsyncTest
    void workOutsideOfTheLoopCountsAsWaiting() throws Exception {
        var end = new CountDownLatch(1);
        try (var executor = Executors.newSingleThreadExecutor()) {
            var outside = on(executor, () -> end.await());
            waitAllBlocked();
            assertThat(outside.isDone()).isFalse();
            end.countDown();
            outside.await();
        }
    }

    @Interleavings(seeds = 100)
    void holdsUnderEverySchedule() throws Exception {
        var gate = new Promise<Integer>("the gate");
        var busy = spawn(() -> {
            sleep(Duration.ZERO);
            sleep(Duration.ZERO);
            log.add("ready");
            return gate.await();
        });
        waitAllBlocked();
        assertThat(log).containsExactly("ready");
        gate.complete(1);
        busy.await();
    }

    @Test
    void onTheWallClockTheCushionIsRealTime() throws Exception {
        run(() -> {
            var loop = Objects.requireNonNull(EventLoop.current());
            var sleeper = spawn(() -> {
                sleep(Duration.ofMillis(3));
                log.add("awake");
                sleep(Duration.ofDays(1));
            });
            waitAllBlocked(Duration.ofMillis(40));
            assertThat(log).containsExactly("awake");
            assertThat(loop.tasks()).contains(sleeper);
        });
    }

    @Test
    void aWaitThatReturnsForNoReasonIsTakenUpAgain() throws Exception {
        run(() -> {
            var loop = Objects.requireNonNull(EventLoop.current());
            var once = new AtomicBoolean();
            loop.addInstrument(new Instrument() {
                @Override
                public void beforeWait(Duration atMost) {
                    if (once.compareAndSet(false, true)) {
                        LockSupport.unpark(Thread.currentThread()); // the park that follows returns at once
                    }
                }
            });
            spawn(() -> sleep(Duration.ofDays(1)));
            waitAllBlocked(Duration.ofMillis(20));
            assertThat(once).isTrue();
        });
    }

    @Test
    void needsALoop() {
        assertThatIllegalStateException().isThrownBy(TestLoop::waitAllBlocked).withMessageContaining("running loop");
    }
}
