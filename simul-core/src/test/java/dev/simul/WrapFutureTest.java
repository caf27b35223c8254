package dev.simul;

import static dev.simul.Async.on;
import static dev.simul.Async.run;
import static dev.simul.Async.spawn;
import static dev.simul.Async.wrapFuture;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.wrap_future, and the other way round. */
class WrapFutureTest {

    private final CompletableFuture<String> future = new CompletableFuture<>();

    @Test
    void resultOfAnotherThreadArrivesOnTheLoop() throws Exception {
        run(() -> {
            var task = wrapFuture(future);
            Thread.startVirtualThread(() -> future.complete("value"));
            assertThat(task.await()).isEqualTo("value");
        });
    }

    @Test
    void failureArrivesAsTheSameObject() throws Exception {
        var failure = new IOException("there");
        run(() -> {
            var task =
                    wrapFuture(CompletableFuture.<String>supplyAsync(() -> "").thenCompose(_ -> future));
            future.completeExceptionally(failure);
            assertThatThrownBy(task::await).isSameAs(failure);
        });
    }

    @Test
    void cancellingTheTaskCancelsThePendingFuture() throws Exception {
        run(() -> {
            wrapFuture(future).cancel();
            assertThat(future).isCancelled();
        });
    }

    @Test
    void futureThatHasAResultKeepsItWhenTheTaskIsCancelled() throws Exception {
        run(() -> {
            var late = new FutureTask<>(() -> "kept");
            var task = wrapFuture(late);
            task.onDone(_ -> {});
            late.run();
            task.cancel();
            assertThat(late.resultNow()).isEqualTo("kept");
        });
    }

    @Test
    void cancelledFutureCancelsTheTask() throws Exception {
        run(() -> {
            var task = wrapFuture(future);
            future.cancel(false);
            assertThatThrownBy(task::await).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void futuresThatCannotCallBackWorkToo() throws Exception {
        run(() -> {
            var value = new FutureTask<>(() -> "value");
            var failing = new FutureTask<String>(() -> {
                throw new IOException("there");
            });
            var waited = wrapFuture(value);
            Thread.startVirtualThread(value);
            assertThat(waited.await()).isEqualTo("value");
            failing.run();
            assertThatThrownBy(wrapFuture(failing)::await)
                    .isInstanceOf(IOException.class)
                    .hasMessage("there");

            var endless = new FutureTask<>(() -> "never");
            var cancelled = wrapFuture(endless);
            cancelled.cancel();
            assertThat(endless.isCancelled()).isTrue();
            assertThatThrownBy(cancelled::await).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void futureOfATaskIsThatTaskAgain() throws Exception {
        run(() -> {
            var task = spawn(() -> "value");
            assertThat(wrapFuture(task.toCompletableFuture())).isSameAs(task);
        });
    }

    @Test
    void futureOfATaskEndsAsTheTaskDoes() throws Exception {
        run(() -> {
            var failure = new IOException("here");
            var failed = spawn(() -> failWith(failure));
            var cancelled = spawn(() -> 1);
            cancelled.cancel();
            var failedFuture = failed.toCompletableFuture();
            var cancelledFuture = cancelled.toCompletableFuture();
            pass();
            assertThatThrownBy(failedFuture::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(failure);
            assertThat(cancelledFuture).isCancelled();
        });
    }

    @Test
    void failureOfWorkElsewhereThatNobodyLooksAtIsReported() throws Exception {
        try (var logged = new LoggedMessages();
                var executor = Executors.newSingleThreadExecutor()) {
            run(() -> {
                var work = on(executor, () -> failWith(new IOException("there")));
                while (!work.isDone()) {
                    pass();
                }
            });
            assertThat(logged.messages()).containsExactly("task work on an executor failed and nobody looked");
        }
    }

    @Test
    void submittedTaskBringsItsResultItsFailureAndItsCancellationToTheOtherThread() throws Exception {
        var failure = new IOException("over there");
        try (var loop = EventLoop.open()) {
            var stop = new Promise<Integer>("stop");
            var caller = CompletableFuture.runAsync(() -> {
                var sum = loop.submit(() -> {
                    pass();
                    return 1 + 2;
                });
                assertThat(sum.join()).isEqualTo(3);
                assertThatThrownBy(loop.submit(() -> failWith(failure))::await).isSameAs(failure);
                var cancelled = loop.submit(() -> {
                    LoopTask.current("", "").cancel();
                    pass();
                });
                assertThat(cancelled.toCompletableFuture())
                        .failsWithin(10, TimeUnit.SECONDS)
                        .withThrowableOfType(CancellationException.class);
                stop.complete(1);
            });
            loop.run(() -> stop.await());
            caller.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoDoesNotWantToWaitForASubmittedTaskCancelsItAndNothingIsLeft() throws Exception {
        try (var loop = EventLoop.open()) {
            var stop = new Promise<Integer>("stop");
            var caller = CompletableFuture.runAsync(() -> {
                var endless = loop.submit(() -> new Promise<Integer>("never").await());
                var asFuture = endless.toCompletableFuture();
                assertThatThrownBy(() -> asFuture.get(0, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
                asFuture.cancel(true);
                assertThatThrownBy(endless::await).isInstanceOf(CancellationException.class);
                stop.complete(1);
            });
            loop.run(() -> stop.await());
            caller.get(10, TimeUnit.SECONDS);
            assertThat(loop.statistics().tasks()).isZero();
        }
    }

    /** asyncio: the task is made on the loop and its first step comes later, so a cancellation sent at once comes before. */
    @Test
    void submittedTaskThatIsCancelledAtOnceNeverStarts() throws Exception {
        try (var loop = EventLoop.open()) {
            var started = new CountDownLatch(1);
            var task = loop.submit(started::countDown);
            task.cancel("changed my mind");

            loop.run(() -> {
                assertThatThrownBy(task::await).hasMessage("changed my mind");
            });
            assertThat(started.getCount()).isEqualTo(1);
        }
    }

    private static int failWith(Exception failure) throws Exception {
        throw failure;
    }
}
