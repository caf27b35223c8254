package dev.simul.test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

// POS as published knows which memory each step is about to touch. Without instrumentation nobody does; what can be
// seen from outside is what a coroutine comes back from, and whom its step makes ready. So a pending step is taken to
// touch what it waited for and what its coroutine touched in the step before. Plain fields that coroutines share
// without a lock or a queue between them are not seen: to this strategy such coroutines are independent, and each
// step keeps its first rank.

/** The order of {@link Strategy#POS}. */
final class PartialOrder implements Picker {

    private final SplittableRandom random;
    private final Haste haste;
    private final Map<Option, Double> ranks = new HashMap<>();
    private final Map<String, Set<Object>> touched = new HashMap<>();

    PartialOrder(SplittableRandom random) {
        this.random = random;
        this.haste = Haste.random(random);
    }

    @Override
    public int pick(int step, List<Option> options) {
        int steps = Haste.steps(options);
        if (steps == 0 || haste.letsTimePass(options)) {
            return steps;
        }
        int first = 0;
        for (int i = 1; i < steps; i++) {
            if (rank(options.get(i)) > rank(options.get(first))) {
                first = i;
            }
        }
        return first;
    }

    @Override
    public void done(Option taken, List<Option> fresh) {
        ranks.remove(taken);
        Set<Object> touches = new HashSet<>();
        add(touches, taken.subject);
        for (var option : fresh) {
            add(touches, option.subject);
            touches.add(Actors.root(option.actor));
        }
        touched.put(Actors.root(taken.actor), touches);
        for (var pending : new ArrayList<>(ranks.keySet())) {
            if (dependsOn(pending, touches)) {
                ranks.remove(pending);
            }
        }
    }

    private boolean dependsOn(Option pending, Set<Object> touches) {
        var actor = Actors.root(pending.actor);
        if (touches.contains(actor) || (pending.subject != null && touches.contains(pending.subject))) {
            return true;
        }
        var before = touched.get(actor);
        return before != null && before.stream().anyMatch(touches::contains);
    }

    private double rank(Option option) {
        return ranks.computeIfAbsent(option, _ -> random.nextDouble());
    }

    private static void add(Set<Object> touches, @Nullable Object subject) {
        if (subject != null) {
            touches.add(subject);
        }
    }
}
