package dev.simul.sync;

import static dev.simul.Async.await;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SemaphoreTest {

    private final VirtualTime time = new VirtualTime();
    private final List<Integer> log = new ArrayList<>();

    private Task<?> taker(Semaphore semaphore, int number) {
        return spawn(() -> {
            semaphore.acquire();
            log.add(number);
        });
    }

    @Test
    void permitsAreTakenUntilThereIsNone() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(2);
            semaphore.acquire();
            assertThat(semaphore.isLocked()).isFalse();
            assertThat(semaphore.tryAcquire()).isTrue();

            assertThat(semaphore.isLocked()).isTrue();
            assertThat(semaphore.tryAcquire()).isFalse();
            semaphore.release();
            assertThat(semaphore.permits()).isEqualTo(1);
        });
    }

    @Test
    void semaphoreMayBeginWithNoneButNotWithFewer() {
        assertThat(new Semaphore(0).isLocked()).isTrue();
        assertThatThrownBy(() -> new Semaphore(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("permits must be 0 or more, was -1");
        assertThatThrownBy(() -> new BoundedSemaphore(3, 2)).hasMessage("limit must be at least permits (3), was 2");
    }

    @Test
    void boundedSemaphoreRefusesAReleaseTooMany() throws Exception {
        time.run(() -> {
            var semaphore = new BoundedSemaphore(1);
            semaphore.acquire();
            semaphore.release();

            assertThatThrownBy(semaphore::release)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("whose 1 permits are all free");
            var roomy = new BoundedSemaphore(0, 1);
            roomy.release();
            assertThatThrownBy(roomy::release).isInstanceOf(IllegalStateException.class);
            assertThat(roomy.limit()).isEqualTo(1);
        });
    }

    @Test
    void unboundedSemaphoreGrows() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(1);
            semaphore.release();

            assertThat(semaphore.permits()).isEqualTo(2);
        });
    }

    @Test
    void waitersGetPermitsInTheOrderOfAsking() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            for (int i = 1; i <= 4; i++) {
                taker(semaphore, i);
            }
            pass();
            semaphore.release();
            semaphore.release();
            pass();
            assertThat(log).containsExactly(1, 2);
            semaphore.release();
            semaphore.release();
            pass();

            assertThat(log).containsExactly(1, 2, 3, 4);
        });
    }

    @Test
    void cancelledWaiterIsSkipped() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            var first = taker(semaphore, 1);
            var second = taker(semaphore, 2);
            taker(semaphore, 3);
            taker(semaphore, 4);
            pass();
            first.cancel();
            second.cancel();
            semaphore.release();
            pass();
            pass();

            assertThat(log).containsExactly(3);
            assertThatThrownBy(first::await).isInstanceOf(CancelledError.class);
            assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(0, 1));
        });
    }

    @Test
    void waiterCancelledInTheStepOfTheReleaseLetsTheNextHaveThePermit() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(1);
            semaphore.acquire();
            var first = taker(semaphore, 1);
            var second = taker(semaphore, 2);
            pass();
            semaphore.release();
            first.cancel();
            await(second);

            assertThat(first.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(log).containsExactly(2);
        });
    }

    @Test
    void permitOfAWaiterThatIsCancelledBeforeItRunsIsNotLost() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(1);
            semaphore.acquire();
            var only = taker(semaphore, 1);
            pass();
            semaphore.release();
            only.cancel();
            pass();

            assertThat(semaphore.permits()).isEqualTo(1);
            assertThat(semaphore.tryAcquire()).isTrue();
        });
    }

    @Test
    void releaserThatAsksAgainQueuesBehindWaiters() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(1);
            var first = spawn(() -> {
                semaphore.acquire();
                log.add(1);
                pass();
                semaphore.release();
            });
            var second = spawn(() -> {
                semaphore.acquire();
                log.add(2);
                semaphore.release();
                semaphore.acquire();
                log.add(4);
                semaphore.release();
            });
            var third = spawn(() -> {
                semaphore.acquire();
                log.add(3);
                pass();
                semaphore.release();
            });
            for (var task : List.of(first, second, third)) {
                await(task);
            }

            assertThat(log).containsExactly(1, 2, 3, 4);
        });
    }

    @Test
    void afterTheFirstWaiterWasCancelledTwoReleasesServeTheOthers() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            var first = taker(semaphore, 1);
            taker(semaphore, 2);
            taker(semaphore, 3);
            pass();
            first.cancel();
            pass();
            semaphore.release();
            semaphore.release();
            pass();

            assertThat(log).containsExactly(2, 3);
            assertThat(semaphore.permits()).isZero();
        });
    }

    @Test
    void permitsBeyondThoseOfTheWaitersAreShownButNobodyOvertakes() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            taker(semaphore, 1);
            pass();
            var second = spawn(() -> {
                for (int i = 0; i < 3; i++) {
                    semaphore.release();
                }
                log.add(semaphore.permits() * 100 + (semaphore.isLocked() ? 1 : 0));
                semaphore.acquire();
                log.add(2);
                return null;
            });
            taker(semaphore, 3);
            await(second);
            pass();

            assertThat(log).containsExactly(201, 1, 2, 3);
            assertThat(semaphore.permits()).isZero();
        });
    }

    @Test
    void newcomersThatQueuedBehindAWokenWaiterAreServedWhenItHasRun() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            taker(semaphore, 1);
            pass();
            semaphore.release();
            semaphore.release();
            var second = spawn(() -> {
                semaphore.acquire();
                log.add(2);
            });
            await(second);

            assertThat(log).containsExactly(1, 2);
        });
    }

    @Test
    void blockGivesThePermitBack() throws Exception {
        time.run(() -> {
            var semaphore = new BoundedSemaphore(1);
            try (var _ = semaphore.hold()) {
                assertThat(semaphore.isLocked()).isTrue();
                assertThat(semaphore).hasToString("BoundedSemaphore[0 free]");
            }

            assertThat(semaphore.isLocked()).isFalse();
        });
    }

    @Test
    void textSaysHowManyAreFreeAndHowManyWait() throws Exception {
        time.run(() -> {
            var semaphore = new Semaphore(0);
            taker(semaphore, 1);
            pass();

            assertThat(semaphore).hasToString("Semaphore[0 free, 1 waiting]");
        });
    }
}
