package dev.simul.differential;

import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The command benchmarks/differential. */
final class Differential {

    private long programs = 2_000;
    private long seed = 1;
    private int show = 10;
    private boolean json;
    private @Nullable Node program;

    private Differential() {}

    public static void main(String[] args) throws IOException {
        // Programs leave failures that nobody sees, and tasks that refuse to end: Simul would log each.
        Logger.getLogger("dev.simul").setLevel(Level.OFF);
        var differential = new Differential();
        try {
            differential.read(args);
            System.exit(differential.run());
        } catch (IllegalArgumentException e) {
            System.err.println("differential: " + e.getMessage());
            System.exit(2);
        }
    }

    private void read(String[] args) {
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--json" -> json = true;
                case "--program" -> program = Node.parse(argument(args, ++i));
                case "--programs" -> programs = number(args, ++i);
                case "--seed" -> seed = number(args, ++i);
                case "--show" -> show = Math.toIntExact(number(args, ++i));
                default ->
                    throw new IllegalArgumentException(
                            "there is no option " + args[i] + ": --programs, --seed, --show, --json and --program are");
            }
        }
    }

    private static String argument(String[] args, int at) {
        if (at == args.length) {
            throw new IllegalArgumentException(args[at - 1] + " needs something behind it");
        }
        return args[at];
    }

    private static long number(String[] args, int at) {
        if (!argument(args, at).matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException(args[at - 1] + " must be a number from 1 to 999999999, was " + args[at]);
        }
        return Long.parseLong(args[at]);
    }

    private int run() throws IOException {
        var command = Python.find()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no Python 3.11 or newer on the PATH; name one in -Dsimul.python=PATH"));
        long start = System.nanoTime();
        try (var python = Python.start(command)) {
            if (program != null) {
                var both = new Difference(program, python.run(program), Interpreter.run(program));
                System.out.println(both);
                return both.asyncio().equals(both.simul()) ? 0 : 1;
            }
            var comparison = new Comparison(python, Interpreter::run);
            var differences = comparison.differences(seed, programs, show);
            if (json) {
                System.out.printf(
                        "{\"programs\": %d, \"seed\": %d, \"lines\": %d, \"left out\": %d, \"differences\": %d}%n",
                        programs, seed, comparison.lines(), comparison.leftOut(), differences.size());
            } else {
                differences.forEach(System.out::println);
                System.out.printf(
                        "%d programs from seed %d, %d lines of trace, %d programs left out in which CPython recurses"
                                + " too deeply: %s in %.0f s%n",
                        programs,
                        seed,
                        comparison.lines(),
                        comparison.leftOut(),
                        differences.isEmpty() ? "no difference" : differences.size() + " differences",
                        (System.nanoTime() - start) / 1e9);
            }
            return differences.isEmpty() ? 0 : 1;
        }
    }
}
