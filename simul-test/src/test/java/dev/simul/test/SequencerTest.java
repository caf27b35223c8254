package dev.simul.test;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.test.TestLoop.waitAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.simul.CancelledError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class SequencerTest {

    private final Sequencer sequencer = new Sequencer();
    private final List<String> log = new ArrayList<>();

    @Interleavings(seeds = 200)
    void blocksRunInTheOrderOfTheirNumbersUnderEverySchedule() throws Exception {
        gather(
                () -> {
                    block(0);
                    block(3);
                    return block(5);
                },
                () -> {
                    block(1);
                    return block(4);
                },
                () -> block(2));

        assertThat(log).containsExactly("0", "1", "2", "3", "4", "5");
    }

    @AsyncTest
    void nextBlockBeginsWhenTheOneBeforeHasEnded() throws Exception {
        var second = spawn(() -> block(1));
        try (var _ = sequencer.at(0)) {
            sleep(Duration.ofSeconds(1));
            log.add("0 ends");
        }
        second.await();

        assertThat(log).containsExactly("0 ends", "1");
    }

    @AsyncTest
    void eachNumberIsGoodForOnePlace() {
        block(0);

        assertThatIllegalStateException().isThrownBy(() -> block(0)).withMessageContaining("place 0");
    }

    @AsyncTest
    void cancelledWaiterBreaksTheSequenceForAll() {
        var cancelled = spawn(() -> block(1));
        var other = spawn(() -> block(2));
        waitAllBlocked();

        cancelled.cancel();

        assertThatIllegalStateException().isThrownBy(cancelled::await).withCauseInstanceOf(CancelledError.class);
        assertThatIllegalStateException().isThrownBy(other::await).withMessage("the sequence is broken");
        assertThatIllegalStateException().isThrownBy(() -> block(0)).withMessage("the sequence is broken");
    }

    @AsyncTest
    void negativeNumberIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> sequencer.at(-1)).withMessageContaining("was -1");
    }

    private String block(int number) {
        try (var _ = sequencer.at(number)) {
            log.add("" + number);
            return "" + number;
        }
    }
}
