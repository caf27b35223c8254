package dev.simul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.cli.TimeAxis.Tick;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimeAxisTest {
    @Test
    void twelveHoursAreMarkedEveryTwoHours() {
        assertThat(new TimeAxis(43_200).ticks(6))
                .extracting(Tick::text)
                .containsExactly("0:00:00", "2:00:00", "4:00:00", "6:00:00", "8:00:00", "10:00:00", "12:00:00");
    }

    @Test
    void twoAndAHalfSecondsAreMarkedInHalves() {
        assertThat(new TimeAxis(2.53).ticks(6))
                .extracting(Tick::text)
                .containsExactly("0 s", "0.5 s", "1 s", "1.5 s", "2 s", "2.5 s");
    }

    @Test
    void lessThanASecondIsMarkedInMilliseconds() {
        assertThat(new TimeAxis(0.3).ticks(6))
                .extracting(Tick::text)
                .containsExactly("0 ms", "50 ms", "100 ms", "150 ms", "200 ms", "250 ms", "300 ms");
    }

    @Test
    void nothingThatLastedHasNoMarks() {
        assertThat(new TimeAxis(0).ticks(6)).isEmpty();
    }

    @Test
    void marksAreFewAndOnTheAxisWhateverItsLength() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new SplittableRandom(seed);
            double end = Math.pow(10, random.nextDouble(-6, 9));
            int most = random.nextInt(1, 101);

            var ticks = new TimeAxis(end).ticks(most);

            assertThat(ticks).as("marks of seed %d", seed).hasSizeBetween(1, most + 1);
            assertThat(ticks)
                    .as("marks of seed %d", seed)
                    .allSatisfy(tick -> assertThat(tick.seconds()).isBetween(0.0, end * 1.000001));
        }
    }
}
