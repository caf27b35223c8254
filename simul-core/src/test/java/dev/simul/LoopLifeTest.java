package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Runs, stops and the end of a loop (asyncio: Runner, run_forever, run_until_complete, close). */
class LoopLifeTest {

    private final List<Object> log = new ArrayList<>();

    @Test
    void runsShareOneLoop() throws Exception {
        try (var loop = EventLoop.open()) {
            assertThat(loop.isRunning()).isFalse();
            var first = loop.run(() -> Async.currentLoop());
            var second = loop.run(() -> Async.currentLoop());
            loop.run(() -> {
                assertThat(loop.isRunning()).isTrue();
            });

            assertThat(first).isSameAs(second).isSameAs(loop);
            assertThat(EventLoop.current()).isNull();
        }
    }

    @Test
    void stopBeforeMainHasEndedIsAnErrorAndMainGoesOnInTheNextRun() throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            Task<String> main = loop.submit(() -> {
                loop.stop();
                sleep(Duration.ofSeconds(1));
                return "went on";
            });

            assertThatThrownBy(() -> loop.run(main))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the loop was stopped before task " + main.name() + " ended");
            assertThat(main.isDone()).isFalse();

            assertThat(loop.run(main)).isEqualTo("went on");
            assertThat(loop.run(main)).isEqualTo("went on");
        }
    }

    @Test
    void stopInTheIterationInWhichMainEndsIsNoError() throws Exception {
        try (var loop = EventLoop.open()) {
            assertThat(loop.<Integer>run(() -> {
                        loop.stop();
                        return 1;
                    }))
                    .isOne();
            assertThat(loop.<Integer>run(() -> 2)).isEqualTo(2);
        }
    }

    @Test
    void runUntilAPromiseIsKept() throws Exception {
        try (var loop = EventLoop.open()) {
            var promise = new Promise<String>("kept");
            loop.callSoon(() -> promise.complete("kept"));

            assertThat(loop.run(promise)).isEqualTo("kept");
        }
    }

    @Test
    void runOfATaskThatHasEndedGivesItsOutcomeAgain() throws Exception {
        try (var loop = EventLoop.open()) {
            var task = loop.submit(() -> 42);
            var failing = loop.submit(() -> {
                throw new IllegalStateException("once");
            });

            assertThat(loop.run(task)).isEqualTo(42);
            assertThat(loop.run(task)).isEqualTo(42);
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> loop.run(failing)).hasMessage("once");
            }
        }
    }

    @Test
    void failureOfMainLeavesTheOthersToTheEndOfTheLoop() {
        try (var loop = EventLoop.open()) {
            assertThatThrownBy(() -> loop.run(() -> {
                        spawn(() -> {
                            try {
                                sleep(Duration.ofHours(1));
                            } finally {
                                log.add("cleaned up");
                            }
                        });
                        sleep(Duration.ZERO);
                        throw new IllegalStateException("main");
                    }))
                    .hasMessage("main");
            assertThat(log).isEmpty();
        }

        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    void loopWaitsForAShortTimeWithoutTurningRound() throws Exception {
        try (var loop = EventLoop.open()) {
            var waits = new ArrayList<Duration>();
            loop.addInstrument(new Instrument() {
                @Override
                public void beforeWait(Duration upTo) {
                    waits.add(upTo);
                }
            });
            loop.run(() -> {
                for (int nanos : new int[] {1, 1_000, 10_000, 100_000, 1_000_000}) {
                    sleep(Duration.ofNanos(nanos));
                }
            });

            assertThat(waits).hasSizeLessThan(20);
        }
    }

    @Test
    void cancellationArrivesAtOnceInALoopThatWaitsForATimer() throws Exception {
        try (var loop = EventLoop.open()) {
            assertThatThrownBy(() -> loop.run(() -> {
                        var task = spawn(() -> sleep(Duration.ofDays(1)));
                        loop.callSoon(task::cancel);
                        task.await();
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(loop.statistics().timers()).isZero();
        }
    }

    @Test
    void taskOfAnotherLoopCannotBeTheMainOne() {
        try (var loop = EventLoop.open();
                var other = EventLoop.open()) {
            var foreign = other.submit(() -> 1);

            assertThatThrownBy(() -> loop.run(foreign))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith("belongs to another loop: run that one");
        }
    }

    @Test
    void loopInsideALoopIsRefusedInEveryForm() throws Exception {
        try (var loop = EventLoop.open();
                var other = EventLoop.open()) {
            loop.run(() -> {
                for (Callable<?> nested : List.<Callable<?>>of(
                        () -> loop.run(() -> 1),
                        () -> other.run(() -> 1),
                        () -> Async.run(() -> 1),
                        () -> other.run(new Promise<>("never")))) {
                    assertThatThrownBy(nested::call).isInstanceOf(IllegalStateException.class);
                }
                assertThatThrownBy(loop::runForever).isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(other::runForever).isInstanceOf(IllegalStateException.class);
            });
            loop.callSoon(() -> {
                assertThatThrownBy(() -> other.run(() -> 1)).isInstanceOf(IllegalStateException.class);
                log.add("refused");
                loop.stop();
            });
            loop.runForever();

            assertThat(log).containsExactly("refused");
            assertThat(other.<Integer>run(() -> 1)).isOne();
        }
    }

    @Test
    void interruptEndsRunForeverAndTheLoopRunsAgain() throws Exception {
        try (var loop = EventLoop.open()) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(loop::runForever).isInstanceOf(InterruptedException.class);

            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            assertThat(loop.<Integer>run(() -> 42)).isEqualTo(42);
        }
    }

    @Test
    void secondInterruptEndsARunAtOnceAndTheLoopRunsAgainWithoutALeftOver() throws Exception {
        var caller = Thread.currentThread();
        try (var logged = new LoggedMessages()) {
            try (var loop = EventLoop.open()) {
                assertThatThrownBy(() -> loop.run(() -> {
                            caller.interrupt();
                            try {
                                sleep(Duration.ofHours(1));
                            } catch (CancelledError e) {
                                log.add("refused to end");
                            }
                            caller.interrupt();
                            sleep(Duration.ofHours(1));
                        }))
                        .isInstanceOf(InterruptedException.class)
                        .hasMessage("the loop's thread was interrupted twice");

                assertThat(log).contains("refused to end");
                assertThat(loop.<String>run(() -> "again")).isEqualTo("again");
            }
            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void stopFromAnotherThreadWakesTheLoop() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.callSoon(() -> Thread.startVirtualThread(loop::stop));
            loop.runForever();

            assertThat(loop.isRunning()).isFalse();
        }
    }

    @Test
    void errorOfALeftTaskGoesToTheHandlerAndTheResultIsReturned() throws Exception {
        var told = new ArrayList<ErrorContext>();
        var failure = new IllegalStateException("in clean-up");
        var left = new Task<?>[1];

        var result = Async.run(() -> {
            Async.currentLoop().onError(told::add);
            left[0] = spawn("left", () -> {
                try {
                    sleep(Duration.ofHours(1));
                } finally {
                    throwIt(failure);
                }
            });
            sleep(Duration.ZERO);
            return "result";
        });

        assertThat(result).isEqualTo("result");
        assertThat(left[0].state()).isEqualTo(Task.State.FAILED);
        assertThat(told)
                .containsExactly(new ErrorContext(
                        "unhandled exception during Async.run() shutdown", failure, left[0], null, null));
    }

    @Test
    void tasksThatWereNotStartedAreNotStartedByTheEnd() {
        Task<?> task;
        try (var loop = EventLoop.open()) {
            task = loop.submit(() -> {
                log.add("started");
            });
        }

        assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        assertThat(log).isEmpty();
    }

    @Test
    void cleanUpAtTheEndMayUseTheLoop() throws Exception {
        Async.run(() -> {
            spawn(() -> {
                try {
                    sleep(Duration.ofHours(1));
                } finally {
                    var loop = Async.currentLoop();
                    var done = new Promise<Integer>("done");
                    loop.callLater(Duration.ofMillis(1), () -> loop.callSoon(() -> done.complete(1)));
                    log.add(done.await());
                    spawn(() -> {
                        log.add("never started");
                    });
                }
            });
            sleep(Duration.ZERO);
        });

        assertThat(log).containsExactly(1);
    }

    @Test
    void callbackThatAlwaysSchedulesItselfDoesNotKeepTheLoopOpen() throws Exception {
        Async.run(() -> {
            var loop = Async.currentLoop();
            loop.callSoon(new Runnable() {
                @Override
                public void run() {
                    log.add(1);
                    loop.callSoon(this);
                }
            });
        });

        assertThat(log).hasSizeLessThan(10);
    }

    @Test
    void tasksThatRefuseToEndAreReported() throws Exception {
        var told = new ArrayList<String>();
        try (var loop = EventLoop.open()) {
            loop.patience = Duration.ZERO;
            loop.onError(context -> told.add(context.line()));
            loop.run(() -> {
                spawn("stubborn", () -> {
                    while (told.isEmpty()) {
                        try {
                            sleep(Duration.ZERO);
                        } catch (CancelledError e) {
                            log.add("refused");
                        }
                    }
                });
                sleep(Duration.ZERO);
            });
        }

        assertThat(log).contains("refused");
        assertThat(told)
                .hasSize(1)
                .first()
                .asString()
                .startsWith("the loop is closing and waits for tasks that were " + "cancelled and go on: stubborn");
    }

    @Test
    void tenThreadsWithALoopOfTheirOwnSeeTheirOwnTasksOnly() throws Exception {
        int threads = 10;
        int children = 100;
        var allSpawned = new CountDownLatch(threads);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            var counts = new ArrayList<CompletableFuture<Integer>>();
            for (int i = 0; i < threads; i++) {
                counts.add(CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return Async.run(() -> {
                                    var own = new HashSet<Task<?>>();
                                    for (int child = 0; child < children; child++) {
                                        own.add(spawn(() -> sleep(Duration.ofHours(1))));
                                    }
                                    sleep(Duration.ZERO);
                                    allSpawned.countDown();
                                    allSpawned.await();
                                    var tasks = Async.currentLoop().tasks();
                                    assertThat(tasks).containsAll(own);
                                    return tasks.size();
                                });
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        },
                        pool));
            }
            for (var count : counts) {
                assertThat(count.join()).isEqualTo(children + 1);
            }
        }
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }
}
