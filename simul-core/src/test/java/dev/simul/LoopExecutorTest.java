package dev.simul;

import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** A loop as the JDK's executor and executor service. */
class LoopExecutorTest {

    private final List<Object> log = new CopyOnWriteArrayList<>();

    @Test
    void submittedWorkIsACoroutine() throws Exception {
        run(() -> {
            var executor = Async.currentLoop().asExecutorService();
            var future = executor.submit(() -> {
                sleep(Duration.ofMillis(1));
                return 42;
            });
            var runnable = executor.submit(() -> log.add("runnable"), "value");
            assertThat(future.get()).isEqualTo(42);
            assertThat(runnable.get()).isEqualTo("value");
            assertThat(log).containsExactly("runnable");
        });
    }

    @Test
    void otherThreadsSubmitAndWait() throws Exception {
        try (var portal = BlockingPortal.start()) {
            var executor = portal.loop().asExecutorService();
            var failure = new IOException("there");
            assertThat(executor.submit(() -> EventLoop.current()).get()).isSameAs(portal.loop());
            assertThatThrownBy(() -> executor.submit((Callable<Object>) () -> {
                                throw failure;
                            })
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isSameAs(failure);
            assertThat(executor.invokeAll(List.of(() -> 1, () -> 2)))
                    .extracting(future -> future.resultNow())
                    .containsExactly(1, 2);
            assertThat(executor.<Integer>invokeAny(List.of(
                            () -> {
                                throw failure;
                            },
                            () -> 2)))
                    .isEqualTo(2);
            executor.shutdown();
            assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void coroutineWaitsForAllAndForAnyWithoutHoldingTheLoop() throws Exception {
        run(() -> {
            var executor = Async.currentLoop().asExecutorService();
            var ticker = spawn(() -> {
                while (true) {
                    log.add("tick");
                    sleep(Duration.ZERO);
                }
            });
            List<Callable<String>> work = List.of(() -> slow("a"), () -> slow("b"));
            var results = new ArrayList<String>();
            for (var future : executor.invokeAll(work)) {
                assertThat(future.isDone()).isTrue();
                results.add(future.get());
            }
            assertThat(results).containsExactly("a", "b");
            assertThat(executor.invokeAny(work)).isIn("a", "b");
            assertThat(log.size()).isGreaterThan(2);
            ticker.cancel();
        });
    }

    private static String slow(String name) {
        sleep(Duration.ofMillis(2));
        return name;
    }

    @Test
    void waitForAFutureMayHaveALimitAndDoesNotCancelIt() throws Exception {
        try (var portal = BlockingPortal.start()) {
            var release = new Promise<Integer>("release");
            var future = portal.loop().asExecutorService().submit(() -> release.await());
            assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(portal.<Boolean>call(() -> {
                        assertThatThrownBy(() -> future.get(1, TimeUnit.MILLISECONDS))
                                .isInstanceOf(TimeoutException.class);
                        return future.isDone();
                    }))
                    .isFalse();
            release.complete(42);
            assertThat(future.get(Long.MAX_VALUE, TimeUnit.DAYS)).isEqualTo(42);
        }
    }

    @Test
    void cancellingAFutureCancelsItsCoroutine() throws Exception {
        run(() -> {
            var executor = Async.currentLoop().asExecutorService();
            var future = executor.submit(() -> {
                try {
                    sleep(Duration.ofHours(1));
                } catch (CancelledError e) {
                    log.add("cancelled");
                    throw e;
                }
            });
            sleep(Duration.ZERO);
            assertThat(future.cancel(false)).isTrue();
            assertThatThrownBy(future::get).isInstanceOf(CancellationException.class);
            assertThat(future.isCancelled()).isTrue();
            assertThat(log).containsExactly("cancelled");
        });
    }

    @Test
    void shutDownExecutorTakesNoMoreAndTerminatesWithItsLastTask() throws Exception {
        run(() -> {
            var executor = Async.currentLoop().asExecutorService();
            executor.submit(() -> {
                sleep(Duration.ofMillis(2));
                log.add("done");
            });
            executor.shutdown();
            assertThat(executor.isShutdown()).isTrue();
            assertThat(executor.isTerminated()).isFalse();
            assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
            assertThat(executor.awaitTermination(1, TimeUnit.NANOSECONDS)).isFalse();
            executor.close();
            assertThat(executor.isTerminated()).isTrue();
            assertThat(log).containsExactly("done");
            assertThat(spawn(() -> "the loop goes on").await()).isNotEmpty();
        });
    }

    @Test
    void shutdownNowCancelsWhatRunsAndReturnsWhatHasNotBegun() throws Exception {
        run(() -> {
            var executor = Async.currentLoop().asExecutorService();
            executor.submit(() -> {
                log.add("begun");
                sleep(Duration.ofHours(1));
            });
            sleep(Duration.ZERO);
            var second = executor.submit(() -> {
                log.add("never begun");
            });
            assertThat(executor.shutdownNow()).isEqualTo(List.of(second));
            assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
            assertThat(second.isCancelled()).isTrue();
            assertThat(log).containsExactly("begun");
        });
    }

    @Test
    void closedLoopRejects() {
        var loop = EventLoop.open();
        var executor = loop.asExecutorService();
        loop.close();
        assertThatThrownBy(() -> executor.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> CompletableFuture.runAsync(() -> {}, loop))
                .isInstanceOf(RejectedExecutionException.class);
        executor.shutdown();
        assertThat(executor.isTerminated()).isTrue();
    }

    @Test
    void stagesOfTheJdkRunTheirCallbacksInTheLoop() throws Exception {
        run(() -> {
            var loop = Async.currentLoop();
            var answer = CompletableFuture.supplyAsync(() -> 41)
                    .thenApplyAsync(
                            value -> {
                                assertThat(EventLoop.current()).isSameAs(loop);
                                return value + 1;
                            },
                            loop);
            assertThat(Async.await(answer)).isEqualTo(42);
        });
    }
}
