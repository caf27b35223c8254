package dev.simul.test;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** The order of {@link Strategy#PCT}. */
final class PriorityOrder implements Picker {

    private final SplittableRandom random;
    private final Haste haste;
    private final Map<String, Double> priorities = new HashMap<>();
    private final Set<Integer> changes = new HashSet<>();
    private double lowest;

    /**
     * An order with a number of moments at which it changes.
     *
     * @param steps how many steps a run has, about
     */
    PriorityOrder(SplittableRandom random, int changes, int steps) {
        this.random = random;
        this.haste = Haste.random(random);
        for (int i = 0; i < changes; i++) {
            this.changes.add(random.nextInt(Math.max(1, steps)));
        }
    }

    @Override
    public int pick(int step, List<Option> options) {
        int steps = Haste.steps(options);
        if (steps == 0 || haste.letsTimePass(options)) {
            return steps;
        }
        int first = first(options, steps);
        if (changes.remove(step)) {
            priorities.put(who(options.get(first)), --lowest);
            first = first(options, steps);
        }
        return first;
    }

    private int first(List<Option> options, int steps) {
        int first = 0;
        for (int i = 1; i < steps; i++) {
            if (priority(options.get(i)) > priority(options.get(first))) {
                first = i;
            }
        }
        return first;
    }

    private double priority(Option option) {
        return priorities.computeIfAbsent(who(option), _ -> random.nextDouble());
    }

    private static String who(Option option) {
        return option.kind == Option.Kind.WAKE ? Actors.root(option.actor) : option.actor;
    }
}
