package dev.simul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class PromiseTest {

    private final Promise<String> promise = new Promise<>("post");

    @Test
    void threadWaitsUntilItIsCompletedElsewhere() throws Exception {
        var completer = Thread.startVirtualThread(() -> promise.complete("letter"));

        assertThat(promise.await()).isEqualTo("letter");
        completer.join();
    }

    @Test
    void onlyTheFirstEndCounts() throws Exception {
        assertThat(promise.complete("first")).isTrue();

        assertThat(promise.complete("second")).isFalse();
        assertThat(promise.fail(new IOException())).isFalse();
        assertThat(promise.cancel()).isFalse();
        assertThat(promise.await()).isEqualTo("first");
        assertThat(promise.state()).isEqualTo(Task.State.DONE);
    }

    @Test
    void cancelledPromiseTakesNothingMoreAndTellsItsReasonToAll() {
        assertThat(promise.cancel("lost in the post")).isTrue();

        assertThat(promise.complete("late")).isFalse();
        assertThat(promise.fail(new IOException())).isFalse();
        assertThat(promise.cancel("again")).isFalse();
        assertThat(promise.isCancelled()).isTrue();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(promise::await)
                    .isInstanceOf(CancellationException.class)
                    .hasMessage("lost in the post");
        }
    }

    @Test
    void failureIsThrownAsTheSameObject() {
        var failure = new IOException("no stamp");
        promise.fail(failure);

        assertThatThrownBy(promise::await).isSameAs(failure);
        assertThat(promise.state()).isEqualTo(Task.State.FAILED);
    }

    @Test
    void joinWrapsOnlyCheckedExceptions() {
        var checked = new IOException("no stamp");
        promise.fail(checked);
        var unchecked = new IllegalStateException("closed");
        var other = new Promise<String>("other");
        other.fail(unchecked);

        assertThatThrownBy(promise::join)
                .isInstanceOf(TaskFailedException.class)
                .hasCause(checked)
                .hasMessage("task post failed: java.io.IOException: no stamp");
        assertThatThrownBy(other::join).isSameAs(unchecked);
    }

    @Test
    void outsideOfCoroutinesCancellationIsTheJdks() {
        promise.cancel("too late");

        assertThatThrownBy(promise::await)
                .isInstanceOf(CancellationException.class)
                .hasMessage("too late")
                .hasCauseInstanceOf(CancelledError.class);
        assertThat(promise.state()).isEqualTo(Task.State.CANCELLED);
    }

    @Test
    void interruptedThreadStopsWaiting() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(promise::await)
                .isInstanceOf(InterruptedException.class)
                .hasMessage("interrupted while waiting for task post");
        assertThat(promise.isDone()).isFalse();
    }

    @Test
    void callbacksRunOnceInOrderOfRegistration() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int number = i;
            promise.onDone(_ -> order.add(number));
        }

        promise.complete("letter");
        promise.onDone(_ -> order.add(5));
        promise.complete("again");

        assertThat(order).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void callbackThatThrowsDoesNotStopTheOthers() {
        List<String> called = new ArrayList<>();
        promise.onDone(_ -> {
            throw new IllegalStateException("broken");
        });
        promise.onDone(task -> called.add(task.name()));

        try (var logged = new LoggedMessages()) {
            promise.complete("letter");

            assertThat(logged.messages()).containsExactly("a callback of task post failed");
        }
        assertThat(called).containsExactly("post");
    }

    @Test
    void cancelHookGetsTheReasonAndOnlyOnCancellation() {
        List<String> reasons = new ArrayList<>();
        promise.onCancel(reasons::add);
        var completed = new Promise<String>("completed");
        completed.onCancel(reasons::add);

        promise.cancel("too late");
        completed.complete("letter");

        assertThat(reasons).containsExactly("too late");
    }

    @Test
    void futureEndsAsThePromiseDoes() {
        CompletableFuture<String> failed = promise.toCompletableFuture();
        var failure = new IOException("no stamp");
        promise.fail(failure);

        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    }

    @Test
    void cancellingTheFutureCancelsThePromise() {
        promise.toCompletableFuture().cancel(true);

        assertThat(promise.state()).isEqualTo(Task.State.CANCELLED);
    }

    @Test
    void nameIsWhatItsSubjectSaysWhenAsked() {
        List<String> waiting = new ArrayList<>();
        var promise = new Promise<String>(waiting);
        waiting.add("Ann");

        assertThat(promise.name()).isEqualTo("[Ann]");
        assertThat(promise.subject()).isSameAs(waiting);
    }

    @Test
    void failureOnALoopThatNobodyLooksAtIsReported() throws Exception {
        try (var logged = new LoggedMessages()) {
            Async.run(() -> promise.fail(new IOException("no stamp")));
            assertThat(logged.messages()).containsExactly("task post failed and nobody looked");
        }
    }

    @Test
    void failureThatWasLookedAtOrCancelledAfterwardsIsNotReported() throws Exception {
        var asked = new Promise<String>("asked");
        var awaited = new Promise<String>("awaited");
        try (var logged = new LoggedMessages()) {
            Async.run(() -> {
                promise.fail(new IOException("cancelled"));
                assertThat(promise.cancel()).isFalse();
                asked.fail(new IOException("asked"));
                assertThat(asked.exception()).hasMessage("asked");
                awaited.fail(new IOException("awaited"));
                assertThatThrownBy(awaited::await).hasMessage("awaited");
            });
            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void abandonedPromiseIsNoFailure() throws Exception {
        try (var logged = new LoggedMessages()) {
            Async.run(() -> new Promise<String>("abandoned").name());
            assertThat(logged.messages()).isEmpty();
        }
    }
}
