package dev.simul.test;

import dev.simul.ReadyStep;
import dev.simul.Schedule;
import dev.simul.Task;
import dev.simul.VirtualClock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a test under a picker: shows it what is possible, does what it picks, writes down what was done. Loop thread. */
final class Course implements Schedule {

    private final Picker picker;
    private final boolean timersEarly;
    private final int maxSteps;
    private final @Nullable StepTexts texts;
    final VirtualClock clock = new VirtualClock();
    private final Actors actors = new Actors();
    private final List<List<Option>> mayBeCancelled = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final List<Switches.Switch> switches = new ArrayList<>();
    private final List<Option> options = new ArrayList<>();
    private Map<ReadyStep, Option> pending = new HashMap<>();
    private @Nullable Option last;
    private long hash = 17;
    private boolean over;

    /**
     * A run that is to begin.
     *
     * @param timersEarly whether time may pass although somebody could still run
     * @param texts where each step is described, if it shall be
     */
    Course(Picker picker, boolean timersEarly, int maxSteps, @Nullable StepTexts texts) {
        this.picker = picker;
        this.timersEarly = timersEarly;
        this.maxSteps = maxSteps;
        this.texts = texts;
    }

    @Override
    public int choose(List<ReadyStep> ready) {
        if (over) {
            return 0;
        }
        int step = taken.size();
        if (step >= maxSteps) {
            over = true;
            throw new EndlessTestException(maxSteps);
        }
        offer(ready);
        int index = options.size() == 1 ? 0 : picker.pick(step, options);
        var option = options.get(index);
        if (index > 0) {
            switches.add(new Switches.Switch(step, option.actor));
        }
        if (texts != null) {
            texts.add(step, clock.elapsed(), index > 0 ? options.getFirst() : null, option, actors);
        }
        taken.add(option.actor);
        hash = 31 * (hash ^ option.actor.hashCode()) * 0x9E3779B97F4A7C15L;
        last = option;
        if (option.victim != null) {
            mayBeCancelled.removeIf(some -> some.contains(option));
            option.victim.cancel("the schedule cancelled it");
            return AGAIN;
        }
        return index;
    }

    private void offer(List<ReadyStep> ready) {
        List<Option> fresh = new ArrayList<>();
        Map<ReadyStep, Option> offered = HashMap.newHashMap(ready.size());
        var parent = last == null ? "" : Actors.root(last.actor);
        options.clear();
        for (var step : ready) {
            if (step.kind() == ReadyStep.Kind.TIME && !timersEarly && ready.size() > 1) {
                continue;
            }
            var option = pending.get(step);
            if (option == null || option.equals(last)) {
                option = Option.of(step, actors.name(step, parent));
                fresh.add(option);
            }
            offered.put(step, option);
            options.add(option);
        }
        pending = offered;
        if (last != null) {
            picker.done(last, fresh);
        }
        for (var some : mayBeCancelled) {
            for (var option : some) {
                if (option.victim != null && !option.victim.isDone()) {
                    options.add(option);
                }
            }
        }
    }

    /** Lets the picker cancel one of these tasks, once. */
    void mayCancel(List<? extends Task<?>> tasks) {
        var parent = last == null ? "" : Actors.root(last.actor);
        mayBeCancelled.add(tasks.stream()
                .map(task -> Option.cancelling(task, actors.name(task, parent)))
                .toList());
    }

    /** What follows is not the test's any more: it takes the loop's own order. */
    void end() {
        over = true;
    }

    /** Who took each step. */
    List<String> taken() {
        return taken;
    }

    Switches switches() {
        return new Switches(switches);
    }

    /** The same for two runs that took the same course. */
    long hash() {
        return hash;
    }
}
