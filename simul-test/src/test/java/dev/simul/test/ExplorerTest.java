package dev.simul.test;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.Async.timeout;
import static dev.simul.test.TestLoop.cancelSometime;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.simul.Action;
import dev.simul.CancelledError;
import dev.simul.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExplorerTest {

    @Test
    void exhaustiveSearchSeesEveryOrderOfThreeCoroutinesAndSaysSo() {
        Set<String> orders = new HashSet<>();

        var seen = Explorer.of(() -> orders.add(orderOfThree()))
                .strategy(Strategy.EXHAUSTIVE)
                .seeds(2_000)
                .explore();

        assertThat(orders).containsExactlyInAnyOrder("abc", "acb", "bac", "bca", "cab", "cba");
        assertThat(seen.isComplete()).isTrue();
        assertThat(seen.distinct()).isEqualTo(seen.runs());
    }

    @Test
    void numberOfSchedulesOfTwoCoroutinesWithTwoStepsEachIsTheBinomialCoefficient() {
        // The steps of each are in order, so of four places two are a's; main waits for a promise that the last one
        // ends.
        Set<String> orders = new HashSet<>();
        var seen = Explorer.of(() -> orders.add(twoTimesTwo()))
                .strategy(Strategy.EXHAUSTIVE)
                .explore();

        assertThat(seen.isComplete()).isTrue();
        assertThat(orders).hasSize(6);
        assertThat(seen.runs()).isEqualTo(6);
    }

    @Test
    void searchThatIsCutShortDoesNotClaimToBeComplete() {
        var seen = Explorer.of(this::orderOfThree)
                .strategy(Strategy.EXHAUSTIVE)
                .seeds(3)
                .explore();

        assertThat(seen.isComplete()).isFalse();
        assertThat(seen.runs()).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void eachStrategySeesEveryOrderOfThreeCoroutines(Strategy strategy) {
        Set<String> orders = new HashSet<>();

        Explorer.of(() -> orders.add(orderOfThree()))
                .strategy(strategy)
                .seeds(300)
                .explore()
                .orThrow();

        assertThat(orders).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void sameSeedsTakeTheSameCourses(Strategy strategy) {
        List<String> first = new ArrayList<>();
        List<String> second = new ArrayList<>();

        Explorer.of(() -> first.add(orderOfThree()))
                .strategy(strategy)
                .seeds(50)
                .explore();
        Explorer.of(() -> second.add(orderOfThree()))
                .strategy(strategy)
                .seeds(50)
                .explore();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void timeOutComesBeforeAndAfterWhatItLimits() {
        Set<String> ends = new HashSet<>();
        Action test = () -> {
            try {
                timeout(Duration.ofSeconds(1), () -> {
                    sleep(Duration.ZERO);
                    sleep(Duration.ZERO);
                });
                ends.add("done");
            } catch (TimeoutException e) {
                ends.add("timed out");
            }
        };

        Explorer.of(test).explore().orThrow();
        assertThat(ends).containsExactlyInAnyOrder("done", "timed out");

        ends.clear();
        Explorer.of(test).timersEarly(false).explore().orThrow();
        assertThat(ends).containsExactly("done");
    }

    @Test
    void cancellationStrikesAtEveryWaitAndBeforeTheStartAndNever() {
        Set<String> reached = new HashSet<>();

        Explorer.of(() -> {
                    var trace = new StringBuilder();
                    var task = spawn(() -> {
                        trace.append('a');
                        sleep(Duration.ZERO);
                        trace.append('b');
                        sleep(Duration.ofHours(1));
                        trace.append('c');
                    });
                    cancelSometime(task);
                    try {
                        task.await();
                    } catch (CancelledError e) {
                        trace.append('x');
                    }
                    reached.add(trace.toString());
                })
                .explore()
                .orThrow();

        assertThat(reached).containsExactlyInAnyOrder("x", "ax", "abx", "abc");
    }

    @Test
    void oneOfSeveralIsCancelledAtMost() {
        Set<Integer> cancelled = new HashSet<>();

        Explorer.of(() -> {
                    var one = spawn(() -> sleep(Duration.ofSeconds(1)));
                    var two = spawn(() -> sleep(Duration.ofSeconds(1)));
                    cancelSometime(one, two);
                    int count = 0;
                    for (var task : List.of(one, two)) {
                        try {
                            task.await();
                        } catch (CancelledError e) {
                            count++;
                        }
                    }
                    cancelled.add(count);
                })
                .explore()
                .orThrow();

        assertThat(cancelled).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void failureInTheLoopsOwnOrderNeedsNoSeed() {
        var failure = failureOf(() -> {
            throw new IllegalStateException("always");
        });

        assertThat(failure.seed()).isZero();
        assertThat(failure.schedule()).isEmpty();
        assertThat(failure).hasMessageContaining("the loop's own order").hasRootCauseMessage("always");
    }

    @Test
    void failureSaysStepByStepWhoWasPutBeforeWhom() {
        var failure = failureOf(() -> {
            var first = new Promise<String>("the first to come");
            var hare = spawn("hare", () -> first.complete("hare"));
            var tortoise = spawn("tortoise", () -> first.complete("tortoise"));
            assertThat(first.await()).isEqualTo("hare");
            hare.await();
            tortoise.await();
        });

        assertThat(failure.schedule()).isEqualTo("1:0.2");
        assertThat(failure.steps())
                .startsWith(
                        "     0  main starts", //
                        ">    1  tortoise starts, before hare")
                .anySatisfy(
                        step -> assertThat(step)
                                .matches(
                                        " +\\d+  main goes on from ExplorerTest.java:\\d+, where it waited for the first to come"));
    }

    @Test
    void whatDependsOnSomethingElseThanTheScheduleIsReportedAsThat() {
        var runs = new AtomicInteger();

        var failure = failureOf(() -> {
            orderOfThree();
            if (runs.incrementAndGet() == 5) {
                throw new IllegalStateException("the fifth run");
            }
        });

        assertThat(failure.isReproducible()).isFalse();
        assertThat(failure)
                .hasMessageContaining("something besides the schedule decides")
                .hasMessageContaining("did not fail");
    }

    @Test
    void endlessTestIsReportedInsteadOfRunForEver() {
        var failure = failureOf(Explorer.of(() -> {
                    while (true) {
                        sleep(Duration.ZERO);
                    }
                })
                .maxSteps(500));

        assertThat(failure).hasRootCauseInstanceOf(EndlessTestException.class).hasMessageContaining("500 steps");
    }

    @Test
    void coroutineThatAsksAgainAndAgainDoesNotHoldUpTheOthersForEver() {
        var seen = Explorer.of(() -> {
                    var done = new AtomicInteger();
                    gather(
                            () -> {
                                while (done.get() == 0) {
                                    sleep(Duration.ZERO);
                                }
                                return 1;
                            },
                            () -> {
                                sleep(Duration.ZERO);
                                return done.incrementAndGet();
                            });
                })
                .explore();

        assertThat(seen.failure()).isEmpty();
    }

    @Test
    void leftTaskFailsTheRun() {
        var failure = failureOf(() -> spawn("left", () -> sleep(Duration.ofHours(1))));

        assertThat(failure).hasMessageContaining("the test left 1 task behind: left");
    }

    @Test
    void scheduleThatWasNotPrintedByAFailureIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explorer.of(() -> {}).schedule("abc").explore())
                .withMessageContaining("STEP:WHO");
    }

    @Test
    void boundsAreNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Explorer.of(() -> {}).seeds(0))
                .withMessage("seeds must be at least 1, was 0");
    }

    @Test
    void failureIsThrownOnRequest() {
        var seen = Explorer.of(() -> {
                    throw new IllegalStateException("always");
                })
                .explore();

        assertThatThrownBy(seen::orThrow).isInstanceOf(InterleavingFailure.class);
        assertThat(seen).hasToString("1 run, 1 distinct schedule, the last one failed");
    }

    private static InterleavingFailure failureOf(Action body) {
        return failureOf(Explorer.of(body));
    }

    private static InterleavingFailure failureOf(Explorer explorer) {
        return explorer.explore().failure().orElseThrow();
    }

    private String orderOfThree() throws Exception {
        var order = new StringBuilder();
        gather(() -> order.append('a'), () -> order.append('b'), () -> order.append('c'));
        return order.toString();
    }

    private static String twoTimesTwo() throws Exception {
        var order = new StringBuilder();
        var end = new Promise<String>("the end");
        for (var name : List.of("a", "b")) {
            spawn(() -> {
                order.append(name);
                sleep(Duration.ZERO);
                order.append(name);
                if (order.length() == 4) {
                    end.complete(order.toString());
                }
            });
        }
        return end.await();
    }
}
