package dev.simul.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A sequence that can be shortened. */
record Story(String title, List<StoryLine> lines) {
    /** Says what is different in a story, if anything is. */
    interface Trial {
        Optional<String> difference(Sequence sequence) throws Exception;
    }

    Sequence sequence() {
        return Sequence.of(title, lines.stream().map(StoryLine::text).toArray(String[]::new));
    }

    /** Leaves out as many steps, and arguments of steps, as possible while there is still a difference. */
    Story shortened(Trial trial) throws Exception {
        var shortest = this;
        for (boolean shorter = true; shorter; ) {
            shorter = false;
            for (int unit : shortest.lines.stream()
                    .map(StoryLine::unit)
                    .distinct()
                    .toList()
                    .reversed()) {
                var less = shortest.without(unit);
                if (less.differs(trial)) {
                    shortest = less;
                    shorter = true;
                }
            }
        }
        for (int i = 0; i < shortest.lines.size(); i++) {
            for (var argument : shortest.lines.get(i).arguments()) {
                var less = shortest.without(i, argument);
                if (less.differs(trial)) {
                    shortest = less;
                }
            }
        }
        return shortest;
    }

    private boolean differs(Trial trial) throws Exception {
        try {
            return trial.difference(sequence()).isPresent();
        } catch (IllegalStateException | NullPointerException e) {
            return false; // cannot be played
        }
    }

    private Story without(int unit) {
        return new Story(
                title, lines.stream().filter(line -> line.unit() != unit).toList());
    }

    private Story without(int index, String argument) {
        var changed = new ArrayList<>(lines);
        changed.set(index, lines.get(index).without(argument));
        return new Story(title, changed);
    }

    /** In the form of the files of sequences. */
    @Override
    public String toString() {
        return lines.stream().map(StoryLine::text).collect(Collectors.joining("\n", "== " + title + "\n", "\n"));
    }
}
