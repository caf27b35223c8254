package dev.simul;

import static dev.simul.Async.checkCancelled;
import static dev.simul.Async.fromThread;
import static dev.simul.Async.on;
import static dev.simul.Async.onThread;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.sync.CapacityLimiter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Blocking work on threads, and its way back into the loop (asyncio.to_thread; trio's to_thread and from_thread). */
class OnThreadTest {

    private final List<Object> log = new CopyOnWriteArrayList<>();

    // ---- to_thread

    @Test
    void workRunsOnceElsewhereAndItsResultComesBack() throws Exception {
        run(() -> {
            var here = Thread.currentThread();
            var task = onThread(() -> {
                log.add(Thread.currentThread());
                return 42;
            });
            assertThat(task.await()).isEqualTo(42);
            assertThat(log).hasSize(1).doesNotContain(here);
            assertThat(log.getFirst()).asString().contains("simul-thread-");
        });
    }

    @Test
    void whatTheWorkThrowsComesBackAsTheSameObject() throws Exception {
        var failure = new IOException("on a thread");
        run(() -> assertThatThrownBy(onThread(() -> {
                    throw failure;
                })::await)
                .isSameAs(failure));
    }

    @Test
    void tenPiecesOfWorkRunAtTheSameTime() throws Exception {
        var meeting = new CyclicBarrier(2);
        run(() -> {
            var tasks = new ArrayList<Task<Integer>>();
            for (int i = 0; i < 10; i++) {
                tasks.add(onThread(() -> {
                    meeting.await();
                    return 1;
                }));
            }
            int sum = 0;
            for (var task : tasks) {
                sum += task.await();
            }
            assertThat(sum).isEqualTo(10);
        });
    }

    @Test
    void workSeesTheCallersContextAndChangesItsOwnCopy() throws Exception {
        var local = TaskLocal.<String>of("local");
        run(() -> {
            local.set("caller");
            var seen = onThread(() -> {
                var before = local.get();
                local.set("thread");
                return before;
            });
            local.set("later");
            assertThat(seen.await()).isEqualTo("caller");
            assertThat(local.get()).isEqualTo("later");
        });
    }

    @Test
    void loopIsFreeMeanwhile() throws Exception {
        var release = new CountDownLatch(1);
        run(() -> {
            var work = onThread(() -> release.await());
            spawn(release::countDown);
            work.await();
        });
    }

    @Test
    void virtualClockWaitsForTheWork() throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            loop.run(() -> {
                var release = new CountDownLatch(1);
                var work = onThread(() -> release.await());
                spawn(() -> {
                    sleep(Duration.ZERO);
                    release.countDown();
                });
                spawn(() -> sleep(Duration.ofHours(1)));
                work.await();
                assertThat(clock.elapsed()).isZero();
            });
        }
    }

    @Test
    void cancellationInterruptsTheThreadAndWaitsForIt() throws Exception {
        var begun = new Promise<Integer>("begun");
        run(() -> {
            var caller = spawn(() -> onThread(() -> {
                        begun.complete(1);
                        try {
                            new CountDownLatch(1).await();
                        } finally {
                            log.add("cleaned up");
                        }
                    })
                    .await());
            begun.await();
            caller.cancel("no longer wanted");

            assertThatThrownBy(caller::await).isInstanceOf(CancelledError.class).hasMessage("no longer wanted");
            assertThat(log).containsExactly("cleaned up");
        });
    }

    @Test
    void workThatIgnoresTheCancellationKeepsItsResult() throws Exception {
        var begun = new Promise<Integer>("begun");
        var interrupted = new Promise<Integer>("interrupted");
        run(() -> {
            var work = onThread(() -> {
                begun.complete(1);
                while (!Thread.interrupted()) {
                    Thread.onSpinWait();
                }
                interrupted.complete(1);
                return "result";
            });
            begun.await();
            assertThat(work.state()).isEqualTo(Task.State.RUNNING);
            work.cancel();
            interrupted.await();
            assertThat(work.await()).isEqualTo("result");
        });
    }

    @Test
    void timeoutEndsAPieceOfWork() throws Exception {
        run(() -> assertThatThrownBy(() -> Async.timeout(
                        Duration.ofMillis(1),
                        () -> onThread(() -> new CountDownLatch(1).await()).await()))
                .isInstanceOf(TimeoutException.class));
    }

    @Test
    void abandonedWorkGoesOnAndNobodyHearsOfIt() throws Exception {
        var begun = new Promise<Integer>("begun");
        var release = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        run(() -> {
            var work = onThread(ThreadOptions.STANDARD.abandoningOnCancel(), () -> {
                begun.complete(1);
                try {
                    release.await();
                    log.add("was not interrupted");
                } finally {
                    over.countDown();
                }
                return 1;
            });
            begun.await();
            work.cancel("abandoned");
            assertThat(work.isDone()).isTrue();
            assertThatThrownBy(work::await).isInstanceOf(CancelledError.class).hasMessage("abandoned");
        });
        assertThat(log).isEmpty();
        release.countDown();
        over.await();
        assertThat(log).containsExactly("was not interrupted");
    }

    @Test
    void workThatHasNotBegunIsTakenBack() throws Exception {
        var release = new CountDownLatch(1);
        try (var single = Executors.newSingleThreadExecutor()) {
            run(() -> {
                Async.currentLoop().defaultExecutor(single);
                var first = onThread(() -> release.await());
                var second = onThread(() -> log.add("begun"));
                second.cancel();
                assertThat(second.state()).isEqualTo(Task.State.CANCELLED);
                release.countDown();
                first.await();
                onThread(() -> log.add("third")).await();
            });
        }
        assertThat(log).containsExactly("third");
    }

    @Test
    void interruptOfACancelledPieceOfWorkDoesNotReachTheNext() throws Exception {
        try (var single = Executors.newSingleThreadExecutor()) {
            run(() -> {
                Async.currentLoop().defaultExecutor(single);
                for (int i = 0; i < 100; i++) {
                    var begun = new Promise<Integer>("begun");
                    var first = onThread(() -> begun.complete(1));
                    begun.await();
                    first.cancel();
                    assertThat(onThread(Thread::interrupted).await()).isFalse();
                }
            });
        }
    }

    @Test
    void limiterLetsSoManyWorkAtATimeAndKnowsTheCaller() throws Exception {
        var working = new AtomicInteger();
        var most = new AtomicInteger();
        run(() -> {
            var limiter = new CapacityLimiter(2);
            var options = ThreadOptions.STANDARD.limitedBy(limiter);
            var tasks = new ArrayList<Task<Integer>>();
            for (int i = 0; i < 8; i++) {
                tasks.add(onThread(options, () -> {
                    most.accumulateAndGet(working.incrementAndGet(), Math::max);
                    fromThread(() -> sleep(Duration.ofMillis(1)));
                    return working.decrementAndGet();
                }));
            }
            sleep(Duration.ZERO);
            assertThat(limiter.statistics().borrowedTokens()).isEqualTo(2);
            for (var task : tasks) {
                task.await();
            }
            while (limiter.statistics().borrowedTokens() > 0) {
                sleep(Duration.ofMillis(1)); // a thread gives its token back after it has told its result
            }
            assertThat(most).hasValueLessThanOrEqualTo(2);
        });
    }

    @Test
    void limiterKeepsThePermissionOfAbandonedWorkUntilItsThreadIsDone() throws Exception {
        run(() -> {
            var limiter = new CapacityLimiter(1);
            var release = new CountDownLatch(1);
            var begun = new Promise<Integer>("begun");
            var work = onThread(ThreadOptions.STANDARD.abandoningOnCancel().limitedBy(limiter), () -> {
                begun.complete(1);
                release.await();
                return 1;
            });
            begun.await();
            work.cancel();
            assertThatThrownBy(work::await).isInstanceOf(CancelledError.class);
            assertThat(limiter.statistics().borrowedTokens()).isOne();

            release.countDown();
            limiter.acquire();
            limiter.release();
        });
    }

    @Test
    void waitingForALimiterCanBeCancelledAndTheWorkNeverBegins() throws Exception {
        run(() -> {
            var limiter = new CapacityLimiter(1);
            limiter.acquire();
            var waiting = onThread(ThreadOptions.STANDARD.limitedBy(limiter), () -> log.add("begun"));
            sleep(Duration.ZERO);
            waiting.cancel();
            assertThatThrownBy(waiting::await).isInstanceOf(CancelledError.class);
            limiter.release();
            assertThat(limiter.statistics().borrowedTokens()).isZero();
        });
        assertThat(log).isEmpty();
    }

    @Test
    void loopWaitsAtItsEndForWorkThatNobodyAwaits() throws Exception {
        run(() -> {
            var begun = new Promise<Integer>("begun");
            onThread(() -> {
                begun.complete(1);
                Thread.sleep(5);
                log.add("done");
            });
            begun.await();
        });
        assertThat(log).containsExactly("done");
    }

    @Test
    void threadsThatDoNotEndAreReportedAndLeftAlone() throws Exception {
        var release = new CountDownLatch(1);
        try (var logged = new LoggedMessages()) {
            run(() -> {
                var begun = new Promise<Integer>("begun");
                onThread(() -> {
                    begun.complete(1);
                    release.await();
                });
                begun.await();
                Async.currentLoop().shutdownDefaultExecutor(Duration.ofMillis(1));
                assertThatThrownBy(() -> onThread(() -> 1))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("the loop's threads are closed: use on(executor, …)");
            });
            assertThat(logged.messages())
                    .containsExactly("1 pieces of work on the loop's threads did not end within PT0.001S: the loop goes"
                            + " on without them");
        } finally {
            release.countDown();
        }
    }

    @Test
    void executorThatRefusesSaysSo() throws Exception {
        var closed = Executors.newSingleThreadExecutor();
        closed.shutdown();
        run(() -> {
            Async.currentLoop().defaultExecutor(closed);
            assertThatThrownBy(() -> onThread(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        });
    }

    @Test
    void outsideOfALoopItIsRefused() {
        assertThatThrownBy(() -> onThread(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("onThread(…) needs a running loop");
    }

    // ---- from_thread

    @Test
    void threadRunsACoroutineInItsLoopAndWaits() throws Exception {
        run(() -> {
            var loop = Async.currentLoop();
            var value = onThread(() -> fromThread(() -> {
                sleep(Duration.ofMillis(1));
                assertThat(Async.currentLoop()).isSameAs(loop);
                return 42;
            }));
            assertThat(value.await()).isEqualTo(42);

            var failure = new IOException("in the loop");
            assertThatThrownBy(onThread(() -> {
                        fromThread(() -> {
                            throw failure;
                        });
                        return 1;
                    })::await)
                    .isSameAs(failure);
        });
    }

    @Test
    void threadOfAnExecutorDoesToo() throws Exception {
        try (var executor = Executors.newSingleThreadExecutor()) {
            run(() -> {
                assertThat(on(executor, () -> fromThread(() -> spawn(() -> 42).await()))
                                .await())
                        .isEqualTo(42);
            });
        }
    }

    @Test
    void coroutineOfAThreadHasTheContextOfTheCallingTask() throws Exception {
        var local = TaskLocal.<String>of("local");
        run(() -> {
            local.set("caller");
            var seen = onThread(() -> {
                var inLoop = fromThread(() -> local.get());
                local.set("changed in the thread");
                return List.of(inLoop, fromThread(() -> local.get()));
            });
            assertThat(seen.await()).containsExactly("caller", "changed in the thread");
            assertThat(local.get()).isEqualTo("caller");
        });
    }

    @Test
    void cancellingTheCallingTaskCancelsWhatItsThreadRunsInTheLoop() throws Exception {
        run(() -> {
            var begun = new Promise<Integer>("begun");
            var work = onThread(() -> {
                try {
                    fromThread(() -> {
                        begun.complete(1);
                        try {
                            sleep(Duration.ofHours(1));
                        } finally {
                            log.add("coroutine");
                        }
                    });
                } finally {
                    log.add("thread");
                }
            });
            begun.await();
            work.cancel("both");

            assertThatThrownBy(work::await).isInstanceOf(CancelledError.class).hasMessage("both");
            assertThat(log).containsExactly("coroutine", "thread");
        });
    }

    @Test
    void cancellingWorkOnAnExecutorCancelsWhatItRunsInTheLoop() throws Exception {
        var over = new CountDownLatch(1);
        try (var executor = Executors.newSingleThreadExecutor()) {
            run(() -> {
                var begun = new Promise<Integer>("begun");
                var cancelled = new Promise<String>("cancelled");
                var work = on(executor, () -> {
                    try {
                        fromThread(() -> {
                            begun.complete(1);
                            try {
                                sleep(Duration.ofHours(1));
                            } catch (CancelledError e) {
                                cancelled.complete(e.reason());
                                throw e;
                            }
                        });
                    } finally {
                        over.countDown();
                    }
                });
                begun.await();
                work.cancel();
                assertThat(cancelled.await()).isEqualTo("the thread that waits for it was interrupted");
            });
            over.await();
        }
    }

    @Test
    void longWorkEndsWhereItLooksForACancellation() throws Exception {
        run(() -> {
            var begun = new Promise<Integer>("begun");
            var work = onThread(() -> {
                checkCancelled();
                begun.complete(1);
                while (true) {
                    Thread.interrupted(); // the interrupt may get lost, the request does not
                    checkCancelled();
                }
            });
            begun.await();
            work.cancel("enough");
            assertThatThrownBy(work::await).isInstanceOf(CancelledError.class).hasMessage("enough");
        });
    }

    @Test
    void cancelledThreadIsNotLetIntoTheLoopAgain() throws Exception {
        run(() -> {
            var begun = new Promise<Integer>("begun");
            var work = onThread(() -> {
                begun.complete(1);
                while (!Thread.interrupted()) {
                    Thread.onSpinWait();
                }
                fromThread(() -> log.add("in the loop"));
                return 1;
            });
            begun.await();
            work.cancel();
            assertThatThrownBy(work::await).isInstanceOf(CancelledError.class);
        });
        assertThat(log).isEmpty();
    }

    @Test
    void otherThreadsAreRefused() throws Exception {
        assertThatThrownBy(() -> fromThread(() -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fromThread(…) is for threads that work for a loop, by onThread(…) or on(…): "
                        + "use EventLoop.submit");
        assertThatThrownBy(Async::checkCancelled).isInstanceOf(IllegalStateException.class);
        run(() -> assertThatThrownBy(() -> fromThread(() -> 1)).isInstanceOf(IllegalStateException.class));
    }

    @Test
    void threadMayStillReachALoopThatIsClosing() throws Exception {
        run(() -> {
            var begun = new Promise<Integer>("begun");
            var loop = Objects.requireNonNull(EventLoop.current());
            onThread(() -> {
                begun.complete(1);
                while (!loop.isClosed()) {
                    Thread.onSpinWait();
                }
                try {
                    fromThread(() -> sleep(Duration.ofHours(1)));
                } catch (CancelledError e) {
                    log.add(e.reason());
                }
            });
            begun.await();
        });
        assertThat(log).containsExactly("the loop is closing");
    }
}
