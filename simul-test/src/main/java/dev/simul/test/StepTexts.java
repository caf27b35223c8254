package dev.simul.test;

import dev.simul.ReadyStep;
import dev.simul.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The steps of one run, for people. */
final class StepTexts {

    private static final int ALL = 60;
    private static final Pattern UNNAMED = Pattern.compile("Task-\\d+");

    private record Line(int step, boolean isSwitch, String text) {}

    private final List<Line> lines = new ArrayList<>();
    private Duration time = Duration.ZERO;
    private Actors actors = new Actors();

    /** Before the step is taken; {@code passed} would have been next in the loop's own order. */
    void add(int step, Duration now, @Nullable Option passed, Option option, Actors actors) {
        this.actors = actors;
        var when = now.equals(time) ? "" : "at %s: ".formatted(text(now));
        time = now;
        lines.add(new Line(
                step, passed != null, when + describe(option) + (passed == null ? "" : ", before " + who(passed))));
    }

    /** One line each; of a long run, those near the switches and the last. */
    List<String> lines() {
        List<String> shown = new ArrayList<>();
        int left = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.size() > ALL && !isNearSwitch(i) && i < lines.size() - 3) {
                left++;
                continue;
            }
            if (left > 0) {
                shown.add("       … " + left + " steps in the loop's own order");
                left = 0;
            }
            var line = lines.get(i);
            shown.add("%s%5d  %s".formatted(line.isSwitch ? ">" : " ", line.step, line.text));
        }
        return shown;
    }

    private boolean isNearSwitch(int index) {
        for (int i = Math.max(0, index - 1); i <= Math.min(lines.size() - 1, index + 2); i++) {
            if (lines.get(i).isSwitch) {
                return true;
            }
        }
        return false;
    }

    private String describe(Option option) {
        var step = option.step;
        if (option.victim != null) {
            return "the schedule cancels " + who(option);
        }
        if (step == null || step.kind() == ReadyStep.Kind.TIME) {
            return "time passes, until the next timer is due";
        }
        return switch (step.kind()) {
            case START -> who(option) + " starts";
            case RESUME -> who(option) + " goes on" + from(step);
            case WAKE -> who(option) + " has slept";
            case TIMER -> "a timer fires";
            default -> {
                var cause = step.cause();
                yield cause == null ? "a callback runs" : "a callback runs, as " + name(cause) + " has ended";
            }
        };
    }

    private String from(ReadyStep step) {
        var line = UserFrame.of(step.stack());
        var what = step.subject();
        return (line.isEmpty() ? "" : " from " + line)
                + (what == null ? "" : ", where it waited for " + (what instanceof Task<?> task ? name(task) : what));
    }

    private String who(Option option) {
        var task = option.victim;
        if (task == null && option.step != null) {
            task = option.step.task();
        }
        return task != null ? name(task) : option.actor.equals(Actors.CLOCK) ? "the clock" : "a callback";
    }

    /** The name that somebody has given; the others are numbered throughout the JVM and so different in every run. */
    private String name(Task<?> task) {
        var name = task.name();
        if (!UNNAMED.matcher(name).matches()) {
            return name;
        }
        var known = actors.known(task);
        return known.equals(Actors.MAIN) ? "main" : ("task " + known).strip();
    }

    private static String text(Duration time) {
        boolean brief = time.compareTo(Duration.ofSeconds(1)) < 0;
        var number = BigDecimal.valueOf(time.toNanos(), brief ? 6 : 9).stripTrailingZeros();
        return number.toPlainString() + (brief ? " ms" : " s");
    }
}
