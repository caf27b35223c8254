package dev.simul.test;

import java.util.List;
import java.util.SplittableRandom;

/** Any of the steps, each as likely; whether time passes meanwhile is a matter of the run's own haste. */
final class RandomWalk implements Picker {

    private final SplittableRandom random;
    private final Haste haste;

    RandomWalk(SplittableRandom random) {
        this.random = random;
        this.haste = Haste.random(random);
    }

    @Override
    public int pick(int step, List<Option> options) {
        int steps = Haste.steps(options);
        if (steps == 0 || haste.letsTimePass(options)) {
            return steps;
        }
        return random.nextInt(steps);
    }
}
