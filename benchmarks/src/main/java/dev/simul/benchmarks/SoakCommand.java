package dev.simul.benchmarks;

import java.time.Duration;
import java.util.List;

/** {@code benchmarks/soak core}: one line of JSON on stdout, and exit status 1 if something was left behind. */
public final class SoakCommand {
    private static final String USAGE = "benchmarks/soak core [--minutes M] [--tasks N] [--seed S]";

    private double minutes = 10;
    private int tasks = 50_000;
    private long seed = 1;

    private SoakCommand(List<String> args) {
        if (args.isEmpty() || !args.getFirst().equals("core")) {
            throw new IllegalArgumentException(
                    "no group " + (args.isEmpty() ? "given" : args.getFirst()) + ", only core; " + USAGE);
        }
        var rest = args.listIterator(1);
        while (rest.hasNext()) {
            var option = rest.next();
            var value = rest.hasNext() ? rest.next() : "nothing";
            try {
                switch (option) {
                    case "--minutes" -> minutes = positive(option, Double.parseDouble(value));
                    case "--tasks" -> tasks = (int) positive(option, Integer.parseInt(value));
                    case "--seed" -> seed = Long.parseLong(value);
                    default -> throw new IllegalArgumentException("no option " + option + "; " + USAGE);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(option + " must be a number, was " + value, e);
            }
        }
    }

    private static double positive(String option, double value) {
        if (!(value > 0)) throw new IllegalArgumentException(option + " must be more than 0, was " + value);
        return value;
    }

    public static void main(String[] args) throws Exception {
        SoakCommand command;
        try {
            command = new SoakCommand(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("soak: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(command.run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        var report = new Soak(tasks, seed).run(Duration.ofMillis((long) (60_000 * minutes)));
        System.out.println(report.json(tasks, minutes, seed));
        report.tally().unexpected.forEach(failure -> System.err.println("unexpected: " + failure));
        return report.isClean();
    }
}
