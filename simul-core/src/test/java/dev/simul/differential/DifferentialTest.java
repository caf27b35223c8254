package dev.simul.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.util.List;
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
        var difference = LongStream.range(0, 200)
                .mapToObj(ProgramGenerator::program)
                .map(program -> Difference.of(program, Interpreter.run(program), withoutFinally(program)))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .shortened(Interpreter::run, DifferentialTest::withoutFinally);

        assertThat(difference.program().size()).isLessThan(10);
        assertThat(difference.program().toString()).contains("finally");
        assertThat(difference.toString())
                .contains("Simul differs from asyncio in", difference.program().toString());
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

    private static List<String> withoutFinally(Node program) {
        return Interpreter.run(Node.parse(program.toString().replace("(finally", "(forgotten")));
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
