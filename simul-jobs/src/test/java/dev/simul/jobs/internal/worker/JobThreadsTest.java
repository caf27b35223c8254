package dev.simul.jobs.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobThreadsTest {
    private static final int THREADS = 8;

    /** A thread that is not woken although work waits would leave a party of the barrier out, for ever. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void workThatWaitsForOtherWorkNeverLeavesAThreadAsleep(long seed) throws Exception {
        var random = new Random(seed);
        try (var threads = new JobThreads(THREADS, false)) {
            for (int round = 0; round < 2_000; round++) {
                int parties = 1 + random.nextInt(THREADS);
                int brief = random.nextInt(10);
                var barrier = new CyclicBarrier(parties);
                var done = new CountDownLatch(parties + brief);
                for (int work = 0; work < parties + brief; work++) {
                    boolean waits = work < parties;
                    threads.execute(() -> {
                        if (waits) {
                            meet(barrier);
                        }
                        done.countDown();
                    });
                }
                assertThat(done.await(30, TimeUnit.SECONDS))
                        .as("seed %d, round %d: %d of %d still wait", seed, round, done.getCount(), parties + brief)
                        .isTrue();
            }
        }
    }

    @Test
    void workThatThrowsLeavesTheRestToOthers() throws Exception {
        var done = new CountDownLatch(50);
        try (var threads = new JobThreads(2, false)) {
            var first = new CountDownLatch(1);
            threads.execute(() -> await(first));
            for (int work = 0; work < 50; work++) {
                threads.execute(() -> {
                    done.countDown();
                    Thread.currentThread().setUncaughtExceptionHandler((_, _) -> {});
                    throw new IllegalStateException("on purpose");
                });
            }
            first.countDown();
            assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
