package dev.simul.cli.compare;

import dev.simul.cli.DurationOption;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code simul compare} did with some arguments. */
record CompareRun(int exitCode, String out, String err) {

    static CompareRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = new CommandLine(new CompareCommand())
                .registerConverter(Duration.class, new DurationOption())
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setParameterExceptionHandler((refusal, _) -> {
                    err.write(refusal.getMessage());
                    return 2;
                })
                .execute(arguments);
        return new CompareRun(exitCode, out.toString(), err.toString());
    }

    JsonNode json() {
        return JsonMapper.shared().readTree(out);
    }

    List<JsonNode> ways() {
        return List.copyOf(new ArrayList<>(json().get("ways").values()));
    }

    JsonNode way(String name) {
        return ways().stream()
                .filter(way -> way.get("way").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no way " + name + " in " + out));
    }

    /** One field of every way, as text. */
    List<String> all(String field) {
        return ways().stream().map(way -> way.get(field).asString()).toList();
    }
}
