package dev.simul;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Coroutines called from ordinary threads (anyio's BlockingPortal). */
class BlockingPortalTest {

    private final List<Object> log = new CopyOnWriteArrayList<>();

    @Test
    void threadCallsCoroutinesOfALoopOnAThreadOfItsOwn() throws Exception {
        var failure = new IOException("over there");
        try (var portal = BlockingPortal.start()) {
            var thread = portal.call(() -> {
                sleep(Duration.ofMillis(1));
                return Async.currentLoop();
            });
            assertThat(thread).isSameAs(portal.loop());
            assertThatThrownBy(() -> portal.call(() -> {
                        throw failure;
                    }))
                    .isSameAs(failure);
            assertThat(portal.startTaskSoon(() -> 42).await()).isEqualTo(42);
        }
    }

    @Test
    void manyThreadsCallAtTheSameTime() throws Exception {
        try (var portal = BlockingPortal.start();
                var threads = Executors.newFixedThreadPool(4)) {
            var calls = new java.util.ArrayList<java.util.concurrent.Future<Integer>>();
            for (int i = 0; i < 100; i++) {
                int number = i;
                calls.add(threads.submit(() -> portal.call(() -> {
                    sleep(Duration.ZERO);
                    return number;
                })));
            }
            int sum = 0;
            for (var call : calls) {
                sum += call.get();
            }
            assertThat(sum).isEqualTo(4950);
        }
    }

    @Test
    void closeWaitsForWhatStillRuns() {
        try (var portal = BlockingPortal.start()) {
            portal.startTaskSoon(() -> {
                sleep(Duration.ofMillis(5));
                log.add("done");
            });
        }
        assertThat(log).containsExactly("done");
    }

    @Test
    void stopMayCancelWhatStillRuns() throws Exception {
        try (var portal = BlockingPortal.start()) {
            var begun = new Promise<Integer>("begun");
            var task = portal.startTaskSoon(() -> {
                begun.complete(1);
                sleep(Duration.ofHours(1));
            });
            begun.await();
            portal.stop(true);
            assertThatThrownBy(task::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("the portal is stopped");
        }
    }

    @Test
    void stoppedPortalTakesNoMoreCalls() {
        var portal = BlockingPortal.start();
        portal.close();
        portal.close();

        assertThatThrownBy(() -> portal.call(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("this portal is stopped: start another");
        assertThatThrownBy(() -> portal.startTaskSoon(() -> 1)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void callInThePortalsOwnLoopIsRefused() throws Exception {
        try (var portal = BlockingPortal.start()) {
            portal.call(() -> assertThatThrownBy(() -> portal.call(() -> 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("call(…) in the portal's own loop would wait for itself: call the work itself"));
        }
    }

    @Test
    void interruptedCallerCancelsItsCoroutineAndWaitsForIt() throws Exception {
        try (var portal = BlockingPortal.start()) {
            var begun = new CountDownLatch(1);
            var call = new FutureTask<>(() -> {
                try {
                    portal.call(() -> {
                        begun.countDown();
                        try {
                            sleep(Duration.ofHours(1));
                        } finally {
                            sleep(Duration.ofMillis(1));
                            log.add("cleaned up");
                        }
                    });
                    return "returned";
                } catch (InterruptedException e) {
                    log.add("interrupted");
                    return "interrupted";
                }
            });
            var caller = Thread.ofPlatform().start(call);
            begun.await();
            caller.interrupt();

            assertThat(call.get()).isEqualTo("interrupted");
            assertThat(log).containsExactly("cleaned up", "interrupted");
        }
    }

    @Test
    void cancelledTaskIsTheJdksCancellationForTheCaller() throws Exception {
        try (var portal = BlockingPortal.start()) {
            assertThatThrownBy(() -> portal.call(() -> {
                        java.util.Objects.requireNonNull(Async.currentTask()).cancel("by itself");
                        sleep(Duration.ZERO);
                    }))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("by itself");
        }
    }

    @Test
    void failureOfATaskThatNobodyLooksAtIsReported() {
        try (var logged = new LoggedMessages()) {
            try (var portal = BlockingPortal.start()) {
                portal.startTaskSoon(() -> {
                    throw new IOException("lonely");
                });
            }
            assertThat(logged.messages()).singleElement().asString().endsWith("failed and nobody looked");
        }
    }

    @Test
    void portalIntoTheLoopInWhichItIsOpenedServesThreadsThatTheCoroutineStarts() throws Exception {
        run(() -> {
            var loop = Async.currentLoop();
            try (var portal = BlockingPortal.open()) {
                var answer = Promise.<EventLoop>outside("the thread's answer");
                Thread.ofPlatform().start(() -> {
                    try {
                        answer.complete(portal.call(() -> Async.currentLoop()));
                    } catch (Exception e) {
                        answer.fail(e);
                    }
                });
                assertThat(answer.await()).isSameAs(loop);
                portal.startTaskSoon(() -> {
                    sleep(Duration.ofMillis(1));
                    log.add("done");
                });
            }
            assertThat(log).containsExactly("done");
        });
    }

    @Test
    void whoSleepsUntilThePortalIsStoppedDoesNotStopItWhenCancelled() throws Exception {
        run(() -> {
            try (var portal = BlockingPortal.open()) {
                var sleeper = Async.spawn(portal::sleepUntilStopped);
                var other = Async.spawn(portal::sleepUntilStopped);
                sleep(Duration.ZERO);
                sleeper.cancel();
                assertThatThrownBy(sleeper::await).isInstanceOf(CancelledError.class);
                assertThat(portal.startTaskSoon(() -> 42).await()).isEqualTo(42);
                portal.stop();
                other.await();
            }
        });
    }

    @Test
    void coroutineOfAnotherLoopCallsAndPassesItsCancellationOn() throws Exception {
        try (var portal = BlockingPortal.start()) {
            run(() -> {
                var begun = Promise.<Integer>outside("begun");
                var caller = Async.spawn(() -> portal.call(() -> {
                    begun.complete(1);
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        log.add("cleaned up");
                    }
                }));
                begun.await();
                caller.cancel("from afar");
                assertThatThrownBy(caller::await)
                        .isInstanceOf(CancelledError.class)
                        .hasMessage("from afar");
                assertThat(log).containsExactly("cleaned up");
            });
        }
    }
}
