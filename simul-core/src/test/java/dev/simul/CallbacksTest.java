package dev.simul;

import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Callbacks of a loop: their order, their handles, their border to other threads (asyncio: call_soon and its kin). */
class CallbacksTest {

    private final VirtualClock clock = new VirtualClock();
    private final EventLoop loop = EventLoop.open(clock);
    private final List<Object> log = new ArrayList<>();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void callbacksRunInOrderAndWhatTheyScheduleWaitsForTheNextIteration() throws Exception {
        loop.callSoon(() -> {
            log.add("a");
            loop.callSoon(() -> log.add("c"));
            loop.stop();
        });
        loop.callSoon(() -> log.add("b"));

        loop.runForever();
        assertThat(log).containsExactly("a", "b");

        loop.stop();
        loop.runForever();
        assertThat(log).containsExactly("a", "b", "c");
    }

    @Test
    void stopBeforeARunLetsItMakeOneIterationThatDoesNotWait() throws Exception {
        loop.callLater(Duration.ofHours(1), () -> log.add("later"));
        loop.callSoon(() -> {
            log.add("first");
            loop.callSoon(() -> log.add("second"));
        });
        loop.stop();

        loop.runForever();

        assertThat(log).containsExactly("first");
        assertThat(clock.elapsed()).isZero();
    }

    @Test
    void whatAnotherThreadSendsInTheIterationOfStopRunsOnceInTheNextRun() throws Exception {
        loop.callSoon(() -> {
            loop.stop();
            CompletableFuture.runAsync(() -> loop.execute(() -> {
                        log.add("sent");
                        loop.stop();
                    }))
                    .join();
        });

        loop.runForever();
        assertThat(log).isEmpty();

        loop.runForever();
        assertThat(log).containsExactly("sent");
    }

    @Test
    void timersInThePastRunInOrderOfTheirTime() throws Exception {
        loop.callLater(Duration.ofSeconds(-1), () -> log.add("a"));
        loop.callLater(Duration.ofSeconds(-2), () -> log.add("b"));
        loop.stop();

        loop.runForever();

        assertThat(log).containsExactly("b", "a");
    }

    @Test
    void dueTimersRunBehindWhatOtherThreadsHaveSent() throws Exception {
        loop.callLater(Duration.ZERO, () -> log.add("timer"));
        loop.callSoonThreadSafe(() -> log.add("sent"));
        loop.stop();

        loop.runForever();

        assertThat(log).containsExactly("sent", "timer");
    }

