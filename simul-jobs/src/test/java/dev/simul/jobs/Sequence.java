package dev.simul.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** One story of {@code sequences.txt}: what is done, step by step. */
record Sequence(String title, List<Step> steps) {
    private static final JsonMapper JSON = new JsonMapper();

    /** One line: a verb and its arguments by name. */
    record Step(String line, String verb, Map<String, Object> arguments) {
        String json() {
            return JSON.writeValueAsString(List.of(verb, arguments));
        }

        private static Step of(String line) {
            var words = line.split(" ");
            var arguments = new LinkedHashMap<String, Object>();
            for (int i = 1; i < words.length; i++) {
                int equals = words[i].indexOf('=');
                arguments.put(
                        words[i].substring(0, equals), JSON.readValue(words[i].substring(equals + 1), Object.class));
            }
            return new Step(line, words[0], arguments);
        }
    }

    static List<Sequence> all() {
        var sequences = new ArrayList<Sequence>();
        try {
            for (var line : Files.readAllLines(Path.of("src/test/resources/sequences.txt"))) {
                if (line.startsWith("== ")) {
                    sequences.add(new Sequence(line.substring(3), new ArrayList<>()));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    sequences.getLast().steps().add(Step.of(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sequences;
    }

    @Override
    public String toString() {
        return title;
    }
}
