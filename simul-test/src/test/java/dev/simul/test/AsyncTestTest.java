package dev.simul.test;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.test.TestLoop.clock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.simul.EventLoop;
import dev.simul.Generator;
import dev.simul.Promise;
import dev.simul.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class AsyncTestTest {
    private static final List<String> LOG = new ArrayList<>();
    private static final List<Generator<Integer>> KEPT = new ArrayList<>();

    @AfterEach
    void clearLog() {
        LOG.clear();
    }

    @AsyncTest
    void hoursPassInNoTime() throws Exception {
        gather(
                () -> {
                    sleep(Duration.ofHours(12));
                    return LOG.add("late");
                },
                () -> {
                    sleep(Duration.ofHours(1));
                    return LOG.add("early");
                });
        assertThat(LOG).containsExactly("early", "late");
        assertThat(clock().elapsed()).isEqualTo(Duration.ofHours(12));
    }

    @AsyncTest
    void eachTestHasAClockThatBeginsAtZero() {
        assertThat(clock().elapsed()).isZero();
        sleep(Duration.ofDays(1));
    }

    @AsyncTest
    void spawnedCoroutinesSeeTheSameClock() throws Exception {
        assertThat(spawn(TestLoop::clock).await()).isSameAs(clock());
    }

    @AsyncTest
    void testMethodMayHaveParameters(TestInfo info) {
        assertThat(info.getDisplayName()).startsWith("testMethodMayHaveParameters");
    }

    @RepeatedTest(2)
    @ExtendWith(LoopExtension.class)
    void otherKindsOfTestRunInALoopToo() {
        sleep(Duration.ofHours(1));
        assertThat(clock().elapsed()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void clockOutsideOfATestSaysWhatIsMissing() {
        assertThatIllegalStateException().isThrownBy(TestLoop::clock).withMessageContaining("@AsyncTest");
    }

    @Test
    void leftTasksFailTheTestByNameAndAreCancelled() {
        assertThat(failureOf("leavesTasksBehind"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("the test left 2 tasks behind: fetcher, writer;"
                        + " await or cancel what it spawns, or fork it in a TaskGroup");
        assertThat(LOG).containsExactlyInAnyOrder("fetcher ended", "writer ended");
    }

    @Test
    void leftTimerFailsTheTest() {
        assertThat(failureOf("leavesATimer")).hasMessageStartingWith("the test left 1 timer behind");
    }

    @Test
    void openGeneratorFailsTheTest() {
        assertThat(failureOf("leavesAGeneratorOpen")).hasMessageStartingWith("the test left 1 generator open");
    }

    @Test
    void failureThatNobodyLookedAtFailsTheTest() {
        assertThat(failureOf("doesNotLook"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("task careless failed and nobody looked")
                .satisfies(error ->
                        assertThat(error.getSuppressed()).singleElement().hasToString("java.io.IOException: unseen"));
    }

    @Test
    void failureOfACallbackFailsTheTest() {
        assertThat(failureOf("failsInACallback"))
                .hasMessageContaining("java.lang.IllegalStateException: in a callback");
    }

    @Test
    void testThatHangsInRealTimeSaysWhatItWaitedFor() {
        assertThat(failureOf("waitsForSomethingReal"))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith("the test was still running after 1.0 s of real time")
                .hasMessageContaining("waits for an answer");
    }

    @Test
    void methodsAroundTheTestAreCoroutinesOfItsLoop() {
        var events = run(Surrounded.class, "testGoesOnWhereBeforeEachHasBegun");

        assertThat(events.failed().count()).isZero();
        assertThat(LOG).containsExactly("before at 0", "served", "test at 2", "after at 3");
    }

    @Test
    void failureOfTheTestIsNotHiddenByWhatItLeaves() {
        assertThat(failureOf("failsAndLeavesATask")).hasMessage("what the test is about");
    }

    @Test
    void testThatCanNeverGoOnFails() {
        assertThat(failureOf("waitsForNobody"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deadlock");
    }

    private static Events run(Class<?> type, String method) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .selectors(selectMethod(type, method))
                .execute()
                .testEvents();
    }

    private static Throwable failureOf(String method) {
        return run(Failing.class, method).failed().stream()
                .findFirst()
                .orElseThrow()
                .getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    /** Run by the tests above only. */
    @EnabledIfSystemProperty(named = "never", matches = "set")
    static class Failing {
        @AsyncTest
        void leavesTasksBehind() {
            for (var name : List.of("fetcher", "writer")) {
                spawn(name, () -> {
                    try {
                        sleep(Duration.ofHours(1));
                    } finally {
                        LOG.add(name + " ended");
                    }
                });
            }
            sleep(Duration.ZERO);
        }

        @AsyncTest
        void failsAndLeavesATask() {
            spawn(() -> sleep(Duration.ofHours(1)));
            throw new IllegalArgumentException("what the test is about");
        }

        @AsyncTest
        void waitsForNobody() throws Exception {
            new Promise<String>("never").await();
        }

        @AsyncTest
        void leavesATimer() {
            Objects.requireNonNull(EventLoop.current()).callLater(Duration.ofHours(1), () -> LOG.add("late"));
        }

        @AsyncTest
        void leavesAGeneratorOpen() {
            KEPT.add(Generator.<Integer>of(out -> {
                out.yield(1);
                out.yield(2);
            }));
            assertThat(KEPT.getLast().next()).isEqualTo(1);
        }

        @AsyncTest
        void doesNotLook() {
            spawn("careless", () -> {
                throw new IOException("unseen");
            });
            sleep(Duration.ofSeconds(1));
        }

        @AsyncTest
        void failsInACallback() {
            Objects.requireNonNull(EventLoop.current()).callSoon(() -> {
                throw new IllegalStateException("in a callback");
            });
            sleep(Duration.ofSeconds(1));
        }

        @AsyncTest(timeoutSeconds = 1)
        void waitsForSomethingReal() throws Exception {
            Promise.<String>outside("an answer").await();
        }
    }

    /** Run by the tests above only. */
    @EnabledIfSystemProperty(named = "never", matches = "set")
    static class Surrounded {
        private Task<?> server = new Promise<>("not started");

        @BeforeEach
        void startServer() {
            LOG.add("before at " + clock().elapsed().toSeconds());
            server = spawn("server", () -> {
                sleep(Duration.ofSeconds(1));
                LOG.add("served");
                sleep(Duration.ofHours(1));
            });
        }

        @AfterEach
        void stopServer() {
            sleep(Duration.ofSeconds(1));
            LOG.add("after at " + clock().elapsed().toSeconds());
            server.cancel();
            sleep(Duration.ZERO);
        }

        @AsyncTest
        void testGoesOnWhereBeforeEachHasBegun() {
            sleep(Duration.ofSeconds(2));
            LOG.add("test at " + clock().elapsed().toSeconds());
        }
    }
}
