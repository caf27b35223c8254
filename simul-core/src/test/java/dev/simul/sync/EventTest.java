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

class EventTest {

    private final VirtualTime time = new VirtualTime();
    private final Event event = new Event();
    private final List<Integer> log = new ArrayList<>();

    private Task<?> waiter(int number) {
        return spawn(() -> {
            event.await();
            log.add(number);
        });
    }

    @Test
    void settingWakesAllInTheOrderInWhichTheyCame() throws Exception {
        time.run(() -> {
            waiter(1);
            waiter(2);
            waiter(3);
            pass();
            assertThat(log).isEmpty();

            event.set();
            pass();
            assertThat(log).containsExactly(1, 2, 3);
        });
    }

    @Test
    void whoStartsWithTheFlagSetComesBeforeThoseWhoAreWoken() throws Exception {
        time.run(() -> {
            waiter(1);
            waiter(2);
            pass();
            var third = waiter(3);
            event.set();
            await(third);
            pass();

            assertThat(log).containsExactly(3, 1, 2);
        });
    }

    @Test
    void waitingForASetFlagDoesNotLetOthersRun() throws Exception {
        time.run(() -> {
            event.set();
            spawn(() -> log.add(1));
            event.await();

            assertThat(log).isEmpty();
        });
    }

    @Test
    void clearRightAfterSetDoesNotSendWaitersBack() throws Exception {
        time.run(() -> {
            waiter(1);
            pass();
            event.set();
            event.clear();
            pass();

            assertThat(log).containsExactly(1);
            assertThat(event.isSet()).isFalse();
        });
    }

    @Test
    void waiterRunsOnceHoweverOftenTheFlagIsSet() throws Exception {
        time.run(() -> {
            waiter(1);
            pass();
            event.set();
            event.clear();
            event.set();
            event.set();
            pass();
            pass();

            assertThat(log).containsExactly(1);
            assertThat(event.statistics()).isEqualTo(new Event.Statistics(true, 0));
        });
    }

    @Test
    void afterClearOneWaitsAgain() throws Exception {
        time.run(() -> {
            event.set();
            event.clear();
            waiter(1);
            pass();

            assertThat(log).isEmpty();
            assertThat(event).hasToString("Event[not set, 1 waiting]");
        });
    }

    @Test
    void cancelledWaiterLeavesAndTheOthersStay() throws Exception {
        time.run(() -> {
            var first = waiter(1);
            waiter(2);
            pass();
            first.cancel();
            assertThatThrownBy(first::await).isInstanceOf(CancelledError.class);

            assertThat(event.statistics().waiting()).isEqualTo(1);
            event.set();
            pass();
            assertThat(log).containsExactly(2);
        });
    }

    @Test
    void itMayBeSetBeforeItsLoopRuns() throws Exception {
        event.set();

        time.run(event::await);
        assertThat(event).hasToString("Event[set]");
    }

    @Test
    void waitingOutsideOfALoopIsRefusedWithTheWayOut() {
        assertThatThrownBy(event::await).hasMessageContaining("or use java.util.concurrent.CountDownLatch");
    }
}
