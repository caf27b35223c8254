package dev.simul.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The lines of a {@link Story}, one after the other. */
final class StoryWriter {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<StoryLine> lines = new ArrayList<>();
    private int unit;

    /** Begins a unit: steps that make sense only together. */
    int unit() {
        return unit++;
    }

    void say(String verb, Object... pairs) {
        say(unit(), verb, pairs);
    }

    void say(int mine, String verb, Object... pairs) {
        say(mine, verb, given(pairs));
    }

    void say(int mine, String verb, Map<String, Object> given) {
        var text = new StringBuilder(verb);
        given.forEach((name, value) -> text.append(' ')
                .append(name)
                .append('=')
                .append(JSON.writeValueAsString(value).replace(' ', '_')));
        lines.add(new StoryLine(mine, text.toString()));
    }

    void raw(int mine, String... command) {
        say(mine, "raw", "command", List.of(command));
    }

    /** Arguments in this order. */
    static Map<String, Object> given(Object... pairs) {
        var given = new LinkedHashMap<String, Object>();
        for (int i = 0; i < pairs.length; i += 2) {
            given.put((String) pairs[i], pairs[i + 1]);
        }
        return given;
    }

    int length() {
        return lines.size();
    }

    Story story(String title) {
        return new Story(title, List.copyOf(lines));
    }
}
