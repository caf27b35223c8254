package dev.simul.test;

import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

// A seed must mean the same tomorrow, whatever the number of seeds is then: so what it stands for follows from itself,
// from the strategy, and from the length of the run in the loop's own order. Where schedules are enumerated, seed n is
// the n-th, and those before it have to be run to know which one that is.

/** What each seed of a strategy stands for. */
final class Seeds {

    private static final int KINDS = 4;

    private final Strategy strategy;
    private final Frontier frontier;
    private int steps;

    /** No more than {@code limit} runs are wanted. */
    Seeds(Strategy strategy, int limit) {
        this.strategy = strategy;
        this.frontier = new Frontier(limit);
    }

    /** The loop's own order, which comes before the first seed. */
    Picker ownOrder() {
        return Objects.requireNonNull(frontier.next());
    }

    /** How many steps the run in the loop's own order had. */
    void length(int steps) {
        this.steps = steps;
    }

    /** The picker of a seed; to be asked for one seed after the other. Null if that is beyond the last schedule. */
    @Nullable
    Picker picker(long seed) {
        var random = new SplittableRandom(seed);
        return switch (strategy) {
            case RANDOM -> cancelling(new RandomWalk(random), random);
            case PCT -> fair(new PriorityOrder(random, 1 + (int) (seed % 3), steps), random);
            case POS -> fair(new PartialOrder(random), random);
            case EXHAUSTIVE -> frontier.next();
            case MIX ->
                switch (turn(seed)) {
                    case 1 -> frontier.next();
                    case 2 -> cancelling(new RandomWalk(random), random);
                    case 3 -> fair(new PriorityOrder(random, 1 + (int) (seed / KINDS % 3), steps), random);
                    default -> fair(new PartialOrder(random), random);
                };
        };
    }

    /** What the seed stands for, in words. */
    String kind(long seed) {
        return switch (strategy) {
            case RANDOM -> "random walk";
            case PCT -> "PCT with " + (1 + seed % 3) + " changes";
            case POS -> "partial order sampling";
            case EXHAUSTIVE -> "exhaustive";
            case MIX ->
                switch (turn(seed)) {
                    case 1 -> "exhaustive, number " + (seed / KINDS + 1);
                    case 2 -> "random walk";
                    case 3 -> "PCT with " + (1 + seed / KINDS % 3) + " changes";
                    default -> "partial order sampling";
                };
        };
    }

    /** Whether the seed's schedule is known only when those of earlier seeds have been run. */
    boolean isEnumerated(long seed) {
        return strategy == Strategy.EXHAUSTIVE || (strategy == Strategy.MIX && turn(seed) == 1);
    }

    /** Whether every schedule has been handed out. */
    boolean isExhausted() {
        return (strategy == Strategy.EXHAUSTIVE || strategy == Strategy.MIX) && frontier.isExhausted();
    }

    private static int turn(long seed) {
        return (int) (seed % KINDS);
    }

    private Picker fair(Picker picker, SplittableRandom random) {
        return cancelling(new FairEnd(picker, random, 4 * steps + 200), random);
    }

    private Picker cancelling(Picker picker, SplittableRandom random) {
        return new Cancellations(picker, random, steps);
    }
}
