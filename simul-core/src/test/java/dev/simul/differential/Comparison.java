package dev.simul.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Runs the programs of many seeds on CPython and on Simul, and shortens those in which they differ. */
final class Comparison {

    /** As many as fit into the pipes with their traces. */
    private static final int SLICE = 50;

    private final Python python;
    private final Function<Node, List<String>> simul;
    private long lines;
    private long leftOut;

    Comparison(Python python, Function<Node, List<String>> simul) {
        this.python = python;
        this.simul = simul;
    }

    /** How many lines the traces had. */
    long lines() {
        return lines;
    }

    /** How many programs CPython gave up. */
    long leftOut() {
        return leftOut;
    }

    /**
     * The differences, shortened.
     *
     * @param enough after how many it stops
     */
    List<Difference> differences(long firstSeed, long programs, int enough) throws IOException {
        List<Difference> differences = new ArrayList<>();
        for (long done = 0; done < programs && differences.size() < enough; done += SLICE) {
            compare(LongStream.range(firstSeed + done, firstSeed + Math.min(programs, done + SLICE))
                            .mapToObj(ProgramGenerator::program)
                            .toList())
                    .stream()
                    .limit(enough - differences.size())
                    .map(difference -> difference.shortened(python::run, simul))
                    .forEach(differences::add);
        }
        return differences;
    }

    private List<Difference> compare(List<Node> programs) throws IOException {
        python.give(programs);
        List<Difference> differences = new ArrayList<>();
        for (var program : programs) {
            var actual = simul.apply(program);
            var expected = python.takeTrace();
            lines += expected.size();
            if (expected.equals(Python.GAVE_UP)) {
                leftOut++;
            }
            var difference = Difference.of(program, expected, actual);
            if (difference != null) {
                differences.add(difference);
            }
        }
        return differences;
    }
}
