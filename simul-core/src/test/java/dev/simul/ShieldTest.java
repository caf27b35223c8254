package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.shield;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** asyncio.shield of tasks and promises; shield of code is in CombinatorsTest. */
class ShieldTest {

    private final VirtualTime time = new VirtualTime();
    private final Promise<Integer> inner = new Promise<>("inner");

    @Test
    void resultPassesThrough() throws Exception {
        time.run(() -> {
            var outer = shield(inner);
            inner.complete(42);
            assertThat(outer.await()).isEqualTo(42);
        });
    }

    @Test
    void failurePassesThroughAsTheSameObject() throws Exception {
        var failure = new IOException("inside");
        time.run(() -> {
            var outer = shield(inner);
            inner.fail(failure);
            pass();
            assertThat(outer.exception()).isSameAs(failure);
        });
    }

    @Test
    void cancellationOfTheInnerOnePassesThrough() throws Exception {
        time.run(() -> {
            var outer = shield(inner);
            inner.cancel("inside");
            pass();
            assertThat(outer.state()).isEqualTo(Task.State.CANCELLED);
            assertThatThrownBy(outer::await).hasMessage("inside");
        });
    }

    @Test
    void cancellationOfTheOuterOneDoesNotAndLeavesNothingBehind() throws Exception {
        time.run(() -> {
            var outer = shield(inner);
            outer.cancel();

            assertThat(outer.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(inner).hasToString("<Promise pending name='inner'>");
        });
    }

    @Test
    void whatHasEndedIsReturnedItself() throws Exception {
        inner.complete(42);
        time.run(() -> assertThat(shield(inner)).isSameAs(inner));
    }

    @Test
    void waiterIsCancelledAtOnceAndTheTaskGoesOn() throws Exception {
        time.run(() -> {
            var task = spawn(() -> {
                sleepMillis(10);
                return "saved";
            });
            var waiter = spawn(() -> shield(task).await());
            pass();
            pass();
            waiter.cancel();
            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(time.elapsedMillis()).isZero();
            assertThat(task.await()).isEqualTo("saved");
        });
    }

    @Test
    void resultAfterTheOuterOneWasCancelledIsReportedToNobody() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                shield(inner).cancel();
                inner.complete(42);
                pass();
            });
            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void failureAfterTheOuterOnesWereCancelledIsReportedOnceHoweverManyThereWere() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                shield(inner).cancel();
                shield(inner).cancel();
                inner.fail(new IOException("alone"));
                pass();
            });
            assertThat(logged.messages()).containsExactly("task inner failed and nobody looked");
        }
    }

    @Test
    void failureThatOneOfTwoShieldsShowedIsNotReported() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                var first = shield(inner);
                shield(inner).cancel();
                inner.fail(new IOException("seen"));
                assertThatThrownBy(first::await).hasMessage("seen");
            });
            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void shieldedGatherGoesOnAndGetsItsList() throws Exception {
        time.run(() -> {
            var other = new Promise<Integer>("other");
            var parent = gather(inner, other);
            var outer = shield(parent);
            outer.cancel();
            pass();
            assertThat(outer.state()).isEqualTo(Task.State.CANCELLED);

            inner.complete(1);
            other.complete(2);

            assertThat(parent.await()).containsExactly(1, 2);
        });
    }

    @Test
    void cancelledGatherOfShieldsLeavesWhatTheyShield() throws Exception {
        time.run(() -> {
            var other = new Promise<Integer>("other");
            var shields = List.of(shield(inner), shield(other));
            var parent = gather(shields);
            parent.cancel();
            pass();

            assertThat(parent.state()).isEqualTo(Task.State.FAILED);
            assertThat(parent.exception()).isInstanceOf(CancelledError.class);
            assertThat(shields).allMatch(shield -> shield.state() == Task.State.CANCELLED);
            assertThat(inner.isDone()).isFalse();
            assertThat(other.isDone()).isFalse();
        });
    }

    @Test
    void outsideOfALoopItIsRefused() {
        assertThatThrownBy(() -> shield(inner))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("shield(…) needs a running loop");
    }
}
