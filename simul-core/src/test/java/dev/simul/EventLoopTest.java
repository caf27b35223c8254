package dev.simul;

import static dev.simul.Async.on;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A loop's life, and its border to the other threads. */
class EventLoopTest {

    private final List<String> log = new ArrayList<>();

    @Test
    void runReturnsWhatMainReturnsAndThrowsWhatItThrows() throws Exception {
        var failure = new IOException("main");

        assertThat(run(() -> 42)).isEqualTo(42);
        assertThatThrownBy(() -> run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }

    @Test
    void cancelledMainIsTheJdksCancellationOutside() {
        assertThatThrownBy(() -> run(() -> {
                    LoopTask.current("", "").cancel("by itself");
                    pass();
                }))
                .isInstanceOf(CancellationException.class)
                .hasMessage("by itself");
    }

    @Test
    void tasksLeftAtTheEndAreCancelledAndWaitedFor() throws Exception {
        run(() -> {
            spawn(() -> {
                try {
                    sleep(Duration.ofHours(1));
                } finally {
                    pass();
                    log.add("cleaned up");
                }
            });
            pass();
        });

        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    void failureOfALeftTaskIsLogged() throws Exception {
        try (var logged = new LoggedMessages()) {
            run(() -> {
                spawn("late", () -> {
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        throwIt(new IllegalStateException("in clean-up"));
                    }
                });
                pass();
            });

            assertThat(logged.messages()).containsExactly("unhandled exception during Async.run() shutdown: task late");
        }
    }

    @Test
    void failureThatNobodyLookedAtIsLogged() throws Exception {
        try (var logged = new LoggedMessages()) {
            run(() -> {
                spawn("lonely", () -> throwIt(new IllegalStateException("unseen")));
                var seen = spawn("seen", () -> throwIt(new IllegalStateException("seen")));
                assertThatThrownBy(seen::await).hasMessage("seen");
            });

            assertThat(logged.messages()).containsExactly("task lonely failed and nobody looked");
        }
    }

    @Test
    void loopSurvivesAnyThrowable() throws Exception {
        int result = run(() -> {
            assertThatThrownBy(spawn(() -> overflow(0))::await).isInstanceOf(StackOverflowError.class);
            assertThatThrownBy(spawn(() -> {
                        throw new OutOfMemoryError("pretended");
                    })::await)
                    .isInstanceOf(OutOfMemoryError.class);
            return spawn(() -> 42).await();
        });

        assertThat(result).isEqualTo(42);
    }

    @Test
    void loopRunsAgainAndItsTasksGoOn() throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            Task<String> task = loop.run(() -> spawn(() -> {
                sleep(Duration.ofSeconds(1));
                return "went on";
            }));
            assertThat(task.isDone()).isFalse();

            assertThat(loop.run(() -> task.await())).isEqualTo("went on");
        }
    }

    @Test
    void loopInsideALoopIsRefused() throws Exception {
        run(() -> assertThatThrownBy(() -> run(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a loop is running in this thread: spawn a task on it, or use another thread"));
    }

    @Test
    void closedLoopTakesNothingMore() throws Exception {
        var loop = EventLoop.open();
        loop.close();
        loop.close();

        assertThatThrownBy(() -> loop.submit(() -> 1))
                .isInstanceOf(RejectedExecutionException.class)
                .hasMessage("the loop is closed");
        assertThatThrownBy(() -> loop.run(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the loop is closed: open another");
    }

    @Test
    void runningLoopCannotBeClosedFromInside() throws Exception {
        try (var loop = EventLoop.open()) {
            loop.run(() -> {
                assertThatThrownBy(loop::close).isInstanceOf(IllegalStateException.class);
                return null;
            });
        }
    }

    @Test
    void outsideOfALoopErrorsNameTheWayOut() {
        assertThatThrownBy(() -> sleep(Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("sleep(Duration) needs a running loop: call it inside Async.run(…), or use Thread.sleep");
        assertThatThrownBy(() -> spawn(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("spawn(…) needs a running loop: call it inside Async.run(…), or use EventLoop.submit");
        assertThatThrownBy(TaskGroup::open)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("TaskGroup.open() needs a running loop");
    }

    @Test
    void callbackRunsInItsTurnOnTheLoop() throws Exception {
        run(() -> {
            var task = spawn(() -> log.add("body"));
            task.onDone(_ -> log.add("callback"));
            task.await();
            log.add("waiter");
            task.onDone(_ -> log.add("late callback"));
            log.add("registered");
            pass();
        });

        assertThat(log).containsExactly("body", "callback", "waiter", "registered", "late callback");
    }

    @Test
    void callbackMayNotBlockItsLoop() throws Exception {
        var refusal = new AtomicReference<Throwable>();
        run(() -> {
            var pending = new Promise<Integer>("pending");
            var task = spawn(() -> 1);
            task.onDone(_ -> {
                try {
                    pending.await();
                } catch (Throwable e) {
                    refusal.set(e);
                }
            });
            task.await();
        });

        assertThat(refusal.get()).hasMessageStartingWith("await() in a callback would block its loop for ever");
    }

    @Test
    void otherThreadsSubmitAndWait() throws Exception {
        var stop = new Promise<Integer>("stop");
        try (var loop = EventLoop.open()) {
            var caller = CompletableFuture.supplyAsync(() -> {
                var sum = 0;
                for (int i = 0; i < 100; i++) {
                    int number = i;
                    sum += loop.submit(() -> {
                                pass();
                                return number;
                            })
                            .join();
                }
                assertThatThrownBy(() -> loop.submit(() -> {
                                    throw new IOException("over there");
                                })
                                .await())
                        .isInstanceOf(IOException.class);
                stop.complete(1);
                return sum;
            });

            loop.run(() -> stop.await());

            assertThat(caller.get(10, TimeUnit.SECONDS)).isEqualTo(4950);
        }
    }

    @Test
    void otherThreadsCancel() throws Exception {
        var started = new CountDownLatch(1);
        try (var loop = EventLoop.open()) {
            var task = loop.submit(() -> {
                started.countDown();
                sleep(Duration.ofHours(1));
                return 1;
            });
            var canceller = Thread.startVirtualThread(() -> {
                awaitLatch(started);
                task.cancel("from afar");
            });

            assertThatThrownBy(() -> loop.run(() -> task.await()))
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("from afar");
            canceller.join();
            assertThat(task.state()).isEqualTo(Task.State.CANCELLED);
        }
    }

    @Test
    void interruptOfTheLoopsThreadCancelsMain() throws Exception {
        var loopThread = Thread.currentThread();
        assertThatThrownBy(() -> run(() -> {
                    try {
                        loopThread.interrupt();
                        sleep(Duration.ofHours(1));
                    } catch (CancelledError e) {
                        log.add(e.getMessage());
                        throw e;
                    }
                }))
                .isInstanceOf(InterruptedException.class);

        assertThat(log).containsExactly("the loop's thread was interrupted");
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void taskOfAnotherLoopCanBeAwaited() throws Exception {
        var stop = new Promise<Integer>("stop");
        try (var other = EventLoop.open()) {
            var runner = Thread.ofPlatform().start(() -> {
                try {
                    other.run(() -> stop.await());
                } catch (Exception e) {
                    log.add(e.toString());
                }
            });
            var there = other.submit(() -> {
                pass();
                return 42;
            });

            assertThat(run(() -> there.await())).isEqualTo(42);

            stop.complete(1);
            runner.join();
        }
        assertThat(log).isEmpty();
    }

    @Test
    void awaitTakesTheJdksPromises() throws Exception {
        var failure = new IOException("stage");
        run(() -> {
            assertThat(Async.await(CompletableFuture.supplyAsync(() -> "value")))
                    .isEqualTo("value");
            assertThatThrownBy(() -> Async.await(CompletableFuture.failedFuture(failure)))
                    .isSameAs(failure);
            var pending = new CompletableFuture<String>();
            var waiter = spawn(() -> Async.await(pending));
            pass();
            waiter.cancel();
            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(pending).isCancelled();
        });
    }

    @Test
    void workOnAnExecutorLeavesTheLoopFree() throws Exception {
        var release = new CountDownLatch(1);
        try (var executor = Executors.newSingleThreadExecutor()) {
            run(() -> {
                var work = on(executor, () -> {
                    release.await();
                    return "done";
                });
                log.add("the loop goes on");
                release.countDown();
                log.add(work.await());
            });
        }

        assertThat(log).containsExactly("the loop goes on", "done");
    }

    @Test
    void cancellingWorkOnAnExecutorInterruptsItsThread() throws Exception {
        var began = new Promise<Integer>("began");
        var interrupted = new CountDownLatch(1);
        try (var executor = Executors.newSingleThreadExecutor()) {
            run(() -> {
                var work = on(executor, () -> {
                    began.complete(1);
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                });
                began.await();
                work.cancel();
                assertThatThrownBy(work::await).isInstanceOf(CancelledError.class);
            });
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void cancelledWorkThatEndsWhenTheLoopIsClosedBothersNobody() throws Exception {
        var mayEnd = new CountDownLatch(1);
        try (var logged = new LoggedMessages()) {
            try (var executor = Executors.newSingleThreadExecutor()) {
                run(() -> {
                    var began = new Promise<Integer>("began");
                    var work = on(executor, () -> {
                        began.complete(1);
                        awaitStubbornly(mayEnd);
                        throw new IOException("too late for anybody");
                    });
                    began.await();
                    work.cancel();
                });
                mayEnd.countDown();
            }
            assertThat(logged.messages()).isEmpty();
        }
    }

    private static void awaitStubbornly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // It refuses to end.
            }
        }
    }

    @Test
    void runWorksOnAVirtualThreadToo() throws Exception {
        var result = new CompletableFuture<Integer>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(run(() -> spawn(() -> 42).await()));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });

        assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo(42);
    }

    @Test
    void statisticsCountWhatTheLoopDoes() throws Exception {
        try (var loop = EventLoop.open(new VirtualClock())) {
            loop.run(() -> {
                spawn(() -> sleep(Duration.ofSeconds(5)));
                pass();
                assertThat(loop.statistics()).isEqualTo(new LoopStatistics(3, 2, 2, 1, 0, 0, Duration.ofSeconds(5)));
                return null;
            });
        }
    }

    private static void pass() {
        sleep(Duration.ZERO);
    }

    private static int overflow(int depth) {
        return depth < 0 ? 0 : overflow(depth + 1) + 1;
    }

    private static void throwIt(RuntimeException failure) {
        throw failure;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
