package dev.simul.test;

import static dev.simul.Async.gather;
import static dev.simul.Async.spawn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

class InterleavingsReportTest {

    private static final Set<String> ORDERS = new HashSet<>();
    private static final List<String> LOG = new ArrayList<>();

    @Test
    void failureOfASeedIsReportedWithTheWayToPlayItAgain() {
        var error = failureOf("raceBetweenTwo");

        assertThat(error)
                .isInstanceOf(InterleavingFailure.class)
                .hasMessageContaining("@Interleavings(seed = ")
                .hasMessageContaining("@Interleavings(schedule = \"1:0.2\")");
        assertThat(ORDERS).contains("ab", "ba");
    }

    @Test
    void seedOfTheAnnotationIsTheOnlyOneThatIsTried() {
        LOG.clear();
        var error = failureOf("oneSeedOnly");

        assertThat(error)
                .isInstanceOf(InterleavingFailure.class)
                .hasMessageStartingWith("failed under seed 2 (random walk)");
    }

    @Test
    void scheduleOfTheAnnotationIsTheOnlyOneThatIsTried() {
        LOG.clear();
        var error = failureOf("oneScheduleOnly");

        assertThat(error)
                .isInstanceOf(InterleavingFailure.class)
                .hasMessageStartingWith("failed under the given schedule");
        assertThat(LOG.getFirst()).isEqualTo("ba");
    }

    @Test
    void whatWasSeenIsReportedWithThePassedTest() {
        var reports = run("passes").list().stream()
                .flatMap(event -> event.getPayload(ReportEntry.class).stream())
                .map(entry -> entry.getKeyValuePairs().get("interleavings"))
                .toList();

        assertThat(reports).singleElement().asString().contains("runs, ").endsWith("distinct schedules, which are all");
    }

    private static Throwable failureOf(String method) {
        return run(method).failed().stream()
                .findFirst()
                .orElseThrow()
                .getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    private static Events run(String method) {
        return EngineTestKit.engine("junit-jupiter")
                .configurationParameter("junit.jupiter.conditions.deactivate", "*")
                .selectors(selectMethod(Example.class, method))
                .execute()
                .testEvents();
    }

    /** Run by the tests above only. */
    @EnabledIfSystemProperty(named = "never", matches = "set")
    static class Example {

        @Interleavings
        void raceBetweenTwo() throws Exception {
            race("ab");
        }

        @Interleavings(seed = 2)
        void oneSeedOnly() throws Exception {
            race("nobody");
        }

        @Interleavings(schedule = "1:0.2")
        void oneScheduleOnly() throws Exception {
            race("ab");
        }

        @Interleavings
        void passes() throws Exception {
            gather(() -> 1, () -> 2);
        }

        private static void race(String expected) throws Exception {
            var order = new StringBuilder();
            var a = spawn(() -> order.append('a'));
            var b = spawn(() -> order.append('b'));
            a.await();
            b.await();
            ORDERS.add(order.toString());
            LOG.add(order.toString());
            assertThat(order).hasToString(expected);
        }
    }
}
