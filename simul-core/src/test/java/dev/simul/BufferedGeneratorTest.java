package dev.simul;

import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.VirtualTime.pass;
import static dev.simul.VirtualTime.sleepMillis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Generators that run ahead of who reads them. */
class BufferedGeneratorTest {

    private final List<String> log = Collections.synchronizedList(new ArrayList<>());
    private final VirtualTime time = new VirtualTime();

    private Generator<Integer> logged(int to) {
        return Generator.of(out -> {
            try {
                for (int i = 1; i <= to; i++) {
                    log.add("computed " + i);
                    out.yield(i);
                }
            } finally {
                log.add("finally");
            }
        });
    }

    // ---- in a loop

    @Test
    void theBodyRunsAheadWhileTheConsumerIsBusyButNoFurtherThanTheLimit() throws Exception {
        time.run(() -> {
            try (var ahead = logged(9).buffered(2)) {
                assertThat(log).isEmpty();
                assertThat(ahead.next()).isEqualTo(1);
                sleepMillis(10);
                // one was taken, two lie ready, and the body waits in the yield of the fourth
                assertThat(log).containsExactly("computed 1", "computed 2", "computed 3", "computed 4");
                assertThat(ahead.next()).isEqualTo(2);
            }
            assertThat(log).endsWith("finally");
        });
    }

    @Test
    void producerAndConsumerOverlapTheirWaiting() throws Exception {
        time.run(() -> {
            var slow = Generator.<Integer>of(out -> {
                for (int i = 0; i < 5; i++) {
                    sleepMillis(10);
                    out.yield(i);
                }
            });
            for (int _ : slow.buffered(1)) {
                sleepMillis(10);
            }
        });
        assertThat(time.elapsedMillis()).isEqualTo(60);
    }

    @Test
    void aFailureComesAfterTheValuesBeforeIt() throws Exception {
        time.run(() -> {
            var failing = Generator.<Integer>of(out -> {
                out.yield(1);
                out.yield(2);
                throw new IOException("third");
            });
            var ahead = failing.buffered(10);
            assertThat(ahead.next()).isEqualTo(1);
            sleepMillis(10);
            assertThat(ahead.next()).isEqualTo(2);
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("third");
            assertThatThrownBy(ahead::next).isInstanceOf(NoSuchElementException.class);
        });
    }

