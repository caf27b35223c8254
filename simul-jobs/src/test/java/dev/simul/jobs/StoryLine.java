package dev.simul.jobs;

import java.util.Arrays;
import java.util.List;

/**
 * A step of a {@link Story}.
 *
 * @param unit steps of one unit make sense only together
 * @param text as in the files of sequences
 */
record StoryLine(int unit, String text) {
    private static final List<String> NEEDED = List.of(
            "id=", "function=", "args=", "name=", "jobs=", "command=", "meta=", "queue", "kind=", "after=", "timeout=");

    /** Those that it can be tried without. */
    List<String> arguments() {
        return Arrays.stream(text.split(" "))
                .skip(1)
                .filter(word -> NEEDED.stream().noneMatch(word::startsWith))
                .toList();
    }

    StoryLine without(String argument) {
        return new StoryLine(unit, text.replace(" " + argument, ""));
    }
}
