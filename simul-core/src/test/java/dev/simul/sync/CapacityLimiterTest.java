package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.currentTask;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Task;
import dev.simul.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapacityLimiterTest {

    private final VirtualTime time = new VirtualTime();
    private final CapacityLimiter limiter = new CapacityLimiter(2);
    private final List<String> log = new ArrayList<>();

    private Task<?> borrower(String name) {
        return spawn(name, () -> {
            limiter.acquireFor(name);
            log.add(name);
        });
    }

    @Test
    void tokensAreLentInTheOrderOfAskingUntilThereIsNone() throws Exception {
        time.run(() -> {
            for (var name : List.of("a", "b", "c", "d")) {
                borrower(name);
            }
            pass();
            assertThat(log).containsExactly("a", "b");
            limiter.releaseFor("a");
            limiter.releaseFor("b");
            pass();

            assertThat(log).containsExactly("a", "b", "c", "d");
            assertThat(limiter.borrowedTokens()).isEqualTo(2);
            assertThat(limiter.availableTokens()).isZero();
        });
    }

    @Test
    void coroutineBorrowsForItself() throws Exception {
        time.run(() -> {
            limiter.acquire();
            assertThat(limiter.holders()).isEqualTo(List.of(currentTask()));
            assertThatThrownBy(limiter::acquire)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has a token of this CapacityLimiter already");
            assertThatThrownBy(limiter::tryAcquire).isInstanceOf(IllegalStateException.class);
            limiter.release();

            assertThatThrownBy(limiter::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("has no token of this CapacityLimiter");
        });
    }

    @Test
    void blockGivesTheTokenBack() throws Exception {
        time.run(() -> {
            try (var _ = limiter.hold()) {
                assertThat(limiter.borrowedTokens()).isEqualTo(1);
            }
            assertThat(limiter.borrowedTokens()).isZero();
        });
    }

    @Test
    void anotherCoroutineCannotGiveItBack() throws Exception {
        time.run(() -> {
            limiter.acquire();

            assertThatThrownBy(spawn(limiter::release)::await).isInstanceOf(IllegalStateException.class);
            assertThat(limiter.borrowedTokens()).isEqualTo(1);
        });
    }

    @Test
    void sameBorrowerCannotWaitTwice() throws Exception {
        time.run(() -> {
            limiter.totalTokens(0);
            borrower("a");
            pass();

            assertThatThrownBy(() -> limiter.acquireFor("a")).hasMessageContaining("a waits for a token");
        });
    }

    @Test
    void moreTokensGoToThoseWhoWait() throws Exception {
        time.run(() -> {
            for (var name : List.of("a", "b", "c", "d")) {
                borrower(name);
            }
            pass();
            limiter.totalTokens(3);
            pass();
            assertThat(log).containsExactly("a", "b", "c");

            limiter.totalTokens(CapacityLimiter.UNLIMITED);
            pass();
            assertThat(log).containsExactly("a", "b", "c", "d");
            assertThat(limiter).hasToString("CapacityLimiter[4 of unlimited lent]");
        });
    }

    @Test
    void fewerTokensAreReachedWhenEnoughHaveBeenGivenBack() throws Exception {
        time.run(() -> {
            for (var name : List.of("a", "b", "c")) {
                borrower(name);
            }
            pass();
            limiter.totalTokens(1);
            assertThat(limiter.availableTokens()).isEqualTo(-1);
            limiter.releaseFor("a");
            pass();
            assertThat(log).containsExactly("a", "b");
            limiter.releaseFor("b");
            pass();

            assertThat(log).containsExactly("a", "b", "c");
            assertThatThrownBy(() -> limiter.totalTokens(-1)).hasMessage("totalTokens must be 0 or more, was -1");
        });
    }

    @Test
    void whoNeedsNotWaitDoesNotOvertakeThoseWhoDo() throws Exception {
        time.run(() -> {
            limiter.totalTokens(0);
            borrower("a");
            pass();
            limiter.totalTokens(1); // a is chosen …

            assertThat(limiter.tryAcquireFor("b")).isFalse(); // … before b asks
        });
    }

    @Test
    void borrowerCancelledBeforeItRunsPassesTheTokenOn() throws Exception {
        time.run(() -> {
            limiter.totalTokens(1);
            limiter.acquireFor("main");
            var first = borrower("first");
            var second = borrower("second");
            pass();
            limiter.releaseFor("main");
            first.cancel();
            await(second);

            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(limiter.statistics().borrowers()).containsExactly("second");
        });
    }

    @Test
    void cancelledWaiterLeavesTheQueue() throws Exception {
        time.run(() -> {
            limiter.totalTokens(0);
            var first = borrower("first");
            pass();
            first.cancel();
            pass();

            assertThat(limiter.statistics()).isEqualTo(new CapacityLimiter.Statistics(0, List.of(), 0));
            assertThat(limiter.statistics().borrowedTokens()).isZero();
        });
    }

    @Test
    void textSaysHowManyAreLentAndHowManyWait() throws Exception {
        time.run(() -> {
            for (var name : List.of("a", "b", "c")) {
                borrower(name);
            }
            pass();

            assertThat(limiter).hasToString("CapacityLimiter[2 of 2 lent, 1 waiting]");
        });
    }
}
