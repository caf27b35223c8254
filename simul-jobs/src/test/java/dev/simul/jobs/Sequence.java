package dev.simul.jobs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;

/** One story of the files in {@code sequences}: what is done, step by step. */
record Sequence(String title, List<Step> steps) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Path FOLDER = Path.of("src/test/resources/sequences");
    private static final Set<String> WORK = Set.of("work", "start", "finish", "await_end", "kill");

    /** One line: a verb and its arguments by name. */
    record Step(String line, String verb, Map<String, Object> arguments) {
        String json() {
            return JSON.writeValueAsString(List.of(verb, arguments));
        }

        /** Whether it is the worker who does it, not whoever asks for jobs. */
        boolean isWork() {
            return WORK.contains(verb);
        }

        /** Whether it is only a look, which anybody may take. */
        boolean isLook() {
            return verb.startsWith("look_");
        }

        static Step of(String line) {
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

    static Sequence of(String title, String... steps) {
        return new Sequence(title, Arrays.stream(steps).map(Step::of).toList());
    }

    static List<Sequence> all() {
        return all(FOLDER);
    }

    /** Those that need rq 3. */
    static List<Sequence> ofRq3() {
        return all(FOLDER.resolve("rq3"));
    }

    private static List<Sequence> all(Path folder) {
        var sequences = new ArrayList<Sequence>();
        try (var files = Files.list(folder)) {
            for (var file : files.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList()) {
                read(file, sequences);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sequences;
    }

    private static void read(Path file, List<Sequence> sequences) throws IOException {
        for (var line : Files.readAllLines(file)) {
            if (line.startsWith("== ")) {
                sequences.add(new Sequence(line.substring(3), new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                sequences.getLast().steps().add(Step.of(line));
            }
        }
    }

    @Override
    public String toString() {
        return title;
    }
}
