package dev.simul.test;

import java.util.List;
import java.util.SplittableRandom;

/** How often, in one run, time passes although somebody could still run: never, now and then, or as often as not. */
final class Haste {

    private static final double[] RATES = {0, 0.03, 0.12, 0.5};

    private final SplittableRandom random;
    private final double rate;

    private Haste(SplittableRandom random, double rate) {
        this.random = random;
        this.rate = rate;
    }

    static Haste random(SplittableRandom random) {
        return new Haste(random, RATES[random.nextInt(RATES.length)]);
    }

    /** Whether time passes now; behind the steps, it is the next option. */
    boolean letsTimePass(List<Option> options) {
        int steps = steps(options);
        return steps < options.size() && random.nextDouble() < rate;
    }

    /** How many of the options are steps: they are the first. */
    static int steps(List<Option> options) {
        int steps = options.size();
        while (steps > 0 && options.get(steps - 1).step == null) {
            steps--;
        }
        return steps > 0 && options.get(steps - 1).kind == Option.Kind.TIME ? steps - 1 : steps;
    }
}
