package dev.simul;

import static dev.simul.Async.spawn;
import static dev.simul.Async.staggeredRace;
import static dev.simul.Async.timeout;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static java.time.Duration.ofMillis;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** asyncio.staggered.staggered_race. */
class StaggeredRaceTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void nobodyWinsARaceOfNobody() throws Exception {
        RaceResult<String> result = time.run(() -> staggeredRace(null));

        assertThat(result).isEqualTo(new RaceResult<>(null, -1, List.of()));
        assertThat(result.isWon()).isFalse();
    }

    @Test
    void firstToSucceedWinsAndTheOthersAreNotStarted() throws Exception {
        RaceResult<String> result = time.run(() -> staggeredRace(null, () -> after(0, 0), () -> after(0, 1)));

        assertThat(result.winner()).isEqualTo("result 0");
        assertThat(result.index()).isZero();
        assertThat(result.failures()).hasSize(1).containsOnlyNulls();
        assertThat(log).containsExactly("started 0");
    }

    @Test
    void failureStartsTheNextAtOnce() throws Exception {
        RaceResult<String> result =
                time.run(() -> staggeredRace(ofMillis(100), () -> fail(5, 0), () -> after(1, 1), () -> after(0, 2)));

        assertThat(result.winner()).isEqualTo("result 1");
        assertThat(result.index()).isEqualTo(1);
        assertThat(result.failures()).hasSize(2);
        assertThat(result.failures().getFirst()).hasMessage("failed 0");
        assertThat(result.failures().getLast()).isNull();
        assertThat(time.elapsedMillis()).isEqualTo(6);
    }

    @Test
    void delayStartsTheNextAndTheLoserIsCancelledAndWaitedFor() throws Exception {
        RaceResult<String> result = time.run(() -> staggeredRace(
                ofMillis(100),
                () -> {
                    try {
                        return after(10_000, 0);
                    } finally {
                        sleepMillis(3);
                        log.add("cleaned up 0");
                    }
                },
                () -> after(0, 1)));

        assertThat(result.winner()).isEqualTo("result 1");
        assertThat(result.failures().getFirst()).isInstanceOf(CancelledError.class);
        assertThat(result.failures().getLast()).isNull();
        assertThat(log).containsExactly("started 0", "started 1", "cleaned up 0");
        assertThat(time.elapsedMillis()).isEqualTo(103);
    }

    @Test
    void earlierRunnerMayStillWinAfterTheDelay() throws Exception {
        RaceResult<String> result =
                time.run(() -> staggeredRace(ofMillis(10), () -> after(15, 0), () -> after(10_000, 1)));

        assertThat(result.index()).isZero();
        assertThat(result.failures().getLast()).isInstanceOf(CancelledError.class);
        assertThat(time.elapsedMillis()).isEqualTo(15);
    }

    @Test
    void ofTwoThatSucceedInTheSameTurnTheFirstWinsAndTheOtherOneCountsAsALoser() throws Exception {
        RaceResult<Integer> result = time.run(() -> {
            var open = new Promise<Boolean>("open");
            return staggeredRace(ofMillis(10), () -> open.await() ? 0 : -1, () -> open.await() ? 1 : -1, () -> {
                open.complete(true);
                return new Promise<Integer>("nothing").await();
            });
        });

        assertThat(result.winner()).isZero();
        assertThat(result.index()).isZero();
        assertThat(result.failures()).hasSize(3);
        assertThat(result.failures().getFirst()).isNull();
        assertThat(result.failures().subList(1, 3)).hasOnlyElementsOfType(CancelledError.class);
    }

    @Test
    void raceThatNobodyWinsSaysWhyAndDoesNotThrow() throws Exception {
        RaceResult<String> result = time.run(() -> staggeredRace(null, () -> fail(1, 0), () -> fail(1, 1)));

        assertThat(result.isWon()).isFalse();
        assertThat(result.failures()).extracting(Throwable::getMessage).containsExactly("failed 0", "failed 1");
    }

    @Test
    void eagerRunnersCount() throws Exception {
        RaceResult<String> result = time.run(() -> {
            requireNonNull(EventLoop.current()).startEagerly(true);
            return staggeredRace(null, () -> fail(0, 0), () -> after(0, 1), () -> after(0, 2));
        });

        assertThat(result.index()).isEqualTo(1);
        assertThat(log).containsExactly("started 0", "started 1");
    }

    @Test
    void cancelledRaceLeavesNobodyBehindHoweverOftenItIsCancelled() throws Exception {
        time.run(() -> {
            var race = spawn(() -> staggeredRace(ofMillis(10), () -> stubborn(0), () -> stubborn(1)));
            sleepMillis(20);
            race.cancel("first");
            sleepMillis(1);
            race.cancel("second");
            sleepMillis(1);
            assertThat(race.isDone()).isFalse();

            assertThatThrownBy(race::await).isInstanceOf(CancelledError.class);
            assertThat(requireNonNull(EventLoop.current()).tasks()).hasSize(1);
        });

        assertThat(log).contains("cleaned up 0", "cleaned up 1");
    }

    @Test
    void timeLimitsAroundACancelledRaceCountRight() throws Exception {
        time.run(() -> {
            assertThatThrownBy(() -> timeout(
                            ofMillis(30),
                            () -> timeout(
                                    ofMillis(20),
                                    () -> staggeredRace(null, () -> stubborn(0)).index())))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("not done after PT0.03S");
            pass();
        });
    }

    private String after(long millis, int number) {
        log.add("started " + number);
        if (millis > 0) {
            sleepMillis(millis);
        }
        return "result " + number;
    }

    private String fail(long millis, int number) throws IOException {
        after(millis, number);
        throw new IOException("failed " + number);
    }

    /** Needs three requests to end. */
    private String stubborn(int number) {
        for (int i = 0; i < 3; i++) {
            try {
                sleepMillis(20);
            } catch (CancelledError e) {
                log.add("asked " + number);
            }
        }
        log.add("cleaned up " + number);
        throw new CancelledError("at last");
    }
}
