package dev.simul.jobs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Choices, the same for the same number. */
record Dice(Random random) {
    static Dice of(long seed) {
        return new Dice(new Random(seed));
    }

    /** Whether one in so many. */
    boolean chance(int one) {
        return random.nextInt(one) == 0;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Gives one of the values, once in so many times. */
    void option(int times, Map<String, Object> given, String name, Object... values) {
        if (chance(times)) {
            given.put(name, one(List.of(values)));
        }
    }

    <T> List<T> shuffled(List<T> all) {
        var shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }
}
