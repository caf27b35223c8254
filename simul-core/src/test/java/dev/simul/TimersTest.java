package dev.simul;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {

    private final Timers timers = new Timers();
    private final ReadyQueue ready = new ReadyQueue();
    private final List<Timer> fired = new ArrayList<>();

    @Test
    void timersFireInOrderOfTimeThenOfCreationWhateverIsCancelled() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var expected = new ArrayList<Timer>();
            for (int i = 0; i < 300; i++) {
                var timer = timer(random.nextInt(40));
                timers.add(timer);
                expected.add(timer);
            }
            expected.removeIf(timer -> {
                var unwanted = random.nextInt(3) > 0;
                if (unwanted) {
                    timers.cancel(timer);
                }
                return unwanted;
            });
            expected.sort(Comparator.comparingLong(timer -> timer.when));

            assertThat(timers.size()).as("seed %d", seed).isEqualTo(expected.size());
            fireUntil(40);

            assertThat(fired).as("seed %d", seed).containsExactlyElementsOf(expected);
            assertThat(timers.size()).isZero();
            fired.clear();
        }
    }

    @Test
    void onlyTimersThatAreDueFire() {
        timers.add(timer(10));
        timers.add(timer(11));

        fireUntil(10);

        assertThat(fired).extracting(timer -> timer.when).containsExactly(10L);
        assertThat(timers.size()).isOne();
    }

    @Test
    void timerCancelledInTheReadyQueueDoesNotFire() {
        var timer = timer(1);
        timers.add(timer);
        timers.moveDue(1, ready);

        timers.cancel(timer);
        ready.remove().step();

        assertThat(fired).isEmpty();
        assertThat(timers.size()).isZero();
    }

    @Test
    void cancelledTimersAreDroppedWhenTheyAreTheMajority() {
        var first = timer(0);
        timers.add(first);
        for (int i = 1; i <= 150; i++) {
            var timer = timer(i);
            timers.add(timer);
            timers.cancel(timer);
        }

        assertThat(timers.first()).isSameAs(first);
        assertThat(timers.size()).isOne();
    }

    @Test
    void readyQueueKeepsItsOrderWhileItGrows() {
        for (int i = 0; i < 1000; i++) {
            ready.add(timer(i));
            if (i % 3 == 0) {
                ready.remove().step();
            }
        }
        while (!ready.isEmpty()) {
            ready.remove().step();
        }

        assertThat(fired).hasSize(1000).isSortedAccordingTo(Comparator.comparingLong(timer -> timer.when));
    }

    private void fireUntil(long now) {
        timers.moveDue(now, ready);
        while (!ready.isEmpty()) {
            ready.remove().step();
        }
    }

    private Timer timer(long when) {
        return new Timer(when) {
            @Override
            void fire() {
                fired.add(this);
            }
        };
    }
}
