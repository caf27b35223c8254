package dev.simul.test;

import java.util.List;
import java.util.SplittableRandom;

// A coroutine that waits by asking again and again would, ahead of all others in an order that is kept, ask for ever.

/** A picker that leaves every run which has become very long to chance, where everybody gets on. */
final class FairEnd implements Picker {

    private final Picker others;
    private final Picker chance;
    private final int from;

    /** Leaves the steps after {@code from} to chance. */
    FairEnd(Picker others, SplittableRandom random, int from) {
        this.others = others;
        this.chance = new RandomWalk(random);
        this.from = from;
    }

    @Override
    public int pick(int step, List<Option> options) {
        return step < from ? others.pick(step, options) : chance.pick(step, options);
    }

    @Override
    public void done(Option taken, List<Option> fresh) {
        others.done(taken, fresh);
    }
}
