package dev.simul.benchmarks.chaos;

import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;

/** {@code benchmarks/chaos jobs}: one line of JSON on stdout, and exit status 1 if a job was lost or finished twice. */
public final class ChaosCommand {
    private static final String USAGE = "benchmarks/chaos jobs [--jobs N] [--seed S] [--json]";

    private int jobs = 20_000;
    private long seed = 1;
    private boolean json;

    private ChaosCommand(List<String> args) {
        if (args.isEmpty() || !args.getFirst().equals("jobs")) {
            throw new IllegalArgumentException(
                    "no group " + (args.isEmpty() ? "given" : args.getFirst()) + ", only jobs; " + USAGE);
        }
        var rest = args.listIterator(1);
        while (rest.hasNext()) {
            var option = rest.next();
            if (option.equals("--json")) {
                json = true;
                continue;
            }
            var value = rest.hasNext() ? rest.next() : "nothing";
            try {
                switch (option) {
                    case "--jobs" -> jobs = Integer.parseInt(value);
                    case "--seed" -> seed = Long.parseLong(value);
                    default -> throw new IllegalArgumentException("no option " + option + "; " + USAGE);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(option + " must be a whole number, was " + value, e);
            }
        }
        if (jobs < 1) {
            throw new IllegalArgumentException("--jobs must be at least 1, was " + jobs);
        }
    }

    public static void main(String[] args) throws Exception {
        ChaosCommand command;
        try {
            command = new ChaosCommand(List.of(args));
        } catch (IllegalArgumentException e) {
            System.err.println("chaos: " + e.getMessage());
            System.exit(2);
            return;
        }
        System.exit(command.run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        var folder = Files.createTempDirectory("simul-chaos");
        Consumer<String> say = json ? _ -> {} : line -> System.err.println("chaos: " + line);
        say.accept(jobs + " jobs, seed " + seed + "; logs of the workers in " + folder);
        var report = Chaos.run(ChaosPlan.of(seed, jobs), folder, say);
        System.out.println(report.json(seed));
        report.lost().forEach(job -> System.err.println("lost: " + job));
        report.finishedTwice().forEach(job -> System.err.println("finished twice: " + job));
        return report.isClean();
    }
}
