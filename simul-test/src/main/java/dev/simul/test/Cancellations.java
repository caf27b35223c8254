package dev.simul.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A random picker, and for each task that may be cancelled a random moment for that: as likely early as late. */
final class Cancellations implements Picker {

    private static final double NEVER = 0.1;

    private final Picker others;
    private final SplittableRandom random;
    private final int steps;
    private final Map<Option, Integer> moments = new HashMap<>();

    /** Beside {@code others}, in runs of about so many steps. */
    Cancellations(Picker others, SplittableRandom random, int steps) {
        this.others = others;
        this.random = random;
        this.steps = steps;
    }

    @Override
    public int pick(int step, List<Option> options) {
        for (int i = options.size() - 1; i >= 0 && options.get(i).kind == Option.Kind.CANCEL; i--) {
            if (moments.computeIfAbsent(options.get(i), _ -> moment(step)) <= step) {
                return i;
            }
        }
        return others.pick(step, options);
    }

    private int moment(int now) {
        return random.nextDouble() < NEVER ? Integer.MAX_VALUE : now + random.nextInt(Math.max(4, steps - now));
    }

    @Override
    public void done(Option taken, List<Option> fresh) {
        others.done(taken, fresh);
    }
}
