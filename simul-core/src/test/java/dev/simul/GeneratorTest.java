package dev.simul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GeneratorTest {
    private final List<String> log = new ArrayList<>();

    private Generator<Integer> count(int to) {
        return Generator.of(out -> {
            try {
                for (int i = 1; i <= to; i++) {
                    log.add("make " + i);
                    out.yield(i);
                }
            } finally {
                log.add("finally");
            }
        });
    }

    @Test
    void bodyRunsOnlyAsFarAsItIsAsked() {
        var generator = count(3);
        assertThat(log).isEmpty();
        assertThat(generator.next()).isEqualTo(1);
        assertThat(log).containsExactly("make 1");
        assertThat(generator.next()).isEqualTo(2);
        assertThat(log).containsExactly("make 1", "make 2");
        generator.close();
    }

    @Test
    void loopSeesEveryValueInOrder() {
        var seen = new ArrayList<Integer>();
        for (int i : count(3)) {
            seen.add(i);
        }
        assertThat(seen).containsExactly(1, 2, 3);
        assertThat(log).endsWith("finally");
    }

    @Test
    void endedGeneratorHasNoNextHoweverOftenAsked() {
        var generator = count(1);
        generator.next();
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
        assertThat(generator.iterator().hasNext()).isFalse();
    }

    @Test
    void nextLoopGoesOnWhereTheLastOneLeft() {
        try (var generator = count(10)) {
            for (int i : generator) {
                if (i == 3) {
                    break;
                }
            }
            assertThat(generator.stream().limit(3).toList()).containsExactly(4, 5, 6);
            assertThat(generator.next()).isEqualTo(7);
        }
    }

    @Test
    void closeRunsTheFinallyOfTheBodyOnce() {
        var generator = count(10);
        generator.next();
        generator.close();
        generator.close();
        generator.close();
        assertThat(log).containsExactly("make 1", "finally");
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void closeOfOneThatHasNotBegunNeverEntersTheBody() {
        var generator = count(10);
        generator.close();
        assertThat(generator.iterator().hasNext()).isFalse();
        assertThat(log).isEmpty();
    }

    @Test
    void leavingATryBlockCloses() {
        try (var generator = count(10)) {
            for (int i : generator) {
                if (i == 2) {
                    break;
                }
            }
        }
        assertThat(log).containsExactly("make 1", "make 2", "finally");
    }

    @Test
    void bodyThatYieldsAfterCloseIsAnError() {
        var generator = Generator.<Integer>of(out -> {
            try {
                out.yield(1);
            } catch (GeneratorExit e) {
                out.yield(2);
            }
        });
        generator.next();
        assertThatIllegalStateException()
                .isThrownBy(generator::close)
                .withMessageContaining("yielded again after it was closed");
        generator.close();
    }

    @Test
    void bodyThatSwallowsTheExitAndEndsIsClosed() {
        var generator = Generator.<Integer>of(out -> {
            try {
                out.yield(1);
            } catch (GeneratorExit e) {
                log.add("caught");
            }
        });
        generator.next();
        generator.close();
        assertThat(log).containsExactly("caught");
    }

    @Test
    void whatTheBodyThrowsOnCloseArrivesAtTheCloser() {
        var generator = Generator.<Integer>of(out -> {
            try {
                out.yield(1);
            } finally {
                throwIt(new IllegalArgumentException("clean-up failed"));
            }
        });
        generator.next();
        assertThatThrownBy(generator::close).hasMessage("clean-up failed");
        assertThatNoException().isThrownBy(generator::close);
    }

    private static void throwIt(RuntimeException e) {
        throw e;
    }

    @Test
    void catchExceptionInTheBodyDoesNotSwallowTheExit() {
        var generator = Generator.<Integer>of(out -> {
            while (true) {
                try {
                    out.yield(1);
                } catch (Exception e) {
                    log.add("swallowed");
                }
            }
        });
        generator.next();
        generator.close();
        assertThat(log).isEmpty();
    }

    @Test
    void thrownExceptionArisesAtTheYieldAndTheNextValueComesBack() {
        var generator = Generator.<String>of(out -> {
            while (true) {
                try {
                    out.yield("value");
                } catch (IllegalArgumentException e) {
                    out.yield("caught " + e.getMessage());
                }
            }
        });
        generator.next();
        assertThat(generator.throwing(new IllegalArgumentException("x"))).isEqualTo("caught x");
        assertThat(generator.next()).isEqualTo("value");
        generator.close();
    }

    @Test
    void thrownExceptionThatTheBodyDoesNotCatchComesBackAndEndsIt() {
        var generator = count(10);
        generator.next();
        var error = new IllegalArgumentException("x");
        assertThatThrownBy(() -> generator.throwing(error)).isSameAs(error);
        assertThat(log).endsWith("finally");
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void throwingIntoOneThatHasNotBegunEndsIt() {
        var generator = count(10);
        var error = new IllegalArgumentException("x");
        assertThatThrownBy(() -> generator.throwing(error)).isSameAs(error);
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
        assertThat(log).isEmpty();
    }

    @Test
    void bodyThatCatchesWhatIsThrownAndEndsHasNoNextValue() {
        var generator = Generator.<Integer>of(out -> {
            try {
                out.yield(1);
            } catch (IllegalArgumentException e) {
                log.add("caught");
            }
        });
        generator.next();
        assertThatThrownBy(() -> generator.throwing(new IllegalArgumentException("x")))
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void failureOfTheBodyReachesTheDriverOnceAndEndsTheGenerator() {
        var error = new IllegalArgumentException("bad");
        var generator = Generator.<Integer>of(out -> {
            out.yield(1);
            throw error;
        });
        generator.next();
        assertThatThrownBy(generator::next).isSameAs(error);
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void stackTraceOfAFailureGoesFromTheBodyOnToTheDriver() {
        var generator = Generator.<Integer>of(out -> {
            failDeepInTheBody();
        });
        assertThatThrownBy(() -> driveDeepInTheProgram(generator)).satisfies(error -> {
            var methods = List.of(error.getStackTrace()).stream()
                    .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                    .toList();
            assertThat(methods)
                    .containsSubsequence(
                            getClass().getName() + ".failDeepInTheBody",
                            Generator.class.getName() + ".next",
                            getClass().getName() + ".driveDeepInTheProgram");
            assertThat(methods).noneMatch(method -> method.contains("VirtualThread"));
            assertThat(methods.indexOf(Generator.class.getName() + ".next")).isLessThan(8);
        });
    }

    private static void failDeepInTheBody() {
        throw new IllegalArgumentException("bad");
    }

    private static void driveDeepInTheProgram(Generator<Integer> generator) {
        generator.next();
    }

    @Test
    void checkedExceptionOfTheBodyComesWrapped() {
        var io = Generator.<Integer>of(out -> {
            throw new IOException("disk");
        });
        assertThatThrownBy(io::next).isInstanceOf(UncheckedIOException.class).hasRootCauseMessage("disk");
        var checked = Generator.<Integer>of(out -> {
            throw new Exception("checked");
        });
        assertThatThrownBy(checked::next)
                .isInstanceOf(TaskFailedException.class)
                .hasRootCauseMessage("checked");
    }

    @Test
    void exhaustedIteratorInTheBodyIsNotTakenForTheEnd() {
        var generator = Generator.<Integer>of(
                out -> out.yield(List.<Integer>of().iterator().next()));
        assertThatIllegalStateException().isThrownBy(generator::next).withCauseInstanceOf(NoSuchElementException.class);
    }

    @Test
    void bodyThatAsksItselfIsRefused() {
        var self = new CompletableFuture<Generator<Integer>>();
        var generator = Generator.<Integer>of(out -> out.yield(self.join().next()));
        self.complete(generator);
        assertThatIllegalStateException()
                .isThrownBy(generator::next)
                .withMessageContaining("already running")
                .withMessageContaining("its own body");
    }

    @Test
    void secondThreadIsRefusedWhileTheFirstDrives() throws Exception {
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var generator = Generator.<Integer>of(out -> {
            entered.countDown();
            leave.await();
            out.yield(1);
        });
        var first = Thread.ofPlatform().name("first").start(generator::next);
        entered.await();
        assertThatIllegalStateException()
                .isThrownBy(generator::next)
                .withMessageContaining("already running")
                .withMessageContaining("first");
        leave.countDown();
        first.join();
        generator.close();
    }

    @Test
    void yieldFromAnotherThreadThanTheBodysIsRefused() throws Exception {
        var refusal = new CompletableFuture<Throwable>();
        var generator = Generator.<Integer>of(out -> {
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            out.yield(1);
                        } catch (IllegalStateException e) {
                            refusal.complete(e);
                        }
                    })
                    .join();
            out.yield(2);
        });
        assertThat(generator.next()).isEqualTo(2);
        assertThat(refusal.get()).hasMessageContaining("yield belongs to the body");
        generator.close();
    }

    @Test
    void yieldAfterTheBodyEndedIsRefused() {
        var kept = new ArrayList<Out<Integer>>();
        Generator.<Integer>of(kept::add).forEach(i -> {});
        assertThat(Generator.<Integer>of(kept::add).iterator().hasNext()).isFalse();
        for (var out : kept) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> out.yield(1))
                    .withMessageContaining("before the body ends");
        }
    }

    @Test
    void forEachOnAFreshGeneratorRunsTheBodyInTheCallersThread() {
        var threads = new ArrayList<Thread>();
        Generator.<Integer>of(out -> {
                    threads.add(Thread.currentThread());
                    out.yield(1);
                })
                .forEach(i -> threads.add(Thread.currentThread()));
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void streamThatWantsEverythingRunsTheBodyInTheCallersThread() {
        var threads = Generator.<Thread>of(out -> out.yield(Thread.currentThread())).stream()
                .map(thread -> thread)
                .collect(Collectors.toList());
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @Test
    void shortCircuitStreamTakesNoMoreThanItNeeds() {
        try (var stream = count(10).stream()) {
            assertThat(stream.filter(i -> i % 2 == 0).findFirst()).contains(2);
        }
        assertThat(log).containsExactly("make 1", "make 2", "finally");
    }

    @Test
    void forEachTakesUpWhereNextStopped() {
        var generator = count(4);
        generator.next();
        assertThat(generator.iterator().hasNext()).isTrue();
        var seen = new ArrayList<Integer>();
        generator.forEach(seen::add);
        assertThat(seen).containsExactly(2, 3, 4);
        generator.forEach(seen::add);
        assertThat(seen).hasSize(3);
    }

    @Test
    void failureOfTheConsumerClosesTheBodyAndIsThrown() {
        for (var begun : List.of(false, true)) {
            log.clear();
            var generator = Generator.<Integer>of(out -> {
                try {
                    while (true) {
                        out.yield(1);
                    }
                } catch (IllegalArgumentException e) {
                    log.add("body must not see it");
                } finally {
                    log.add("finally");
                }
            });
            if (begun) {
                generator.next();
            }
            var error = new IllegalArgumentException("consumer");
            assertThatThrownBy(() -> generator.forEach(i -> {
                        throw error;
                    }))
                    .isSameAs(error);
            assertThat(log).containsExactly("finally");
        }
    }

    @Test
    void consumerThatAsksTheGeneratorItConsumesIsRefused() {
        var generator = count(3);
        assertThatIllegalStateException()
                .isThrownBy(() -> generator.forEach(i -> generator.next()))
                .withMessageContaining("already running");
        assertThat(log).containsExactly("make 1", "finally");
    }

    @Test
    void delegationYieldsTheValuesOfTheOther() {
        var generator = Generator.<Integer>of(out -> {
            out.yieldFrom(List.of(10, 20));
            out.yieldFrom(count(2));
            out.yield(30);
        });
        assertThat(generator.iterator()).toIterable().containsExactly(10, 20, 1, 2, 30);
    }

    @Test
    void delegationToOneThatHasBegunYieldsItsRest() {
        var other = count(3);
        other.next();
        var generator = Generator.<Integer>of(out -> out.yieldFrom(other));
        assertThat(generator.next()).isEqualTo(2);
        assertThat(generator.next()).isEqualTo(3);
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void exceptionThrownIntoADelegationGoesToTheDelegateFirst() {
        for (var begun : List.of(false, true)) {
            var inner = Generator.<String>of(out -> {
                out.yield("first");
                try {
                    out.yield("second");
                } catch (IllegalArgumentException e) {
                    out.yield("inner caught " + e.getMessage());
                }
            });
            if (begun) {
                inner.next();
            }
            var outer = Generator.<String>of(out -> {
                out.yieldFrom(inner);
                out.yield("outer goes on");
            });
            if (!begun) {
                outer.next();
            }
            assertThat(outer.next()).isEqualTo("second");
            assertThat(outer.throwing(new IllegalArgumentException("x"))).isEqualTo("inner caught x");
            assertThat(outer.next()).isEqualTo("outer goes on");
            outer.close();
        }
    }

    @Test
    void closingADelegationClosesTheDelegateFirst() {
        for (var begun : List.of(false, true)) {
            log.clear();
            var inner = Generator.<String>of(out -> {
                try {
                    out.yield("a");
                    out.yield("b");
                } catch (GeneratorExit e) {
                    log.add("inner");
                }
            });
            if (begun) {
                inner.next();
            }
            var outer = Generator.<String>of(out -> {
                try {
                    out.yieldFrom(inner);
                    log.add("a delegate that swallows the exit must not keep us alive");
                } finally {
                    log.add("outer");
                }
            });
            outer.next();
            outer.close();
            assertThat(log).containsExactly("inner", "outer");
        }
    }

    @Test
    void deepDelegationTakesOneThread() {
        var threads = new ArrayList<Thread>();
        assertThat(nested(100, threads).iterator()).toIterable().containsExactly(7);
        assertThat(threads.stream().distinct()).hasSize(1);
    }

    @Test
    void delegationMayBeThousandsDeepAndAValueThenCostsNoMore() {
        var threads = new ArrayList<Thread>();
        try (var values = countingAt(10_000, threads)) {
            for (int i = 0; i < 1_000; i++) {
                assertThat(values.next()).isEqualTo(i);
            }
            assertThat(threads.stream().distinct()).hasSizeLessThanOrEqualTo(101);
            assertThat(values.throwing(new IllegalArgumentException("x"))).isEqualTo(-1);
        }
        assertThat(log).hasSize(10_001);
    }

    @Test
    void deepDelegationMayBeReadByForEach() {
        var sum = new int[1];
        Generator.<Integer>of(out -> {
                    out.yieldFrom(nested(1_000, new ArrayList<>()));
                    out.yieldFrom(nested(10, new ArrayList<>()));
                })
                .forEach(value -> sum[0] += value);
        assertThat(sum[0]).isEqualTo(14);
    }

    private Generator<Integer> countingAt(int depth, List<Thread> threads) {
        return Generator.of(out -> {
            threads.add(Thread.currentThread());
            try {
                if (depth > 0) {
                    out.yieldFrom(countingAt(depth - 1, threads));
                    return;
                }
                for (int i = 0; ; i++) {
                    try {
                        out.yield(i);
                    } catch (IllegalArgumentException e) {
                        out.yield(-1);
                    }
                }
            } finally {
                log.add("finally");
            }
        });
    }

    @Test
    void aFailureInADeepDelegatePassesThroughAllThatHandedOver() {
        var generator = failingAt(500);
        assertThat(generator.next()).isEqualTo(1);
        assertThatThrownBy(generator::next)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deep");
        assertThat(log).hasSize(500).containsOnly("passed");
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    private Generator<Integer> failingAt(int depth) {
        return Generator.of(out -> {
            if (depth == 0) {
                out.yield(1);
                throw new IllegalArgumentException("deep");
            }
            try {
                out.yieldFrom(failingAt(depth - 1));
            } catch (IllegalArgumentException e) {
                log.add("passed");
                throw e;
            }
        });
    }

    @Test
    void aDelegateThatFailsMayBeCaughtByTheOneThatHandedOver() {
        var failing = failingAt(0);
        assertThat(failing.iterator().hasNext()).isTrue();
        var begun = failingAt(0);
        begun.next();
        var outer = Generator.<Integer>of(out -> {
            for (var delegate : List.of(failing, begun)) {
                try {
                    out.yieldFrom(delegate);
                } catch (IllegalArgumentException e) {
                    out.yield(2);
                }
            }
        });
        assertThat(outer.iterator()).toIterable().containsExactly(1, 2, 2);
    }

    @Test
    void aDelegateThatAsksTheOneThatHandedOverIsRefused() {
        var pair = new Object() {
            Generator<Integer> outer = count(1);
        };
        var inner = Generator.<Integer>of(out -> {
            out.yield(1);
            out.yield(pair.outer.next());
        });
        inner.next();
        pair.outer = Generator.of(out -> out.yieldFrom(inner));
        assertThatThrownBy(pair.outer::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("already running");
    }

    @Test
    void oneThatIsSomebodysDelegateMayStillBeReadByHand() {
        var inner = count(5);
        inner.next();
        var outer = Generator.<Integer>of(out -> {
            out.yieldFrom(inner);
            out.yield(100);
        });
        assertThat(outer.next()).isEqualTo(2);
        assertThat(inner.next()).isEqualTo(3);
        assertThat(outer.next()).isEqualTo(4);
        inner.close();
        assertThat(outer.next()).isEqualTo(100);
    }

    @Test
    void whatTheBodyHeldIsReleasedByClose() {
        var held = new Object() {
            java.lang.ref.WeakReference<Object> object = new java.lang.ref.WeakReference<>(log);
        };
        var generator = Generator.<Integer>of(out -> {
            var big = new byte[1000];
            held.object = new java.lang.ref.WeakReference<>(big);
            out.yield(big.length);
        });
        generator.next();
        generator.close();
        while (held.object.get() != null) {
            System.gc();
        }
        assertThatThrownBy(generator::next).isInstanceOf(NoSuchElementException.class);
    }

    private static Generator<Integer> nested(int depth, List<Thread> threads) {
        return Generator.of(out -> {
            threads.add(Thread.currentThread());
            if (depth == 0) {
                out.yield(7);
            } else {
                out.yieldFrom(nested(depth - 1, threads));
            }
        });
    }

    @Test
    void generatorDrivesAnotherByHand() {
        var squares = Generator.<Integer>of(out -> {
            for (int i : count(3)) {
                out.yield(i * i);
            }
        });
        assertThat(squares.iterator()).toIterable().containsExactly(1, 4, 9);
    }

    @Test
    void generatorMayChangeHandsBetweenKindsOfThread() throws Exception {
        var generator = count(6);
        assertThat(generator.next()).isEqualTo(1);
        var got = new ArrayList<Integer>();
        Thread.ofVirtual().start(() -> got.add(generator.next())).join();
        Thread.ofPlatform().start(() -> got.add(generator.next())).join();
        got.add(generator.next());
        assertThat(got).containsExactly(2, 3, 4);

        var other = count(3);
        Thread.ofVirtual().start(() -> got.add(other.next())).join();
        got.add(other.next());
        assertThat(got).endsWith(1, 2);
        generator.close();
        other.close();
    }

    @Test
    void virtualThreadDrives() throws Exception {
        var sum = new CompletableFuture<Integer>();
        Thread.ofVirtual().start(() -> {
            int total = 0;
            for (int i : count(100)) {
                total += i;
            }
            sum.complete(total);
        });
        assertThat(sum.get()).isEqualTo(5050);
    }

    @Test
    void bodyMayBlockInTheJdk() {
        var gate = new CountDownLatch(1);
        var generator = Generator.<Integer>of(out -> {
            gate.await();
            Thread.sleep(1);
            out.yield(1);
        });
        Thread.ofPlatform().start(gate::countDown);
        assertThat(generator.next()).isEqualTo(1);
        generator.close();
    }

    @Test
    void interruptOfTheDriverReachesABlockedBody() throws Exception {
        var generator = Generator.<Integer>of(out -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                out.yield(-1);
            }
        });
        var result = new CompletableFuture<Integer>();
        var driver = Thread.ofPlatform().start(() -> result.complete(generator.next()));
        while (driver.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        driver.interrupt();
        assertThat(result.get()).isEqualTo(-1);
        driver.join();
        generator.close();
    }

    @Test
    void driverSleepsWhileANestedBodyIsBlockedAndItsInterruptReachesIt() throws Exception {
        var inner = Generator.<Integer>of(out -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                out.yield(-1);
            }
        });
        var outer = Generator.<Integer>of(out -> out.yield(inner.next() * 2));
        var result = new CompletableFuture<Integer>();
        var driver = Thread.ofPlatform().start(() -> result.complete(outer.next()));
        while (driver.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(driver.getState()).isEqualTo(Thread.State.WAITING);
        while (!result.isDone()) {
            driver.interrupt();
            Thread.onSpinWait();
        }
        assertThat(result.get()).isEqualTo(-2);
        driver.join();
        outer.close();
        inner.close();
    }

    @Test
    void nullIsAValue() {
        var generator = Generator.<@org.jspecify.annotations.Nullable String>of(out -> {
            out.yield(null);
            out.yield("x");
        });
        assertThat(generator.iterator()).toIterable().containsExactly(null, "x");
    }

    @Test
    void droppedGeneratorIsClosedByTheCollector() throws Exception {
        var closed = new CountDownLatch(1);
        takeOneAndDrop(closed);
        while (closed.getCount() > 0) {
            System.gc();
            closed.await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
    }

    private static void takeOneAndDrop(CountDownLatch closed) {
        Generator.<Integer>of(out -> {
                    try {
                        out.yield(1);
                    } finally {
                        closed.countDown();
                    }
                })
                .next();
    }
}
