package dev.simul.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.simul.ReadyStep;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Random programs do on Simul what they do on CPython's asyncio. */
class DifferentialTest {

    private static final Logger LOG = Logger.getLogger("dev.simul");

    @BeforeEach
    void doNotLogTheFailuresOfPrograms() {
        LOG.setLevel(java.util.logging.Level.OFF);
    }

    @AfterEach
    void logAgain() {
        LOG.setLevel(null);
    }

    @Test
    void twoThousandProgramsLeaveTheSameTracesOnBoth() throws Exception {
        try (var python = Python.start(pythonCommand())) {
            var comparison = new Comparison(python, Interpreter::run);

            assertThat(comparison.differences(1, 2_000, 3)).isEmpty();
            assertThat(comparison.lines()).isGreaterThan(40_000);
            assertThat(comparison.leftOut()).isLessThan(40);
        }
    }

    @Test
    void anInterpreterThatForgetsFinallyIsFoundAndItsProgramShortened() {
        var difference = shortenedDifferenceTo(
                program -> Interpreter.run(Node.parse(program.toString().replace("(finally", "(forgotten"))));

        assertThat(difference.program().size()).isLessThan(10);
        assertThat(difference.program().toString()).contains("finally");
        assertThat(difference.toString())
                .startsWith("Simul differs from asyncio in\n" + difference.program())
                .contains("    asyncio 0 main.1 ");
    }

    @Test
    void aLoopThatLetsTheSecondGoFirstIsFoundAndItsProgramShortened() {
        var difference = shortenedDifferenceTo(program -> Interpreter.run(program, DifferentialTest::secondFirst));

        assertThat(difference.program().size()).isLessThan(12);
    }

    /** Until main ends: the rest of that iteration is not run then. */
    @Test
    void aScheduleThatAlwaysTakesTheOldestIsTheOrderOfAsyncio() {
        for (int seed = 1; seed <= 200; seed++) {
            var program = ProgramGenerator.program(seed);
            assertThat(untilMainEnds(Interpreter.run(program, _ -> 0)))
                    .as("%s", program)
                    .isEqualTo(untilMainEnds(Interpreter.run(program)));
        }
    }

    @Test
    void theSameSeedMakesTheSameProgram() {
        assertThat(ProgramGenerator.program(7)).isEqualTo(ProgramGenerator.program(7));
        assertThat(ProgramGenerator.program(7)).isNotEqualTo(ProgramGenerator.program(8));
    }

    @Test
    void aProgramReadsAsItIsWritten() {
        var text = "(program (spawn t0 (sleep 1)) (try (await t0) (catch all)))";

        assertThat(Node.parse(text)).hasToString(text);
        assertThat(Node.parse(text).lists().getLast().number()).isEqualTo(3);
    }

    private static Difference shortenedDifferenceTo(Function<Node, List<String>> wrong) {
        return LongStream.rangeClosed(1, 200)
                .mapToObj(ProgramGenerator::program)
                .map(program -> Difference.of(program, Interpreter.run(program), wrong.apply(program)))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .shortened(Interpreter::run, wrong);
    }

    private static List<String> untilMainEnds(List<String> trace) {
        return trace.stream()
                .takeWhile(line -> !line.contains("main.1 ends") && !line.contains("deadlock"))
                .toList();
    }

    private static int secondFirst(List<ReadyStep> ready) {
        return ready.size() > 1 && ready.get(1).kind() != ReadyStep.Kind.TIME ? 1 : 0;
    }

    private static String pythonCommand() {
        return Python.find().orElseGet(() -> {
            var why = "no Python 3.11 or newer on the PATH: 2,000 programs are not compared with asyncio";
            assertThat(System.getenv("CI")).as(why).isNotEqualTo("true");
            System.getLogger(DifferentialTest.class.getName()).log(Level.WARNING, why);
            return Assumptions.abort(why);
        });
    }
}
