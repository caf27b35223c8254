package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.simul.sync.Lock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchdogTest {

    @Test
    void aTaskThatHoldsItsLoopIsReportedOnceWithItsStack() throws Exception {
        try (var log = new LoggedMessages();
                var loop = watchedLoop()) {
            loop.run(() -> {
                spawn("greedy", () -> spinUntil(() -> !held(log).isEmpty())).await();
                return 1;
            });

            assertThat(held(log))
                    .singleElement()
                    .asString()
                    .matches("task greedy has held loop \\d+ for [\\d.]+ m?s without.*");
            assertThat(log.errors().getFirst().getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .contains("spinUntil");
        }
    }

    @Test
    void aCallbackThatHoldsItsLoopIsReported() throws Exception {
        try (var log = new LoggedMessages();
                var loop = watchedLoop()) {
            loop.callSoon(() -> spinUntil(() -> !held(log).isEmpty()));
            loop.run(() -> {
                sleep(Duration.ZERO);
                return 1;
            });

            assertThat(held(log)).singleElement().asString().startsWith("a callback has held loop");
        }
    }

    @Test
    void withTheOwnSchedulerACallOfTheJdkHoldsItsCoroutineOnly() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.OWN, "the default scheduler cannot see who is blocked");
        try (var log = new LoggedMessages();
                var loop = watchedLoop()) {
            var over = new CountDownLatch(1);
            loop.run(() -> {
                var blocked = spawn("blocked", () -> over.await());
                sleep(Duration.ZERO);
                spawn("greedy", () -> spinUntil(() -> !held(log).isEmpty())).await();
                over.countDown();
                blocked.await();
                return 1;
            });

            assertThat(held(log)).singleElement().asString().startsWith("task greedy ");
        }
    }

    @Test
    void withTheDefaultSchedulerACallOfTheJdkHoldsTheLoop() throws Exception {
        assumeTrue(Scheduler.current() == Scheduler.DEFAULT, "the own scheduler parks the coroutine alone");
        try (var log = new LoggedMessages();
                var loop = watchedLoop()) {
            var over = new CountDownLatch(1);
            var releaser = Thread.ofPlatform().start(() -> {
                spinUntil(() -> !held(log).isEmpty());
                over.countDown();
            });
            loop.run(() -> {
                spawn("blocked", () -> over.await()).await();
                return 1;
            });
            releaser.join();

            assertThat(held(log))
                    .singleElement()
                    .asString()
                    .startsWith("task blocked ")
                    .contains("own scheduler");
            assertThat(log.errors().getFirst().getStackTrace())
                    .extracting(StackTraceElement::getMethodName)
                    .contains("await");
        }
    }

    @Test
    void tasksThatWaitForEachOthersLocksAreReportedOnce() throws Exception {
        try (var log = new LoggedMessages();
                var loop = watchedLoop()) {
            loop.run(() -> {
                var left = new Lock();
                var right = new Lock();
                var plato = spawn("Plato", () -> takeBoth(left, right));
                var kant = spawn("Kant", () -> takeBoth(right, left));
                var found = Promise.<Integer>outside("the report");
                var observer = Thread.ofPlatform().start(() -> {
                    spinUntil(() -> !deadlocks(log).isEmpty());
                    found.complete(1);
                });
                found.await();
                observer.join();
                plato.cancel();
                kant.cancel();
                return 1;
            });

            assertThat(deadlocks(log))
                    .singleElement()
                    .asString()
                    .startsWith("deadlock: Plato waits for Lock")
                    .contains("Kant waits for Lock")
                    .endsWith("; none of them can go on");
        }
    }

    private static EventLoop watchedLoop() {
        var loop = EventLoop.open();
        loop.slowStep(Duration.ofMillis(40));
        return loop;
    }

    private static List<String> held(LoggedMessages log) {
        return log.messages().stream()
                .filter(line -> line.contains("has held loop"))
                .toList();
    }

    private static List<String> deadlocks(LoggedMessages log) {
        return log.messages().stream()
                .filter(line -> line.startsWith("deadlock"))
                .toList();
    }

    private static void spinUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    private static int takeBoth(Lock first, Lock second) {
        try (var _ = first.hold()) {
            sleep(Duration.ofMillis(1));
            second.acquire();
            return 1;
        }
    }
}
