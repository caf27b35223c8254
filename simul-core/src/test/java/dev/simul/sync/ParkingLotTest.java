package dev.simul.sync;

import static dev.simul.Async.currentTask;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.CancelledError;
import dev.simul.Task;
import dev.simul.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParkingLotTest {

    private final VirtualTime time = new VirtualTime();
    private final ParkingLot lot = new ParkingLot();
    private final List<Integer> log = new ArrayList<>();

    private Task<?> parker(int number) {
        return spawn(() -> {
            lot.park();
            log.add(number);
        });
    }

    @Test
    void thoseParkedLongestAreLetGoFirst() throws Exception {
        time.run(() -> {
            for (int i = 1; i <= 4; i++) {
                parker(i);
            }
            pass();
            assertThat(lot.size()).isEqualTo(4);
            assertThat(lot.unpark()).isTrue();
            pass();
            assertThat(log).containsExactly(1);
            assertThat(lot.unpark(2)).isEqualTo(2);
            pass();
            assertThat(log).containsExactly(1, 2, 3);
            assertThat(lot.unparkAll()).isEqualTo(1);
            pass();

            assertThat(log).containsExactly(1, 2, 3, 4);
            assertThat(lot.unpark()).isFalse();
            assertThat(lot.isEmpty()).isTrue();
        });
    }

    @Test
    void lettingNobodyGoIsNotRemembered() throws Exception {
        time.run(() -> {
            lot.unpark();
            parker(1);
            pass();

            assertThat(log).isEmpty();
            assertThat(lot).hasToString("ParkingLot[1 waiting]");
        });
    }

    @Test
    void cancelledOneLeaves() throws Exception {
        time.run(() -> {
            var first = parker(1);
            parker(2);
            pass();
            first.cancel();
            pass();

            assertThat(lot.statistics()).isEqualTo(new ParkingLot.Statistics(1));
            lot.unpark();
            pass();
            assertThat(log).containsExactly(2);
        });
    }

    @Test
    void whoWasLetGoComesBackAndIsCancelledAtTheNextWait() throws Exception {
        time.run(() -> {
            var parked = spawn(() -> {
                lot.park();
                log.add(1);
                try {
                    sleep(Duration.ZERO);
                } catch (CancelledError e) {
                    log.add(e.reason().equals("late") ? 2 : 3);
                    throw e;
                }
            });
            pass();
            lot.unpark();
            parked.cancel("late");
            pass();
            pass();

            assertThat(log).containsExactly(1, 2);
            assertThat(parked.state()).isEqualTo(Task.State.CANCELLED);
            assertThat(parked.cancelRequests()).isEqualTo(1);
        });
    }

    @Test
    void parkedOnesCanBeMovedToAnotherLot() throws Exception {
        time.run(() -> {
            var other = new ParkingLot();
            for (int i = 1; i <= 3; i++) {
                parker(i);
            }
            pass();
            assertThat(lot.repark(other, 1)).isEqualTo(1);
            assertThat(lot.reparkAll(other)).isEqualTo(2);
            lot.unparkAll();
            pass();
            assertThat(log).isEmpty();
            other.unparkAll();
            pass();

            assertThat(log).containsExactly(1, 2, 3);
        });
    }

    @Test
    void movedOneCanBeCancelled() throws Exception {
        time.run(() -> {
            var other = new ParkingLot();
            var parked = parker(1);
            pass();
            lot.reparkAll(other);
            parked.cancel();
            pass();

            assertThat(other.isEmpty()).isTrue();
        });
    }

    @Test
    void breakingItTurnsOutWhoIsParkedAndRefusesWhoComes() throws Exception {
        time.run(() -> {
            var breaker = spawn("breaker", () -> {});
            var parked = parker(1);
            pass();
            lot.breakLot(breaker);

            assertThatThrownBy(parked::await)
                    .isInstanceOf(BrokenResourceException.class)
                    .hasMessage("nobody can park in a ParkingLot that was broken by breaker");
            assertThatThrownBy(lot::park).isInstanceOf(BrokenResourceException.class);
            assertThat(lot.isBroken()).isTrue();
            assertThat(lot).hasToString("ParkingLot[0 waiting, broken]");
        });
    }

    @Test
    void itMayBeBrokenAgainAndKnowsByWhom() throws Exception {
        time.run(() -> {
            var ended = spawn(() -> {});
            ended.await();
            assertThat(lot.brokenBy()).isEmpty();
            lot.breakLot();
            lot.breakLot();
            lot.breakLot(ended);

            assertThat(lot.brokenBy()).containsExactly(currentTask(), currentTask(), ended);
        });
    }

    @Test
    void endOfABreakerTurnsOutWhoIsParked() throws Exception {
        time.run(() -> {
            var breaker = spawn(() -> VirtualTime.sleepMillis(10));
            var other = spawn(() -> VirtualTime.sleepMillis(10));
            lot.addBreaker(breaker);
            lot.addBreaker(other);
            var parked = parker(1);
            pass();
            breaker.cancel();

            assertThatThrownBy(parked::await).isInstanceOf(BrokenResourceException.class);
            assertThat(lot.brokenBy()).containsExactly(breaker);
            other.await();
            pass();
            assertThat(lot.brokenBy()).containsExactly(breaker, other);
        });
    }

    @Test
    void breakerThatIsTakenBackAsOftenAsItWasAddedMayEnd() throws Exception {
        time.run(() -> {
            var breaker = spawn(() -> VirtualTime.sleepMillis(10));
            lot.addBreaker(breaker);
            lot.addBreaker(breaker);
            lot.removeBreaker(breaker);
            lot.removeBreaker(breaker);
            assertThatThrownBy(() -> lot.removeBreaker(breaker))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("addBreaker(…) comes first");
            breaker.await();
            pass();
            assertThat(lot.isBroken()).isFalse();

            assertThatThrownBy(() -> lot.addBreaker(breaker))
                    .isInstanceOf(BrokenResourceException.class)
                    .hasMessageContaining("has ended already");
        });
    }

    @Test
    void parkedBreakerIsTurnedOutByItself() throws Exception {
        time.run(() -> {
            var parked = parker(1);
            pass();
            lot.breakLot(parked);

            assertThatThrownBy(parked::await)
                    .isInstanceOf(BrokenResourceException.class)
                    .hasMessageContaining(parked.name());
        });
    }

    @Test
    void nobodyIsMovedToABrokenLot() throws Exception {
        time.run(() -> {
            var parked = parker(1);
            pass();
            var broken = new ParkingLot();
            broken.breakLot();

            assertThatThrownBy(() -> lot.reparkAll(broken)).isInstanceOf(BrokenResourceException.class);
            lot.unparkAll();
            parked.await();
        });
    }
}
