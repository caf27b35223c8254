package dev.simul.sync;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static org.assertj.core.api.Assertions.assertThat;

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
}
