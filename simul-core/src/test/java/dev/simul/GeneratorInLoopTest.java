package dev.simul;

import static dev.simul.Async.gather;
import static dev.simul.Async.run;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class GeneratorInLoopTest {
    private final List<String> log = new ArrayList<>();

    private Generator<Integer> count(String name, int to) {
        return Generator.of(out -> {
            try {
                for (int i = 1; i <= to; i++) {
                    log.add(name + i);
                    out.yield(i);
                }
            } finally {
                log.add(name + " closed");
            }
        });
    }

    @Test
    void coroutineDrivesWithoutGivingTheOthersATurn() throws Exception {
        run(() -> {
            spawn(() -> log.add("other"));
            for (int i : count("g", 2)) {
                log.add("got " + i);
            }
            sleep(Duration.ZERO);
        });
        assertThat(log).containsExactly("g1", "got 1", "g2", "got 2", "g closed", "other");
    }

    @Test
    void coroutineMayWaitBetweenTheValues() throws Exception {
        var sums = run(() -> gather(() -> slowSum("a"), () -> slowSum("b")));
        assertThat(sums).containsExactly(6, 6);
        assertThat(log).containsExactly("a1", "b1", "a2", "b2", "a3", "b3", "a closed", "b closed");
    }

    private int slowSum(String name) {
        int sum = 0;
        for (int i : count(name, 3)) {
            sum += i;
            sleep(Duration.ZERO);
        }
        return sum;
    }

    @Test
    void generatorsMayBeNestedInACoroutine() throws Exception {
        var squares = Generator.<Integer>of(out -> {
            for (int i : count("g", 3)) {
                out.yield(i * i);
            }
        });
        assertThat(run(() -> {
                    var seen = new ArrayList<Integer>();
                    for (int i : squares) {
                        seen.add(i);
                    }
                    return seen;
                }))
                .containsExactly(1, 4, 9);
    }

    @Test
    void blockedBodyBlocksOnlyTheCoroutineThatDrivesIt() throws Exception {
        assumeThat(Scheduler.current()).isEqualTo(Scheduler.OWN);
        var gate = new CountDownLatch(1);
        var generator = Generator.<Integer>of(out -> {
            gate.await();
            out.yield(1);
        });
        run(() -> {
            var waiting = spawn(generator::next);
            spawn(gate::countDown);
            assertThat(waiting.await()).isEqualTo(1);
        });
        generator.close();
    }

    @Test
    void cancellingTheCoroutineInterruptsTheBodyThatBlocksIt() throws Exception {
        assumeThat(Scheduler.current()).isEqualTo(Scheduler.OWN);
        var generator = Generator.<Integer>of(out -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                log.add("interrupted");
                throw e;
            }
        });
        run(() -> {
            var waiting = spawn(generator::next);
            spawn(() -> waiting.cancel());
            assertThatThrownBy(waiting::await).isInstanceOf(Throwable.class);
        });
        assertThat(log).containsExactly("interrupted");
    }

    @Test
    void generatorThatBeganOutsideGoesOnInsideAndBack() throws Exception {
        var generator = count("g", 4);
        assertThat(generator.next()).isEqualTo(1);
        assertThat(run(generator::next)).isEqualTo(2);
        assertThat(generator.next()).isEqualTo(3);
        run(generator::close);
        assertThat(log).endsWith("g closed");
    }

    /** Yields each number a second later than the one before. */
    private static Generator<Integer> slow(int to) {
        return Generator.of(out -> {
            for (int i = 1; i <= to; i++) {
                sleep(Duration.ofSeconds(1));
                out.yield(i);
            }
        });
    }

    @Test
    void bodyMayWaitInTheLoopForTheCoroutineThatDrivesIt() throws Exception {
        var clock = new VirtualClock();
        try (var loop = EventLoop.open(clock)) {
            loop.run(() -> gather(() -> logAll("a", slow(2)), () -> logAll("b", slow(3))));
        }
        assertThat(log).containsExactly("a1", "b1", "a2", "b2", "b3");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(3));
    }

    private boolean logAll(String name, Generator<Integer> generator) {
        for (int i : generator) {
            log.add(name + i);
        }
        return true;
    }

    @Test
    void nestedBodiesMayWaitInTheLoop() throws Exception {
        var clock = new VirtualClock();
        var squares = Generator.<Integer>of(out -> {
            for (int i : slow(3)) {
                sleep(Duration.ofSeconds(10));
                out.yield(i * i);
            }
        });
        try (var loop = EventLoop.open(clock)) {
            loop.run(() -> logAll("s", squares));
        }
        assertThat(log).containsExactly("s1", "s4", "s9");
        assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(33));
    }

    @Test
    void cancellationArrivesWhereTheBodyWaits() throws Exception {
        var generator = Generator.<Integer>of(out -> {
            try {
                sleep(Duration.ofDays(1));
            } finally {
                log.add("cleaned up");
            }
        });
        run(() -> {
            var reader = spawn(generator::next);
            sleep(Duration.ZERO);
            reader.cancel();
            assertThatThrownBy(reader::await).isInstanceOf(CancelledError.class);
        });
        assertThat(log).containsExactly("cleaned up");
    }

    @Test
    void bodyThatNoCoroutineDrivesCannotWaitInALoop() {
        assertThatIllegalStateException()
                .isThrownBy(() -> slow(1).next())
                .withMessageContaining("needs a running loop");
    }
}
