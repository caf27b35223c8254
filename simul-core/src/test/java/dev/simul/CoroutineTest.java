package dev.simul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CoroutineTest {
    private final List<String> log = new ArrayList<>();

    private Coroutine<String, Void> finder(String word) {
        return Coroutine.of(in -> {
            try {
                while (true) {
                    var line = in.yield();
                    if (line.contains(word)) {
                        log.add(line);
                    }
                }
            } finally {
                log.add("closed");
            }
        });
    }

    private static Coroutine<Double, Double> mean() {
        return Coroutine.of(in -> {
            double sum = in.yield();
            for (int n = 1; ; n++) {
                sum += in.yield(sum / n);
            }
        });
    }

    /** Adds up to three numbers, and says what it has when it gets no more. */
    private static Coroutine<Integer, String> adder() {
        return Coroutine.of(in -> {
            int sum = 0;
            try {
                for (int i = 0; i < 3; i++) {
                    sum += in.yield();
                }
            } catch (GeneratorExit e) {
                return "only " + sum;
            }
            return "all " + sum;
        });
    }

    @Test
    void firstValueIsDeliveredWithoutPriming() {
        try (var finder = finder("async")) {
            finder.send("an async line");
            finder.send("another");
            finder.send("async again");
            assertThat(log).containsExactly("an async line", "async again");
        }
        assertThat(log).endsWith("closed");
    }

    @Test
    void eachValueIsAnsweredByTheNextYield() {
        try (var mean = mean()) {
            assertThat(mean.send(10.0)).isEqualTo(10.0);
            assertThat(mean.send(20.0)).isEqualTo(15.0);
            assertThat(mean.send(60.0)).isEqualTo(30.0);
        }
    }

    @Test
    void returnValueAnswersTheLastSend() {
        var adder = adder();
        assertThat(adder.send(1)).isNull();
        assertThat(adder.send(2)).isNull();
        assertThat(adder.isEnded()).isFalse();
        assertThat(adder.send(3)).isEqualTo("all 6");
        assertThat(adder.isEnded()).isTrue();
    }

    @Test
    void finishReturnsWhatTheBodyReturnsOnTheExit() {
        var adder = adder();
        adder.send(1);
        adder.send(2);
        assertThat(adder.finish()).isEqualTo("only 3");
        assertThat(adder.finish()).isNull();
    }

    @Test
    void finishOfABodyThatLetsTheExitPassReturnsNull() {
        var mean = mean();
        mean.send(1.0);
        assertThat(mean.finish()).isNull();
    }

    @Test
    void finishOfOneThatHasNotBegunNeverEntersTheBody() {
        var finder = finder("async");
        assertThat(finder.finish()).isNull();
        assertThat(finder.isEnded()).isTrue();
        assertThat(log).isEmpty();
    }

    @Test
    void sendToAnEndedOneIsRefusedAndNamesTheValue() {
        var finder = finder("async");
        finder.close();
        assertThatIllegalStateException().isThrownBy(() -> finder.send("late")).withMessageContaining("late");
    }

    @Test
    void startRunsToTheFirstYieldAndReturnsIt() {
        try (var echo = Coroutine.<String, String>of(in -> {
            var said = in.yield("ready");
            while (true) {
                said = in.yield("you said " + said);
            }
        })) {
            assertThat(echo.start()).isEqualTo("ready");
            assertThat(echo.send("hello")).isEqualTo("you said hello");
            assertThatIllegalStateException().isThrownBy(echo::start).withMessageContaining("has begun");
        }
    }

    @Test
    void thrownExceptionArisesAtTheYield() {
        try (var coroutine = Coroutine.<Integer, String>of(in -> {
            while (true) {
                try {
                    in.yield("ok");
                } catch (IllegalArgumentException e) {
                    in.yield("caught " + e.getMessage());
                }
            }
        })) {
            coroutine.send(1);
            assertThat(coroutine.throwing(new IllegalArgumentException("x"))).isEqualTo("caught x");
        }
    }

    @Test
    void failureOfTheBodyReachesTheSenderAndEndsIt() {
        var coroutine = Coroutine.<String, Integer>of(in -> {
            while (true) {
                Integer.parseInt(in.yield());
            }
        });
        coroutine.send("1");
        assertThatThrownBy(() -> coroutine.send("one")).isInstanceOf(NumberFormatException.class);
        assertThat(coroutine.isEnded()).isTrue();
    }

    @Test
    void delegateTakesTheValuesUntilItReturns() {
        var coroutine = Coroutine.<Integer, String>of(in -> {
            var first = in.yieldFrom(adder());
            var second = in.yieldFrom(adder());
            return first + ", " + second;
        });
        for (int i = 1; i <= 5; i++) {
            assertThat(coroutine.send(i)).isNull();
        }
        assertThat(coroutine.send(6)).isEqualTo("all 6, all 15");
    }

    @Test
    void delegateThatSwallowsTheExitDoesNotKeepTheOuterOneAlive() {
        var coroutine = Coroutine.<Integer, String>of(in -> {
            in.yieldFrom(adder());
            log.add("must not be reached");
            return "outer";
        });
        coroutine.send(1);
        assertThat(coroutine.finish()).isNull();
        assertThat(log).isEmpty();
    }

    @Test
    void delegateThatHasBegunGoesOnWhereItWaits() {
        var begun = adder();
        begun.send(1);
        var coroutine = Coroutine.<Integer, String>of(in -> in.yieldFrom(begun) + ", then " + in.yield("ended"));
        assertThat(coroutine.start()).isNull();
        assertThat(coroutine.send(10)).isNull();
        assertThat(coroutine.send(100)).isEqualTo("ended");
        assertThat(coroutine.send(7)).isEqualTo("all 111, then 7");
    }

    @Test
    void delegateThatHasEndedGivesNull() {
        var ended = adder();
        ended.close();
        var coroutine = Coroutine.<Integer, String>of(in -> in.yieldFrom(ended) + " and " + in.yield());
        assertThat(coroutine.send(1)).isEqualTo("null and 1");
    }

    @Test
    void exceptionsAndTheExitGoToADelegateThatHadBegunFirst() {
        var begun = Coroutine.<Integer, String>of(in -> {
            for (String answer = "first"; ; ) {
                try {
                    in.yield(answer);
                } catch (IllegalArgumentException e) {
                    answer = "caught " + e.getMessage();
                } finally {
                    log.add("inner");
                }
            }
        });
        begun.start();
        var coroutine = Coroutine.<Integer, String>of(in -> {
            try {
                return in.yieldFrom(begun);
            } finally {
                log.add("outer");
            }
        });
        coroutine.start();
        assertThat(coroutine.throwing(new IllegalArgumentException("x"))).isEqualTo("caught x");
        log.clear();
        coroutine.close();
        assertThat(log).containsExactly("inner", "outer");
    }

    @Test
    void delegationMayBeThousandsDeep() {
        var coroutine = deep(3_000);
        coroutine.start();
        assertThat(coroutine.send(1)).isEqualTo("got 1");
        assertThat(coroutine.send(2)).isEqualTo("returned 2 through 3000");
    }

    private static Coroutine<Integer, String> deep(int levels) {
        return Coroutine.of(in -> {
            if (levels > 0) {
                return in.yieldFrom(deep(levels - 1)).replaceFirst("\\d+$", "" + levels);
            }
            int got = in.yield();
            return "returned " + in.yield("got " + got) + " through 0";
        });
    }

    @Test
    void whatTheBodyReturnsArrivesAsThatVeryObject() {
        for (Object value : new Object[] {new Object[] {2}, new GeneratorExit(), new IllegalStateException()}) {
            var coroutine = Coroutine.<Integer, Object>of(in -> {
                in.yield();
                return value;
            });
            assertThat(coroutine.send(1)).isSameAs(value);
        }
    }

    @Test
    void theBodyThatSendsToItselfIsRefused() {
        var itself = new Object() {
            Coroutine<Integer, String> coroutine = adder();
        };
        itself.coroutine = Coroutine.of(in -> {
            in.yield();
            return itself.coroutine.send(2);
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> itself.coroutine.send(1))
                .withMessageContaining("already running: its own body asked it to go on");
    }

    @Test
    void finishedThreeTimesItsHandlerRunsOnce() {
        var coroutine = Coroutine.<Integer, String>of(in -> {
            try {
                return "" + in.yield() + in.yield();
            } finally {
                log.add("handler");
            }
        });
        coroutine.send(1);
        coroutine.close();
        coroutine.close();
        assertThat(coroutine.finish()).isNull();
        assertThat(log).containsExactly("handler");
    }

    @Test
    void oneThatYieldsInsteadOfEndingIsToldSo() {
        var coroutine = Coroutine.<Integer, String>of(in -> {
            try {
                in.yield();
            } catch (GeneratorExit ignored) {
                in.yield("still here");
            }
            return "end";
        });
        coroutine.start();
        assertThatIllegalStateException().isThrownBy(coroutine::finish).withMessageContaining("yielded again");
    }

    @Test
    void pipelineOfCoroutinesPassesValuesDown() {
        try (var sink = finder("python");
                var words = Coroutine.<String, Void>of(in -> {
                    while (true) {
                        for (var word : in.yield().split(" ", -1)) {
                            sink.send(word);
                        }
                    }
                })) {
            words.send("a python and a pythonista");
        }
        assertThat(log).containsExactly("python", "pythonista", "closed");
    }

    @Test
    void droppedCoroutineIsClosedByTheCollector() throws Exception {
        var closed = new CountDownLatch(1);
        sendOneAndDrop(closed);
        while (closed.getCount() > 0) {
            System.gc();
            closed.await(10, TimeUnit.MILLISECONDS);
        }
    }

    private static void sendOneAndDrop(CountDownLatch closed) {
        Coroutine.<Integer, Void>of(in -> {
                    try {
                        while (true) {
                            in.yield();
                        }
                    } finally {
                        closed.countDown();
                    }
                })
                .send(1);
    }
}
