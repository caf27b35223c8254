package dev.simul;

import static dev.simul.Async.sleepForever;
import static dev.simul.Async.sleepUntil;
import static dev.simul.Async.spawn;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link Async#sleep} has its tests where asyncio's order has; these are trio's sleep_until and sleep_forever. */
class SleepTest {

    private final VirtualTime time = new VirtualTime();

    @Test
    void sleeperWakesAtTheMomentAndNotAfterATimeFromNow() throws Exception {
        time.run(() -> {
            var moment = Deadline.after(Duration.ofMillis(100));
            sleepMillis(30);
            sleepUntil(moment);
        });

        assertThat(time.elapsedMillis()).isEqualTo(100);
    }

    @Test
    void momentThatIsOverLetsTheOthersRunOnce() throws Exception {
        List<String> log = new ArrayList<>();
        time.run(() -> {
            spawn(() -> log.add("other"));
            sleepUntil(Deadline.PASSED);
            log.add("sleeper");
        });

        assertThat(log).containsExactly("other", "sleeper");
        assertThat(time.elapsedMillis()).isZero();
    }

    @Test
    void onlyCancellationEndsASleepForEver() throws Exception {
        time.run(() -> {
            var forEver = spawn(() -> sleepForever());
            var never = spawn(() -> sleepUntil(Deadline.NEVER));
            sleepMillis(1_000_000);
            assertThat(List.of(forEver.isDone(), never.isDone())).containsExactly(false, false);
            assertThat(forEver).asString().contains("its cancellation");
            forEver.cancel("enough");
            never.cancel("enough");
            pass();
            assertThatThrownBy(forEver::await)
                    .isInstanceOf(CancelledError.class)
                    .hasMessage("enough");
            assertThatThrownBy(never::await).isInstanceOf(CancelledError.class).hasMessage("enough");
        });
    }

    @Test
    void outsideOfALoopItNamesTheWayOut() {
        assertThatThrownBy(() -> sleepForever())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Async.run")
                .hasMessageContaining("CountDownLatch");
    }
}
