package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.race;
import static dev.simul.Async.shield;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** asyncio.gather and shield, and race. */
class CombinatorsTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void gatherKeepsTheOrderOfItsArguments() throws Exception {
        var results = time.run(() -> gather(() -> after(30, "a"), () -> after(10, "b"), () -> after(20, "c")));

        assertThat(results).containsExactly("a", "b", "c");
        assertThat(log).containsExactly("b", "c", "a");
        assertThat(time.elapsedMillis()).isEqualTo(30);
    }

    @Test
    void gatherOfNothingIsEmpty() throws Exception {
        assertThat(time.run(() -> Async.<String>gather())).isEmpty();
    }

    @Test
    void gatherThrowsTheFirstFailureAtOnceAndItsSiblingsGoOn() throws Exception {
        var failure = new IOException("b");
        time.run(() -> {
            assertThatThrownBy(() -> gather(() -> after(30, "a"), () -> failAfter(10, failure)))
                    .isSameAs(failure);
            log.add("failed");
            sleepMillis(50);
        });

        assertThat(log).containsExactly("failed", "a");
    }

    @Test
    void laterFailuresOfAGatherAreNotLogged() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                assertThatThrownBy(() -> gather(
                                () -> failAfter(10, new IOException("first")),
                                () -> failAfter(20, new IOException("second"))))
                        .hasMessage("first");
                sleepMillis(50);
            });

            assertThat(logged.messages()).isEmpty();
        }
    }

    @Test
    void cancellingAGatherCancelsItsParts() throws Exception {
        time.run(() -> {
            var promise = new Promise<String>("never");
            var waiter = spawn(() -> gather(promise::await, () -> after(100, "b")));
            pass();
            pass();

            waiter.cancel();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            assertThat(promise.state()).isEqualTo(Task.State.CANCELLED);
        });

        assertThat(log).isEmpty();
    }

    @Test
    void gatherWhosePartWaitsForItsOwnWaiterCanBeCancelled() throws Exception {
        time.run(() -> {
            List<Task<?>> ring = new ArrayList<>();
            ring.add(spawn(() -> gather(() -> ring.getFirst().await())));
            pass();
            pass();

            ring.getFirst().cancel();

            assertThatThrownBy(() -> ring.getFirst().await()).isInstanceOf(CancelledError.class);
        });
    }

    @Test
    void shieldedWorkGoesOnWhenItsWaiterIsCancelled() throws Exception {
        time.run(() -> {
            var waiter = spawn(() -> shield(() -> after(10, "saved")));
            pass();
            pass();

            waiter.cancel();

            assertThatThrownBy(waiter::await).isInstanceOf(CancelledError.class);
            sleepMillis(20);
        });

        assertThat(log).containsExactly("saved");
    }

    @Test
    void shieldPassesResultsAndFailuresOn() throws Exception {
        var failure = new IOException("inside");
        time.run(() -> {
            assertThat(shield(() -> after(10, "a"))).isEqualTo("a");
            assertThatThrownBy(() -> shield(() -> failAfter(10, failure))).isSameAs(failure);
        });
    }

    @Test
    void shieldedTaskIsNotCancelledWithItsWaiter() throws Exception {
        time.run(() -> {
            var task = spawn(() -> after(10, "saved"));
            var waiter = spawn(() -> shield(task::await));
            pass();
            pass();

            waiter.cancel();

            assertThat(task.await()).isEqualTo("saved");
            assertThat(waiter.state()).isEqualTo(Task.State.CANCELLED);
        });
    }

    @Test
    void failureOfWhatWasShieldedFromACancelledWaiterIsLoggedOnce() throws Exception {
        try (var logged = new LoggedMessages()) {
            time.run(() -> {
                var waiter = spawn(() -> shield(() -> failAfter(10, new IOException("alone"))));
                pass();
                pass();
                waiter.cancel();
                sleepMillis(20);
            });

            assertThat(logged.messages()).hasSize(1).first().asString().endsWith("failed and nobody looked");
        }
    }

    @Test
    void raceReturnsTheFirstSuccessAndCancelsTheOthers() throws Exception {
        var winner = time.run(() -> race(
                () -> {
                    try {
                        return after(1000, "slow");
                    } finally {
                        sleepMillis(3);
                        log.add("slow one has cleaned up");
                    }
                },
                () -> failAfter(5, new IOException("broken")),
                () -> after(10, "fast")));

        assertThat(winner).isEqualTo("fast");
        assertThat(log).containsExactly("fast", "slow one has cleaned up");
        assertThat(time.elapsedMillis()).isEqualTo(13);
    }

    @Test
    void raceThatNobodyWinsThrowsTheFirstFailure() throws Exception {
        var first = new IOException("first");
        var second = new IOException("second");
        time.run(() -> assertThatThrownBy(() -> race(() -> failAfter(20, second), () -> failAfter(10, first)))
                .isSameAs(first));

        assertThat(first.getSuppressed()).containsExactly(second);
    }

    @Test
    void raceNeedsARunner() throws Exception {
        time.run(() -> assertThatThrownBy(() -> Async.<String>race())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("race(…) needs at least one runner"));
    }

    private String after(long millis, String result) {
        sleepMillis(millis);
        log.add(result);
        return result;
    }

    private static String failAfter(long millis, Exception failure) throws Exception {
        sleepMillis(millis);
        throw failure;
    }
}
