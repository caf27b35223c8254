package dev.simul;

import static dev.simul.Async.map;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Work on many items with a limit, as AnyIO's amap. */
class MapTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();
    private int atWork;

    @Test
    void resultsAreInTheOrderOfTheItemsAndNotMoreAreWorkedOnThanAllowed() throws Exception {
        var items = IntStream.range(0, 10).boxed().toList();

        List<Integer> results = time.run(() -> map(3, items, item -> {
            atWork++;
            assertThat(atWork).isLessThanOrEqualTo(3);
            sleepMillis(20 - item);
            atWork--;
            return item * item;
        }));

        assertThat(results).containsExactly(0, 1, 4, 9, 16, 25, 36, 49, 64, 81);
        assertThat(time.elapsedMillis()).isBetween(50L, 80L);
    }

    @Test
    void itemsAreTakenWhenThereIsAPlaceForThem() throws Exception {
        var items = Generator.<Integer>of(out -> {
            for (int i = 0; i < 3; i++) {
                log.add("take " + i);
                out.yield(i);
            }
        });
        time.run(() -> map(1, items, item -> {
            sleepMillis(1);
            return log.add("work " + item);
        }));

        assertThat(log).containsSubsequence("take 0", "take 1", "work 0", "take 2", "work 1", "work 2");
    }

    @Test
    void firstFailureCancelsTheOthersAndNothingIsLeft() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> map(2, List.of(1, 2, 3, 4), item -> {
                        if (item == 2) {
                            throw new IOException("item 2");
                        }
                        try {
                            sleepMillis(100);
                        } finally {
                            log.add("end of " + item);
                        }
                        return item;
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("item 2");
            assertThat(requireNonNull(EventLoop.current()).tasks()).hasSize(1);
            assertThat(time.elapsedMillis()).isZero();
        });

        assertThat(log).containsExactly("end of 1");
    }

    @Test
    void cancellingItCancelsWhatIsWorkedOn() throws Exception {
        time.run(() -> {
            var mapping = spawn(() -> map(2, List.of(1, 2, 3), item -> {
                try {
                    sleepMillis(100);
                    return item;
                } finally {
                    log.add("end of " + item);
                }
            }));
            pass();
            pass();
            mapping.cancel();
            assertThatThrownBy(mapping::await).isInstanceOf(CancelledError.class);
        });

        assertThat(log).containsExactly("end of 1", "end of 2");
    }

    @Test
    void limitBelowOneIsRefused() throws Exception {
        time.run(() -> assertThatThrownBy(() -> map(0, List.of(1), item -> item))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atOnce must be at least 1, was 0"));
    }

    @Test
    void nothingIsMadeOfNothing() throws Exception {
        List<Integer> results = time.run(() -> map(5, List.<Integer>of(), item -> item));
        assertThat(results).isEmpty();
    }
}