    @Test
    void closingWaitsForAFinallyThatWaits() throws Exception {
        time.run(() -> {
            var source = Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                    sleep(Duration.ofDays(1));
                } finally {
                    sleepMillis(100);
                    log.add("finally");
                }
            });
            var ahead = source.buffered(1);
            ahead.next();
            sleepMillis(10);
            ahead.close();
            assertThat(log).containsExactly("finally");
            ahead.close();
        });
        assertThat(time.elapsedMillis()).isEqualTo(110);
    }

    @Test
    void anErrorInTheFinallyArrivesAtTheCloser() throws Exception {
        time.run(() -> {
            var source = Generator.<Integer>of(out -> {
                try {
                    out.yield(1);
                    out.yield(2);
                } finally {
                    throwIt(new IllegalArgumentException("in the finally"));
                }
            });
            var ahead = source.buffered(1);
            ahead.next();
            assertThatThrownBy(ahead::close).hasMessage("in the finally");
        });
    }

    @Test
    void cancellingTheConsumerStopsTheBody() throws Exception {
        time.run(() -> {
            var source = Generator.<Integer>of(out -> {
                try {
                    sleep(Duration.ofDays(1));
                } finally {
                    log.add("finally");
                }
            });
            var ahead = source.buffered(1);
            var consumer = spawn(ahead::next);
            sleepMillis(10);
            consumer.cancel();
            assertThatThrownBy(consumer::await).isInstanceOf(CancelledError.class);
            assertThat(log).containsExactly("finally");
        });
    }

    @Test
    void aTimeoutInTheBodyMayStayOpenAcrossAYieldAndHitsTheBodyOnly() throws Exception {
        time.run(() -> {
            var source = Generator.<Integer>of(out -> timeout(Duration.ofMillis(100), () -> {
                out.yield(1);
                sleep(Duration.ofDays(1));
            }));
            var ahead = source.buffered(1);
            assertThat(ahead.next()).isEqualTo(1);
            sleepMillis(500); // the time-out strikes meanwhile, and not here
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(TaskFailedException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
        });
    }

    @Test
    void theBodySeesTheTaskLocalsOfTheFirstRequest() throws Exception {
        TaskLocal<String> user = TaskLocal.of("user");
        time.run(() -> {
            user.set("ann");
            try (var ahead = Generator.<String>of(out -> out.yield(user.get())).buffered(1)) {
                assertThat(ahead.next()).isEqualTo("ann");
            }
        });
    }

    @Test
    void oneThatWasBegunGoesOnAhead() throws Exception {
        time.run(() -> {
            var source = logged(5);
            source.next();
            assertThat(source.buffered(3).stream().toList()).containsExactly(2, 3, 4, 5);
        });
        assertThat(log).endsWith("finally");
    }

    @Test
    void theLoopClosesOneThatIsLeftWaiting() throws Exception {
        time.run(() -> {
            logged(9).buffered(2).next();
            pass();
        });
        assertThat(log).endsWith("finally");
    }

    @Test
    void nullIsAValue() throws Exception {
        time.run(() -> {
            var source = Generator.<@Nullable String>of(out -> {
                out.yield(null);
                out.yield("x");
            });
            assertThat(source.buffered(1).stream().toList()).containsExactly(null, "x");
        });
    }

    // ---- in threads

    @Test
    void outsideOfALoopTheBodyRunsInAThreadOfItsOwn() throws Exception {
        for (var consumer : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
            log.clear();
            var gate = new Semaphore(0);
            var source = Generator.<Integer>of(out -> {
                for (int i = 1; i <= 5; i++) {
                    out.yield(i);
                    gate.release();
                }
            });
            var thread = consumer.start(() -> {
                var ahead = source.buffered(4);
                log.add("" + ahead.next());
                gate.acquireUninterruptibly(4); // it goes on although nobody asks
                log.add("" + ahead.stream().toList());
            });
            thread.join();
            assertThat(log).containsExactly("1", "[2, 3, 4, 5]");
        }
    }

    @Test
    void closingStopsABodyThatIsBlockedInTheJdkAndWaitsForItsEnd() throws Exception {
        var blocked = new CountDownLatch(1);
        var source = Generator.<Integer>of(out -> {
            try {
                out.yield(1);
                blocked.countDown();
                new CountDownLatch(1).await();
            } finally {
                log.add("finally");
            }
        });
        var ahead = source.buffered(1);
        ahead.next();
        blocked.await();
        ahead.close();
        assertThat(log).containsExactly("finally");
    }

    @Test
    void aFailureInAThreadComesAfterTheValuesBeforeIt() {
        var ahead = Generator.<Integer>of(out -> {
                    out.yield(1);
                    throw new IllegalArgumentException("second");
                })
                .buffered(5);
        assertThat(ahead.next()).isEqualTo(1);
        assertThatThrownBy(ahead::next).hasMessage("second");
    }

    @Test
    void manyValuesKeepTheirOrder() {
        var source = Generator.<Integer>of(out -> {
            for (int i = 0; i < 10_000; i++) {
                out.yield(i);
            }
        });
        int expected = 0;
        for (int value : source.buffered(7)) {
            assertThat(value).isEqualTo(expected++);
        }
        assertThat(expected).isEqualTo(10_000);
    }

    @Test
    void aLimitOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> logged(1).buffered(0))
                .withMessage("the limit of buffered(limit) must be at least 1, was 0");
    }

    private static void throwIt(RuntimeException e) {
        throw e;
    }
}
