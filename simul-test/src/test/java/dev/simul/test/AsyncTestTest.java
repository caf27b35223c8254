package dev.simul.test;

import static dev.simul.Async.gather;
import static dev.simul.Async.sleep;
import static dev.simul.Async.spawn;
import static dev.simul.test.TestLoop.clock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.simul.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineTestKit;

class AsyncTestTest {
    private static final List<String> LOG = new ArrayList<>();

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
    void failureOfTheTestIsNotHiddenByWhatItLeaves() {
        assertThat(failureOf("failsAndLeavesATask")).hasMessage("what the test is about");
    }

    @Test
    void testThatCanNeverGoOnFails() {
        assertThat(failureOf("waitsForNobody"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("deadlock");
    }

    private static Throwable failureOf(String method) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .selectors(selectMethod(Failing.class, method))
                .execute()
                .testEvents()
                .failed()
                .stream()
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
    }
}
