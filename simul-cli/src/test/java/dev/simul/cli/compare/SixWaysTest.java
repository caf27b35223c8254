package dev.simul.cli.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SixWaysTest {
    private static final String[] ALL = {"sequential", "processes", "threads", "turns", "loop", "jobs"};

    @Test
    void everyWayCountsTheSameWordsOfTheEmbeddedSite() {
        var run = CompareRun.of("--units", "4", "--delay", "50ms", "--json");
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.json().propertyNames()).containsExactly("work", "units", "ways", "advice");
        assertThat(run.json().get("work").asString()).isEqualTo("words");
        assertThat(run.json().get("units").asInt()).isEqualTo(4);
        assertThat(run.json().get("advice").propertyNames()).containsExactly("way", "reason");
        assertThat(run.all("way")).containsExactly(ALL);
        assertThat(run.all("status")).containsOnly("ok");
        assertThat(run.ways()).allSatisfy(way -> {
            assertThat(way.propertyNames())
                    .containsExactly(
                            "way",
                            "status",
                            "seconds",
                            "startupSeconds",
                            "speedup",
                            "cpuSeconds",
                            "peakMemoryBytes",
                            "osThreads",
                            "processes",
                            "switches",
                            "answer",
                            "errors");
            assertThat(way.get("answer").asInt())
                    .isEqualTo(run.ways().getFirst().get("answer").asInt())
                    .isPositive();
            assertThat(way.get("seconds").asDouble()).isGreaterThan(0.05);
            assertThat(way.get("osThreads").asInt()).isPositive();
            assertThat(way.get("errors")).isEmpty();
        });
        assertThat(run.way("sequential").get("seconds").asDouble()).isGreaterThan(4 * 0.05);
        assertThat(run.way("loop").get("switches").asLong()).isGreaterThanOrEqualTo(4);
        assertThat(run.way("processes").get("processes").asInt()).isEqualTo(1 + 4);
    }

    @Test
    void primesAreCountedRightInEveryWayAndTheAdviceExplainsTurns() {
        var run = CompareRun.of("--work", "cpu", "10", "1000", "100000", "--concurrency", "2", "--json");
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.all("answer"))
                .containsOnly(Integer.toString(4 + 168 + 9592))
                .hasSize(ALL.length);
        assertThat(run.json().get("advice").get("reason").asString()).contains("turns and loop compute on one thread");
    }

    @Test
    void mixedWorkAddsWordsAndPrimes() {
        var words = CompareRun.of("--units", "2", "--delay", "0", "--ways", "sequential", "--json");
        var mixed = CompareRun.of("--units", "2", "--delay", "0", "--work", "mixed", "--ways", "turns,loop", "--json");
        int expected = words.way("sequential").get("answer").asInt() + 2 * 17_984;
        assertThat(mixed.all("answer")).containsOnly(Integer.toString(expected));
    }

    @Test
    void commandThatFailsIsNamedInEveryWayAndTheOthersCount() {
        var run = CompareRun.of(
                "--exec", "if test {} = 'b c'; then echo no >&2; exit 3; fi; echo 5", "a", "b c", "d'e", "--json");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.all("way")).containsExactly(ALL);
        assertThat(run.all("status")).containsOnly("partial");
        assertThat(run.all("answer")).containsOnly("10");
        assertThat(run.ways()).allSatisfy(way -> {
            assertThat(way.get("errors")).hasSize(1);
            assertThat(way.get("errors").get(0).get("unit").asString()).isEqualTo("b c");
            assertThat(way.get("errors").get(0).get("message").asString()).isEqualTo("the command exited with 3: no");
        });
    }

    @Test
    void classOfTheUserRunsInEveryWay() {
        var run = CompareRun.of("--class", Shout.class.getName(), "a", "bc", "--json");
        assertThat(run.exitCode()).as(run.out()).isZero();
        assertThat(run.all("way")).containsExactly(ALL);
        assertThat(run.all("answer")).doesNotContainNull().allMatch(answer -> answer.startsWith("sha256:"));
        assertThat(run.all("answer").stream().distinct()).hasSize(1);
    }

    @Test
    void waysThatDisagreeAreReported() {
        var run = CompareRun.of("--exec", "echo $PPID {}", "x", "--ways", "sequential,processes", "--json");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.way("processes").get("errors").get(0).get("message").asString())
                .contains(" where sequential answered ");
    }

    @Test
    void peopleGetATableBarsTheAnswerAndAdvice() {
        var run = CompareRun.of("--work", "cpu", "1000", "--ways", "sequential,threads", "--repeat", "3");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("median of 3 runs")
                .containsPattern("way +time +spread +speed-up +start-up +CPU +memory +threads +processes +switches")
                .containsPattern("sequential +\\d+\\.\\d{3} s +\\d.*1\\.0 x")
                .containsPattern("threads +[█#]+ \\d")
                .contains("answer: 168 primes (every way)")
                .contains("advice: ");
    }

    /** A user's own work. */
    public static final class Shout implements Function<String, String> {
        @Override
        public String apply(String text) {
            return text.toUpperCase(java.util.Locale.ROOT);
        }
    }
}
