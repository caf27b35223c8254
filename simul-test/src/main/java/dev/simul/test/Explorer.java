package dev.simul.test;

import dev.simul.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs a piece of code under many schedules, to find one under which it fails: what is behind {@link Interleavings}, for use
 * without JUnit.
 *
 * <pre>{@code
 * Explorer.of(() -> transferBothWays()).seeds(2_000).strategy(Strategy.PCT).explore().orThrow();
 * }</pre>
 *
 * <p>Each run is the main coroutine of a loop of its own on a {@link dev.simul.VirtualClock}. It must begin with fresh objects,
 * end all its tasks, and use nothing that differs from run to run: no wall clock, no unseeded random numbers, no threads.
 *
 * <p>Thread: any that runs no loop.
 *
 * @param body what is run
 * @param seeds how many schedules are tried at most, besides the loop's own order, which comes first
 * @param seed the only seed to be tried; 0 for all
 * @param schedule a schedule that a failure has printed, to be the only one; empty for none
 * @param strategy how schedules are found
 * @param timersEarly whether a timer may fire although a coroutine could still run, as if the steps before it had taken long
 * @param maxSteps how many steps a run may have
 */
public record Explorer(
        Action body, int seeds, long seed, String schedule, Strategy strategy, boolean timersEarly, int maxSteps) {

    /** How many seeds {@link #of} and {@link Interleavings} try. */
    static final int SEEDS = 500;

    /** How many steps {@link #of} and {@link Interleavings} allow. */
    static final int MAX_STEPS = 20_000;

    private static final int REPLAYS = 400;

    /** How many schedules are looked at for one with fewer switches. */
    private static final int SEARCH = 2_000;

    /** For one run, in real time. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private record Run(Course course, @Nullable Throwable error) {}

    /** Checks the bounds. */
    public Explorer {
        if (seeds < 1) {
            throw new IllegalArgumentException("seeds must be at least 1, was " + seeds);
        }
        if (seed < 0) {
            throw new IllegalArgumentException("seed must be at least 1, or 0 for all, was " + seed);
        }
        if (maxSteps < 1) {
            throw new IllegalArgumentException("maxSteps must be at least 1, was " + maxSteps);
        }
    }

    /** Tries 500 seeds of {@link Strategy#MIX}. */
    public static Explorer of(Action body) {
        return new Explorer(body, SEEDS, 0, "", Strategy.MIX, true, MAX_STEPS);
    }

    /** The same with another number of seeds. */
    public Explorer seeds(int number) {
        return new Explorer(body, number, seed, schedule, strategy, timersEarly, maxSteps);
    }

    /** The same with a single seed. */
    public Explorer seed(long only) {
        return new Explorer(body, seeds, only, schedule, strategy, timersEarly, maxSteps);
    }

    /** The same with a single schedule. */
    public Explorer schedule(String only) {
        return new Explorer(body, seeds, seed, only, strategy, timersEarly, maxSteps);
    }

    /** The same with another strategy. */
    public Explorer strategy(Strategy other) {
        return new Explorer(body, seeds, seed, schedule, other, timersEarly, maxSteps);
    }

    /** The same with timers that fire early, or only when nobody can run. */
    public Explorer timersEarly(boolean allowed) {
        return new Explorer(body, seeds, seed, schedule, strategy, allowed, maxSteps);
    }

    /** The same with another bound for the steps of a run. */
    public Explorer maxSteps(int bound) {
        return new Explorer(body, seeds, seed, schedule, strategy, timersEarly, bound);
    }

    /** Runs the body until a run fails, or the seeds or the schedules come to an end. */
    public Exploration explore() {
        if (!schedule.isEmpty()) {
            var run = run(new Replay(Switches.parse(schedule)), null);
            return end(1, 1, false, failure(run, 0, "the given schedule"));
        }
        var pickers = new Seeds(strategy, Math.max(seeds, (int) Math.min(seed, Integer.MAX_VALUE)));
        var own = run(pickers.ownOrder(), null);
        pickers.length(own.course.taken().size());
        if (seed > 0) {
            return exploreOnly(pickers);
        }
        return own.error == null ? exploreAll(pickers, own) : end(1, 1, false, failure(own, 0, "the loop's own order"));
    }

    private Exploration exploreAll(Seeds pickers, Run own) {
        Set<Long> courses = new HashSet<>();
        courses.add(own.course.hash());
        int runs = 1;
        for (long each = 1; each <= seeds && !pickers.isExhausted(); each++) {
            var picker = pickers.picker(each);
            if (picker == null) {
                break;
            }
            var run = run(picker, null);
            runs++;
            courses.add(run.course.hash());
            if (run.error != null) {
                var what = "seed %d of %d (%s), %d distinct schedules so far"
                        .formatted(each, seeds, pickers.kind(each), courses.size());
                return end(runs, courses.size(), false, failure(run, each, what));
            }
        }
        return end(runs, courses.size(), pickers.isExhausted(), null);
    }

    private Exploration exploreOnly(Seeds pickers) {
        for (long before = 1; before < seed; before++) {
            if (pickers.isEnumerated(before)) {
                var picker = pickers.picker(before);
                if (picker != null) {
                    run(picker, null);
                }
            }
        }
        var picker = pickers.picker(seed);
        if (picker == null) {
            throw new IllegalArgumentException("seed " + seed + " is beyond the last schedule: there are fewer");
        }
        var run = run(picker, null);
        return end(1, 1, false, failure(run, seed, "seed %d (%s)".formatted(seed, pickers.kind(seed))));
    }

    private static Exploration end(int runs, int distinct, boolean complete, @Nullable InterleavingFailure failure) {
        return new Exploration(runs, distinct, complete, Optional.ofNullable(failure));
    }

    private Run run(Picker picker, @Nullable StepTexts texts) {
        var course = new Course(picker, timersEarly, maxSteps, texts);
        Throwable error = null;
        var run = TestRun.open(course, LIMIT);
        try (run) {
            try {
                run.run(() -> {
                    try {
                        body.run();
                        run.requireNothingLeft();
                    } finally {
                        course.end();
                    }
                    return null;
                });
            } catch (Throwable e) {
                error = e;
            }
        }
        if (error == null) {
            try {
                run.requireNoUnseenErrors();
            } catch (AssertionError e) {
                error = e;
            }
        }
        return new Run(course, error);
    }

    // ---- a failure taken apart

    private @Nullable InterleavingFailure failure(Run run, long number, String what) {
        if (run.error == null) {
            return null;
        }
        var again = run(new Replay(run.course.switches()), null);
        if (again.course.hash() != run.course.hash() || !isSame(again.error, run.error)) {
            var text = "failed under " + what + ", but the same schedule again " + difference(run, again)
                    + ": something besides the schedule decides. Look for the wall clock, threads, unseeded random"
                    + " numbers, the order of identity hashes, and for what an earlier run left in fields: "
                    + run.error;
            return new InterleavingFailure(text, run.error, number, "" + run.course.switches(), List.of(), false);
        }
        var shortest = fewest(shrink(run), run);
        var texts = new StepTexts();
        var last = run(new Replay(shortest), texts);
        var error = last.error == null ? run.error : last.error;
        return new InterleavingFailure(
                text(what, number, run, shortest, texts, error),
                error,
                number,
                shortest.toString(),
                texts.lines(),
                true);
    }

    private Switches shrink(Run failing) {
        return new Shrinker(
                        switches -> {
                            var shorter = run(new Replay(switches), null);
                            return isSame(shorter.error, failing.error) ? shorter.course.switches() : null;
                        },
                        REPLAYS)
                .shrink(failing.course.switches());
    }

    /** What is shortened by leaving out may still be longer than the shortest: that is looked for, if there are not too many. */
    private Switches fewest(Switches shortened, Run failing) {
        var frontier = new Frontier(SEARCH);
        for (int i = 0; i < SEARCH && frontier.departures() < shortened.size(); i++) {
            var picker = frontier.next();
            if (picker == null) {
                break;
            }
            var run = run(picker, null);
            if (isSame(run.error, failing.error)) {
                return run.course.switches();
            }
        }
        return shortened;
    }

    private static String text(String what, long number, Run run, Switches shortest, StepTexts texts, Throwable error) {
        List<String> lines = new ArrayList<>();
        lines.add("failed under " + what + ": " + error);
        if (number > 0) {
            lines.add("again:     @Interleavings(seed = " + number + ")");
        }
        if (shortest.size() > 0) {
            lines.add("shortened: @Interleavings(schedule = \"" + shortest + "\")  // switches: "
                    + run.course.switches().size() + " before, " + shortest.size() + " that matter");
        } else {
            lines.add("it fails in the loop's own order, too");
        }
        lines.add("steps (> departs from the loop's own order):");
        lines.addAll(texts.lines());
        return String.join("\n", lines);
    }

    private static String difference(Run first, Run again) {
        var before = first.course.taken();
        var after = again.course.taken();
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            if (!before.get(i).equals(after.get(i))) {
                return "took another course at step " + i;
            }
        }
        return before.size() != after.size()
                ? "took " + after.size() + " steps instead of " + before.size()
                : again.error == null ? "did not fail" : "failed with " + again.error;
    }

    /** Whether both are the same kind of failure: not the same text, in which numbers may differ. */
    private static boolean isSame(@Nullable Throwable one, @Nullable Throwable other) {
        return one != null
                && other != null
                && one.getClass().equals(other.getClass())
                && isDeadlock(one) == isDeadlock(other);
    }

    private static boolean isDeadlock(Throwable error) {
        return Objects.requireNonNullElse(error.getMessage(), "").startsWith("deadlock");
    }
}