    @Test
    void timersRunAtTheirTime() throws Exception {
        loop.callAt(Duration.ofSeconds(5), () -> log.add(loop.time()));
        loop.callLater(Duration.ofSeconds(7), loop::stop);

        loop.runForever();

        assertThat(log).containsExactly(Duration.ofSeconds(5));
        assertThat(loop.time()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void absurdDelayMeansNever() throws Exception {
        var never = loop.callLater(Duration.ofSeconds(Long.MAX_VALUE), () -> log.add("never"));
        var always = loop.callLater(Duration.ofSeconds(Long.MIN_VALUE), () -> log.add("at once"));
        loop.stop();

        loop.runForever();

        assertThat(never).isGreaterThan(always);
        assertThat(log).containsExactly("at once");
    }

    @Test
    void callbackIsNeeded() {
        assertThatThrownBy(() -> loop.callSoon(nothing())).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> loop.callLater(nothing(), () -> {})).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> loop.callAt(nothing(), () -> {})).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> loop.execute(nothing())).isInstanceOf(NullPointerException.class);
    }

    @Test
    void cancelledCallbacksAreSkipped() throws Exception {
        var soon = loop.callSoon(() -> log.add("soon"));
        var later = loop.callLater(Duration.ZERO, () -> log.add("later"));
        var sent = loop.callSoonThreadSafe(() -> log.add("sent"));
        assertThat(List.of(soon.isCancelled(), later.isCancelled(), sent.isCancelled()))
                .containsOnly(false);

        for (var handle : List.of(soon, later, sent)) {
            handle.cancel();
            handle.cancel();
            assertThat(handle.isCancelled()).isTrue();
        }
        loop.stop();
        loop.runForever();

        assertThat(log).isEmpty();
        assertThat(soon).hasToString("Handle[cancelled]");
    }

    @Test
    void timerIsCancelledInTheIterationInWhichItIsDue() throws Exception {
        loop.run(() -> {
            var second = new TimerHandle[1];
            loop.callLater(Duration.ofSeconds(1), () -> second[0].cancel());
            second[0] = loop.callLater(Duration.ofSeconds(1), () -> log.add("second"));
            Async.sleep(Duration.ofSeconds(2));
        });

        assertThat(log).isEmpty();
    }

    @Test
    void waitIsComputedFromTheNextTimerThatIsNotCancelled() throws Exception {
        loop.run(() -> {
            var head = loop.callLater(Duration.ofSeconds(1), () -> log.add("head"));
            loop.callLater(Duration.ofSeconds(10), () -> log.add(loop.time()));
            head.cancel();
            assertThat(loop.statistics().timers()).isOne();
            Async.sleep(Duration.ofSeconds(20));
        });

        assertThat(log).containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void timerCancelledByAnotherThreadDoesNotRun() throws Exception {
        loop.run(() -> {
            var timer = loop.callLater(Duration.ofSeconds(1), () -> log.add("late"));
            CompletableFuture.runAsync(timer::cancel).join();
            assertThat(timer.isCancelled()).isTrue();
            Async.sleep(Duration.ofSeconds(2));
            assertThat(loop.statistics().timers()).isZero();
        });

        assertThat(log).isEmpty();
    }

    @Test
    void timerHandlesCompareByTimeAndAreEqualIfTheyDoTheSame() {
        Runnable callback = () -> {};
        var first = loop.callAt(Duration.ofSeconds(1), callback);
        var same = loop.callAt(Duration.ofSeconds(1), callback);
        var other = loop.callAt(Duration.ofSeconds(1), () -> {});
        var later = loop.callAt(Duration.ofSeconds(2), callback);

        assertThat(first)
                .isEqualTo(same)
                .hasSameHashCodeAs(same)
                .isNotEqualTo(other)
                .isNotEqualTo(later);
        assertThat(first).isEqualByComparingTo(other).isLessThan(later);
        assertThat(first.when()).isEqualTo(Duration.ofSeconds(1));
        assertThat((Object) first).isNotEqualTo(1);

        same.cancel();
        assertThat(first).isNotEqualTo(same);
        first.cancel();
        assertThat(first).isEqualTo(same);
    }

    @Test
    void cancelledHandlesLetGoOfTheirCallbacks() {
        record Large(byte[] content) implements Runnable {
            @Override
            public void run() {}
        }
        List<WeakReference<?>> callbacks = new ArrayList<>();
        List<Handle> handles = new ArrayList<>();
        for (var schedule : List.<Function<Runnable, Handle>>of(
                loop::callSoon,
                loop::callSoonThreadSafe,
                callback -> loop.callLater(Duration.ofDays(1), callback),
                callback -> loop.callAt(Duration.ofDays(1), callback))) {
            var callback = new Large(new byte[1000]);
            callbacks.add(new WeakReference<>(callback));
            handles.add(schedule.apply(callback));
        }
        handles.forEach(Handle::cancel);

        for (int i = 0; i < 50 && callbacks.stream().anyMatch(callback -> callback.get() != null); i++) {
            System.gc();
        }

        assertThat(callbacks).allMatch(callback -> callback.get() == null);
        assertThat(handles).allMatch(Handle::isCancelled);
    }

    @Test
    void callbackThatFailsDoesNotEndTheLoop() throws Exception {
        loop.onError(context -> log.add(context.message()));
        loop.callSoon(() -> {
            throw new AssertionError("of a callback");
        });
        loop.callSoon(() -> log.add("next"));

        assertThat(loop.run(() -> spawn(() -> 42).await())).isEqualTo(42);
        assertThat(log).containsExactly("exception in callback", "next");
    }

    @Test
    void callbacksOfOtherThreadsAndOfTheLoopKeepTheirOrder() throws Exception {
        loop.run(() -> {
            CompletableFuture.runAsync(() -> loop.callSoonThreadSafe(() -> log.add("hello")))
                    .join();
            Async.sleep(Duration.ZERO);
            loop.callSoonThreadSafe(() -> log.add("big"));
            loop.callSoon(() -> log.add("world"));
            Async.sleep(Duration.ZERO);
        });

        assertThat(log).containsExactly("hello", "big", "world");
    }

    @Test
    void otherThreadsWaitWhileTheCallbackTheyCancelRunsAndAreTooLate() throws Exception {
        var begun = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        var over = new AtomicBoolean();
        var handle = loop.callSoonThreadSafe(() -> {
            begun.countDown();
            awaitLatch(release);
            over.set(true);
        });
        var canceller = new FutureTask<>(() -> {
            begun.await();
            handle.cancel();
            return over.get();
        });
        var asker = new FutureTask<>(() -> {
            begun.await();
            return handle.isCancelled() | over.get();
        });
        var threads = List.of(
                Thread.ofPlatform().start(canceller), Thread.ofPlatform().start(asker));
        Thread.ofPlatform().start(() -> {
            awaitLatch(begun);
            while (!threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING)) {
                Thread.onSpinWait();
            }
            release.countDown();
        });

        loop.stop();
        loop.runForever();

        assertThat(canceller.get()).as("it was over before cancel() returned").isTrue();
        assertThat(asker.get()).as("it was over before isCancelled() returned").isTrue();
        assertThat(handle.isCancelled()).isTrue();
    }

    @Test
    void callbackMayCancelItsOwnHandle() throws Exception {
        var handle = new Handle[1];
        handle[0] = loop.callSoonThreadSafe(() -> {
            handle[0].cancel();
            log.add(handle[0].isCancelled());
        });
        loop.stop();
        loop.runForever();

        assertThat(log).containsExactly(true);
    }

    @Test
    void otherThreadCancelsInTime() throws Exception {
        loop.callSoon(() -> {
            var handle = loop.callSoonThreadSafe(() -> log.add("ran"));
            CompletableFuture.runAsync(handle::cancel).join();
        });
        loop.run(() -> Async.sleep(Duration.ofSeconds(1)));

        assertThat(log).isEmpty();
    }

    @Test
    void debugRefusesOtherThreads() throws Exception {
        loop.debug(true);
        assertThat(loop.isDebug()).isTrue();
        loop.run(() -> {
            CompletableFuture.runAsync(() -> {
                        assertThatThrownBy(() -> loop.callSoon(() -> {}))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageStartingWith("callSoon(…) in another thread than the loop's")
                                .hasMessageEndingWith("use callSoonThreadSafe(…)");
                        assertThatThrownBy(() -> loop.callLater(Duration.ZERO, () -> {}))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageStartingWith("callLater(…)");
                        assertThatThrownBy(() -> loop.callAt(Duration.ZERO, () -> {}))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageStartingWith("callAt(…)");
                        loop.callSoonThreadSafe(() -> log.add("allowed"));
                    })
                    .join();
            Async.sleep(Duration.ZERO);
        });

        assertThat(log).containsExactly("allowed");
    }

    @Test
    void withoutDebugOtherThreadsMayCallAndAreServedByTheInbox() throws Exception {
        loop.debug(false);
        loop.run(() -> {
            CompletableFuture.runAsync(() -> {
                        loop.callSoon(() -> log.add("soon"));
                        loop.callLater(Duration.ofSeconds(1), () -> log.add("later"));
                    })
                    .join();
            Async.sleep(Duration.ofSeconds(2));
        });

        assertThat(log).containsExactly("soon", "later");
    }

    @Test
    void debugReportsSlowSteps() throws Exception {
        loop.debug(true);
        loop.slowStep(Duration.ZERO);
        try (var logged = new LoggedMessages()) {
            loop.callSoon(new Runnable() {
                @Override
                public void run() {
                    loop.stop();
                }

                @Override
                public String toString() {
                    return "the slow one";
                }
            });
            loop.runForever();

            assertThat(logged.messages())
                    .singleElement()
                    .asString()
                    .startsWith("executing Handle[the slow one] took PT");
        }
    }

    @Test
    void callbacksRunInACopyOfTheContextInWhichTheyWereHandedOver() throws Exception {
        var local = TaskLocal.<String>of("local");
        loop.run(() -> {
            local.set("handed over");
            loop.callSoon(() -> {
                log.add(local.get());
                local.set("changed in a callback");
            });
            loop.callLater(Duration.ofSeconds(1), () -> log.add(local.get()));
            CompletableFuture.runAsync(Context.capture().wrap(() -> loop.execute(() -> log.add(local.get()))))
                    .join();
            local.set("changed later");
            Async.sleep(Duration.ofSeconds(2));
            log.add(local.get());
        });

        assertThat(log).containsExactly("handed over", "handed over", "handed over", "changed later");
    }

    @Test
    void callbackMayUseTheLoopButNotWait() throws Exception {
        loop.callSoon(() -> {
            assertThat(EventLoop.current()).isSameAs(loop);
            spawn(() -> {
                log.add("spawned");
                loop.stop();
            });
            try {
                Async.sleep(Duration.ofSeconds(1));
            } catch (IllegalStateException e) {
                log.add("refused");
            }
        });

        loop.runForever();

        assertThat(log).containsExactly("refused", "spawned");
    }

    @Test
    void closedLoopTakesNoCallbacks() {
        var closed = EventLoop.open();
        closed.close();

        assertThat(closed.isClosed()).isTrue();
        assertThatThrownBy(() -> closed.callSoon(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.callLater(Duration.ZERO, () -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.callAt(Duration.ZERO, () -> {})).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> closed.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> closed.callSoonThreadSafe(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(closed::runForever).isInstanceOf(IllegalStateException.class);
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
